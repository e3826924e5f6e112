"""Asking the diaries about one child."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

from diary_api.clock import Clock
from diary_api.connections.diaries import Diaries, check_open
from diary_api.connections.family import Asked, Family, KnownChild
from diary_api.school.cache import AnswerCache, Question, Served, Told
from diary_api.school.schemas import ChildShown, EnrolmentShown, outgoing
from diary_api.school.spans import Span, week_of
from diary_api.settings import Settings
from diary_core.abilities import (
    Diary,
    ReadsDays,
    ReadsHomework,
    ReadsMarks,
    ReadsSchool,
    ReadsTerms,
    able,
)
from diary_core.model import Answer, Day, Homework, Mark, Model, School, Term

ItemT = TypeVar("ItemT", bound=Model)
Kind = Literal["days", "marks", "homework", "terms", "school"]


@dataclass(frozen=True)
class SchoolDiaries:
    """The diaries of every family."""

    settings: Settings
    clock: Clock
    family: Family
    diaries: Diaries
    answers: AnswerCache

    async def children(self, account_id: str) -> tuple[ChildShown, ...]:
        """Return the children of an account."""
        return tuple(_shown(child) for child in await self.family.children(account_id))

    async def child(self, account_id: str, child_id: str) -> ChildShown:
        """Return one child.

        Raises:
            ChildUnknown: This account has no such child.
        """
        return _shown(await self.family.child(account_id, child_id))

    async def days(self, asked: Asked, span: Span) -> Served:
        """Return the diary of every day of a span."""

        async def ask(diary: Diary, enrolment_id: str) -> Answer[Day]:
            return await able(diary, ReadsDays).days(enrolment_id, span.since, span.until)

        return await self._answer(asked, "days", span, ask)

    async def week(self, asked: Asked, of: date | None) -> Served:
        """Return the diary of a Monday-to-Sunday week: the present one unless a day of it is given."""
        if of is None:
            of = self.family.today(await self.family.place(asked))
        return await self.days(asked, week_of(of))

    async def marks(self, asked: Asked, span: Span) -> Served:
        """Return the marks of a span."""

        async def ask(diary: Diary, enrolment_id: str) -> Answer[Mark]:
            return await able(diary, ReadsMarks).marks(enrolment_id, span.since, span.until)

        return await self._answer(asked, "marks", span, ask)

    async def homework(self, asked: Asked, span: Span) -> Served:
        """Return what is due in a span."""

        async def ask(diary: Diary, enrolment_id: str) -> Answer[Homework]:
            return await able(diary, ReadsHomework).homework(enrolment_id, span.since, span.until)

        return await self._answer(asked, "homework", span, ask)

    async def terms(self, asked: Asked) -> Served:
        """Return the terms of the school year."""

        async def ask(diary: Diary, enrolment_id: str) -> Answer[Term]:
            return await able(diary, ReadsTerms).terms(enrolment_id)

        return await self._answer(asked, "terms", None, ask)

    async def school(self, asked: Asked) -> Served:
        """Return the school."""

        async def ask(diary: Diary, enrolment_id: str) -> Answer[School]:
            return await able(diary, ReadsSchool).school(enrolment_id)

        return await self._answer(asked, "school", None, ask)

    async def _answer(
        self,
        asked: Asked,
        kind: Kind,
        span: Span | None,
        ask: Callable[[Diary, str], Awaitable[Answer[ItemT]]],
    ) -> Served:
        place = await self.family.place(asked)
        connection, enrolment = place.child.connection, place.enrolment
        check_open(connection)

        async def told() -> Told:
            answer = await self.diaries.run(connection, lambda diary: ask(diary, enrolment.as_listed.id))
            return Told(outgoing(answer).model_dump_json().encode(), whole=not answer.partial)

        ends = (span.since.isoformat(), span.until.isoformat()) if span else ()
        question = Question(
            id=self.answers.storage.ring.index("answer", enrolment.id, kind, *ends),
            enrolment_id=enrolment.id,
            fresh_for=timedelta(seconds=self._fresh_for_s(kind)),
        )
        return await self.answers.serve(question, told)

    def _fresh_for_s(self, kind: Kind) -> int:
        fresh = self.settings.freshness
        match kind:
            case "days":
                return fresh.days
            case "marks":
                return fresh.marks
            case "homework":
                return fresh.homework
            case "terms":
                return fresh.terms
            case "school":
                return fresh.school


def _shown(child: KnownChild) -> ChildShown:
    return ChildShown(
        id=child.id,
        connection_id=child.connection.id,
        name=child.profile.name,
        label=child.profile.label,
        birth_date=child.profile.birth_date,
        current=any(enrolment.current for enrolment in child.enrolments),
        enrolments=tuple(
            EnrolmentShown(
                id=enrolment.id,
                school=enrolment.as_listed.school,
                group=enrolment.as_listed.group,
                since=enrolment.as_listed.since,
                role=enrolment.as_listed.role,
                current=enrolment.current,
                listed_at=enrolment.listed_at,
            )
            for enrolment in child.enrolments
        ),
    )
