"""Averages of a child, reckoned from what its diary says of terms, marks and lessons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from diary_api.averages.term_read import TermRead
from diary_api.clock import Clock
from diary_api.connections.family import Asked
from diary_api.school import readings
from diary_api.school.composing import part
from diary_api.school.readings import Kind
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span
from diary_api.school.term_choice import chosen_term
from diary_core.averages import forecast, future_marks, lessons_left, progress_of, what_if
from diary_core.errors import SubjectUnknown
from diary_core.model import (
    Average,
    Day,
    Forecast,
    ForecastMark,
    LessonsLeft,
    NotLoaded,
    Progress,
    Term,
    Unavailable,
    WhatIf,
)
from diary_core.side_calls import attempt, together

_DAYS_OFF: Final = frozenset({"day_off", "holiday", "vacation"})


@dataclass(frozen=True)
class Within:
    """Over which term is averaged, and how it is rounded."""

    term_id: str | None = None
    """The present one unless given."""
    up_from: Decimal | None = None
    """As the diary tells, or the default, unless given."""


@dataclass(frozen=True)
class Aim:
    """What a forecast is asked for."""

    subject: str
    """Its id or name."""
    target: Decimal
    weights: Sequence[Decimal] = ()
    """Those seen so far unless given."""
    lessons_left: int | None = None
    """As the timetable tells unless given."""


@dataclass(frozen=True)
class Averages:
    """The averages of every family.

    Every method reads terms and marks, which must be had, and the diary's own averages, which may be lacking;
    each through the cache, so that an average costs nothing while its marks are fresh. Each may raise
    what reading raises, `TermUnknown`, and `SubjectUnknown` where a subject is named.
    """

    clock: Clock
    school: SchoolDiaries

    async def averages(self, asked: Asked, within: Within) -> DiaryAnswer[Average]:
        """Return the average of every subject with marks, or with a figure of the diary's, by name."""
        read = await self._read(asked, within)
        return read.answer(read.averages)

    async def progress(self, asked: Asked, within: Within, subject: str | None) -> DiaryAnswer[Progress]:
        """Return how averages came about: of every subject by name, or of the one that is named."""
        read = await self._read(asked, within)
        meant = read.averages if subject is None else (read.average(subject),)
        return read.answer([progress_of(average) for average in meant])

    async def forecast(self, asked: Asked, within: Within, aim: Aim) -> DiaryAnswer[Forecast]:
        """Return what is needed to reach a mark.

        Raises:
            InvalidInput: The target is not on the scale, or weights mean nothing here.
            ScaleUnknown: The diary has a scale of its own.
        """
        read = await self._read(asked, within, with_rest=aim.lessons_left is None)
        read, average = await self._found(asked, read, aim.subject)
        left = LessonsLeft(count=aim.lessons_left, source="given") if aim.lessons_left is not None else None
        found = forecast(
            average,
            target=aim.target,
            future=future_marks(average, read.averages),
            lessons_left=left or await self._left(asked, read, average),
            weights=aim.weights,
        )
        return read.answer([found])

    async def what_if(
        self, asked: Asked, within: Within, subject: str, added: Sequence[ForecastMark]
    ) -> DiaryAnswer[WhatIf]:
        """Return what an average becomes after more marks.

        Raises:
            InvalidInput: A mark is not on the scale, or is weighed otherwise than the marks there are.
            ScaleUnknown: The diary has a scale of its own.
        """
        read = await self._read(asked, within)
        read, average = await self._found(asked, read, subject)
        return read.answer([what_if(average, added, future=future_marks(average, read.averages))])

    async def _read(self, asked: Asked, within: Within, *, with_rest: bool = False) -> TermRead:
        terms = await part(self.school, asked, readings.terms())
        term = chosen_term(terms.items, within.term_id, await self.school.today(asked, Kind.MARKS))
        async with together() as tasks:
            marks = tasks.create_task(part(self.school, asked, readings.marks(Span(term.since, term.until))))
            shown = tasks.create_task(attempt(part(self.school, asked, readings.averages(term.id))))
            rest = tasks.create_task(self._rest(asked, term)) if with_rest else None
        return TermRead(
            term=term,
            up_from=within.up_from,
            terms=terms,
            marks=marks.result(),
            shown=shown.result(),
            rest=rest.result() if rest else None,
        )

    async def _rest(self, asked: Asked, term: Term) -> DiaryAnswer[Day] | Unavailable | None:
        """Return the days of a term from today on; None when it is over."""
        since = max(term.since, await self.school.today(asked, Kind.MARKS))
        if since > term.until:
            return None
        return await attempt(part(self.school, asked, readings.days(Span(since, term.until))))

    async def _found(self, asked: Asked, read: TermRead, subject: str) -> tuple[TermRead, Average]:
        """Return the average of a subject; one without marks is looked for in the timetable."""
        try:
            return read, read.average(subject)
        except SubjectUnknown:
            if read.rest is not None:
                raise
        rest = await self._rest(asked, read.term)
        wider = replace(read, rest=rest)
        return wider, wider.average(subject)

    async def _left(self, asked: Asked, read: TermRead, average: Average) -> LessonsLeft | None:
        if isinstance(read.rest, Unavailable):
            return None
        days = read.rest_of_days
        return lessons_left(days, average.subject, self.clock(), off=await self._days_off(asked, days))

    async def _days_off(self, asked: Asked, days: Sequence[Day]) -> Collection[date]:
        """Return the days without lessons that a diary leaves out of its days and tells in its calendar."""
        untold = [day.date for day in days if isinstance(day.exception, NotLoaded)]
        if not untold:
            return ()
        calendar = await attempt(part(self.school, asked, readings.calendar(Span(untold[0], untold[-1]))))
        if isinstance(calendar, Unavailable):
            return ()
        return {one.date for one in calendar.items if one.kind in _DAYS_OFF}
