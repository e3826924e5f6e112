"""Putting a family's day together: everything is asked for at once, and nothing waits for a slow part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from diary_api.changes.service import ChangeLog
from diary_api.clock import Clock
from diary_api.connections.family import Asked, Family, KnownChild, KnownEnrolment, Place
from diary_api.family_today.needs import needs_of
from diary_api.family_today.schemas import (
    AttendancePart,
    ChildToday,
    DayPart,
    DebtPart,
    EventPart,
    FamilyDay,
    HomeworkPart,
    Part,
    SignaturePart,
)
from diary_api.school import readings
from diary_api.school.composing import part
from diary_api.school.digests import DEBTS_BACK
from diary_api.school.readings import Reading
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span, week_of
from diary_core.debts import debts as overdue
from diary_core.errors import DiaryError, NotSupported
from diary_core.model import (
    AttendanceRecord,
    Change,
    Day,
    DayException,
    Event,
    Homework,
    Mark,
    Model,
    WeekSignature,
    known,
)

ItemT = TypeVar("ItemT", bound=Model)
PartT = TypeVar("PartT", bound=Part[Any])  # a part about anything

_WEEK = timedelta(weeks=1)

_FREE = frozenset({"holiday", "vacation", "day_off"})
_SUMMER = (7, 8)
"""Months without lessons anywhere, which calendars leave out."""


@dataclass(frozen=True)
class FamilyToday:
    """The day of every family."""

    clock: Clock
    family: Family
    school: SchoolDiaries
    changes: ChangeLog
    patience: timedelta
    """How long a part is waited for before its last known answer is taken."""

    async def of(self, account_id: str, after: int | None) -> FamilyDay:
        """Return the day of every child of an account.

        A diary that is slow, broken or waits for its parent costs its own parts only.

        Args:
            account_id: Whose family.
            after: Where the log of changes was last read to; the end of it unless given.
        """
        children = await self.family.children(account_id)
        latest = await self.changes.latest(account_id)
        async with asyncio.TaskGroup() as tasks:
            asked = [
                tasks.create_task(self._child(account_id, child, enrolment))
                for child in children
                for enrolment in child.enrolments
                if enrolment.current
            ]
        since = await self.changes.everything(account_id, after=latest if after is None else after)
        items = tuple(_with_changes(one.result(), since) for one in asked)
        return FamilyDay(
            at=self.clock(),
            items=items,
            needs=needs_of(items, [child.connection for child in children]),
            cursor=since[-1].id if since else str(max(latest, after or 0)),
        )

    async def _child(self, account_id: str, child: KnownChild, enrolment: KnownEnrolment) -> ChildToday:
        place = Place(child, enrolment)
        asked = Asked(account_id, child.id, enrolment.id)
        today = self.family.today(place)
        around = Span(today, today + timedelta(days=14))
        signs = enrolment.as_listed.role == "parent"
        async with asyncio.TaskGroup() as tasks:
            this_week = tasks.create_task(self._read(asked, readings.days(week_of(today))))
            next_week = tasks.create_task(self._read(asked, readings.days(week_of(today + _WEEK))))
            marks = tasks.create_task(self._read(asked, readings.marks(Span(today - DEBTS_BACK, today))))
            missed = tasks.create_task(self._read(asked, readings.attendance(Span(today - 2 * _WEEK, today))))
            past_weeks = Span(*_four_weeks_before(today))
            signed = tasks.create_task(self._read(asked, readings.signatures(past_weeks)))
            days_off = tasks.create_task(self._read(asked, readings.calendar(past_weeks)))
            events = tasks.create_task(self._read(asked, readings.events(around)))
        next_day, homework = _next_day(today, this_week.result(), next_week.result())
        return ChildToday(
            child_id=child.id,
            enrolment_id=enrolment.id,
            connection_id=child.connection.id,
            name=child.profile.name,
            label=child.profile.label,
            date=today,
            zone=self.family.zone(place).key,
            today=_part(DayPart, this_week.result(), lambda days: [day for day in days if day.date == today]),
            next_day=next_day,
            homework=homework,
            debts=_part(DebtPart, marks.result(), lambda found: overdue(found, today)),
            to_explain=_part(AttendancePart, missed.result(), _unexplained),
            to_sign=_to_sign(signed.result(), days_off.result(), signs=signs),
            meetings=_part(EventPart, events.result(), _meetings),
            changes=(),
            new_marks=(),
        )

    async def _read(self, asked: Asked, reading: Reading[ItemT]) -> DiaryAnswer[ItemT] | DiaryError:
        try:
            return await part(self.school, asked, reading, patience=self.patience)
        except DiaryError as error:
            return error


def _part(
    kind: type[PartT],
    read: DiaryAnswer[ItemT] | DiaryError,
    choose: Callable[[Sequence[ItemT]], Sequence[Model]],
) -> PartT:
    if isinstance(read, DiaryError):
        return kind(missing=read.code)
    return kind(
        items=tuple(choose(read.items)),
        as_of=read.as_of,
        stale=read.stale,
        stale_reason=read.stale_reason,
    )


def _next_day(
    today: date, this_week: DiaryAnswer[Day] | DiaryError, next_week: DiaryAnswer[Day] | DiaryError
) -> tuple[DayPart, HomeworkPart]:
    """Return the next day with lessons, and what is due on it; a week that cannot be had is not skipped."""

    def next_days(days: Sequence[Day]) -> Sequence[Day]:
        return [day for day in days if today < day.date <= today + _WEEK and day.lessons][:1]

    def due(days: Sequence[Day]) -> Sequence[Homework]:
        return [task for day in next_days(days) for task in _due(day)]

    here = isinstance(this_week, DiaryError) or next_days(this_week.items)
    week = this_week if here else next_week
    return _part(DayPart, week, next_days), _part(HomeworkPart, week, due)


def _due(day: Day) -> Sequence[Homework]:
    on_lessons = [task for lesson in day.lessons for task in known(lesson.homework) or ()]
    return [task for task in (*on_lessons, *(known(day.homework) or ())) if not known(task.done)]


def _unexplained(records: Sequence[AttendanceRecord]) -> Sequence[AttendanceRecord]:
    return [
        one for one in records if one.kind == "absent" and not known(one.excused) and not known(one.reason)
    ]


def _to_sign(
    signatures: DiaryAnswer[WeekSignature] | DiaryError,
    calendar: DiaryAnswer[DayException] | DiaryError,
    *,
    signs: bool,
) -> SignaturePart:
    """Return the weeks to sign, none for a pupil; a week without a school day has nothing to be read.

    While the calendar cannot be had nobody is told to sign a vacation; a diary without one has every week.
    """
    if not signs or isinstance(signatures, DiaryError):
        return _part(SignaturePart, signatures, lambda _: ())
    if isinstance(calendar, DiaryError) and not isinstance(calendar, NotSupported):
        return SignaturePart(missing=calendar.code)
    known_days = () if isinstance(calendar, DiaryError) else calendar.items
    free = {day.date for day in known_days if day.kind in _FREE}

    def unsigned(weeks: Sequence[WeekSignature]) -> Sequence[WeekSignature]:
        return [week for week in weeks if not week.signed and not free >= _working_days(week.week)]

    return _part(SignaturePart, signatures, unsigned)


def _working_days(monday: date) -> set[date]:
    days = (monday + timedelta(days=number) for number in range(5))
    return {day for day in days if day.month not in _SUMMER}


def _meetings(events: Sequence[Event]) -> Sequence[Event]:
    return [event for event in events if event.kind == "meeting"]


def _four_weeks_before(today: date) -> tuple[date, date]:
    monday = week_of(today).since
    return monday - 4 * _WEEK, monday - timedelta(days=1)


def _with_changes(child: ChildToday, since: Sequence[Change]) -> ChildToday:
    own = tuple(change for change in since if change.enrolment_id == child.enrolment_id)
    marks = {change.after.id: change.after for change in own if isinstance(change.after, Mark)}
    gone = {change.before.id for change in own if isinstance(change.before, Mark) and change.after is None}
    return child.model_copy(
        update={"changes": own, "new_marks": tuple(mark for key, mark in marks.items() if key not in gone)}
    )
