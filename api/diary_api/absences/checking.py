"""What is checked before a notice is accepted, as far as the diary can be asked in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from diary_api.absences.schemas import NewAbsence
from diary_api.connections.diaries import Diaries, check_open
from diary_api.connections.family import Asked, Family, Place
from diary_api.school import readings
from diary_api.school.composing import part
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span
from diary_core.abilities import NotifiesAbsence
from diary_core.errors import (
    AbsenceInPast,
    AbsenceReasonUnknown,
    InvalidInput,
    LessonUnknown,
    SpanReversed,
    TryLater,
)
from diary_core.model import NewAbsenceNotice

DAYS_MOST: Final = 31
"""Days told of at once."""
_SUNDAY: Final = 7


@dataclass(frozen=True)
class Checks:
    """Turns what a parent wants to tell into notices that may be told."""

    family: Family
    diaries: Diaries
    school: SchoolDiaries
    patience: timedelta

    async def notices(self, place: Place, new: NewAbsence) -> Sequence[NewAbsenceNotice]:
        """Return the notice of each day, as far as can be known whether they may be told."""
        until = new.until or new.since
        if until < new.since:
            raise SpanReversed(f"{until} lies before {new.since}", field="until")
        if (until - new.since).days >= DAYS_MOST:
            raise InvalidInput(f"at most {DAYS_MOST} days at once", field="until")
        if new.lesson_ids and until != new.since:
            raise InvalidInput("lessons are of one day: leave it out", field="until")
        connection = place.child.connection
        self.diaries.check_able(connection, NotifiesAbsence)
        check_open(connection)
        if new.since < self.family.today(place):
            raise AbsenceInPast("the day is over at the school", field="since")
        asking = Asked(connection.account_id, place.child.id, place.enrolment.id)
        await self._check_reason(asking, new.reason_code)
        days = await self._school_days(asking, Span(new.since, until), new.lesson_ids)
        return [
            NewAbsenceNotice(
                date=day, lesson_ids=new.lesson_ids, reason_code=new.reason_code, comment=new.comment
            )
            for day in days
        ]

    async def _check_reason(self, asking: Asked, code: str) -> None:
        """Make sure that the diary offers a reason; when it cannot be asked, it decides on delivery."""
        try:
            offered = await part(self.school, asking, readings.absence_reasons(), patience=self.patience)
        except TryLater:
            return
        if code not in {reason.code for reason in offered.items}:
            raise AbsenceReasonUnknown("the diary does not offer this reason", field="reason_code")

    async def _school_days(self, asking: Asked, span: Span, lesson_ids: Iterable[str]) -> Sequence[date]:
        """Return the days of a span with lessons; when the diary cannot be asked, all but Sundays."""
        try:
            week = await part(self.school, asking, readings.days(span), patience=self.patience)
        except TryLater:
            return _but_sundays(span)
        if week.partial:
            return _but_sundays(span)
        held = {day.date: {one.id for one in day.lessons if one.actual is not None} for day in week.items}
        if not set(lesson_ids) <= held.get(span.since, set()):
            raise LessonUnknown("a lesson is not in the timetable of that day", field="lesson_ids")
        days = sorted(day for day, lessons in held.items() if lessons)
        if not days:
            raise LessonUnknown("there is no lesson on these days", field="since")
        return days


def _but_sundays(span: Span) -> Sequence[date]:
    """Return the days of a span that may have lessons; a Sunday only where nothing else was named."""
    every = [span.since + timedelta(days=number) for number in range((span.until - span.since).days + 1)]
    return [day for day in every if day.isoweekday() != _SUNDAY] or every
