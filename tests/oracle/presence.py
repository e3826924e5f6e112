"""What a diary should say of presence and the day's regime: the town's truth, through each system's wire.

Absences, passes, the calendar, bells and meals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle import limits, truth
from tests.oracle.systems import DNEVNIK, MESH, System

from diary_core.model import (
    AbsenceReason,
    AttendanceRecord,
    DayException,
    LessonSlot,
    MealAccount,
    MealEntry,
    Visit,
)
from diary_sandbox import world as town
from diary_sandbox.world import World


@dataclass(frozen=True)
class PresenceLens:
    """A system, and the truth of presence as it can show it."""

    system: System
    attendance: Callable[[World, int, date, date], list[AttendanceRecord]]
    calendar: Callable[[World, int, date, date], list[DayException]]
    bells: Callable[[World, int, date], list[LessonSlot]]


def mesh_attendance(world: World, child_id: int, since: date, until: date) -> list[AttendanceRecord]:
    """Lateness is not told; a notice says who spoke of an absence, and in what words."""
    found: list[AttendanceRecord] = []
    for absence in world.absences(child_id, since, until):
        record = limits.mesh_attendance(truth.attendance(world, absence))
        if record is not None:
            found.append(_with_notice(world, absence, record))
    return found


def _with_notice(world: World, absence: town.Absence, record: AttendanceRecord) -> AttendanceRecord:
    slot = world.lesson(absence.lesson_id).half.slot
    notices = {
        notice.slot: notice for notice in world.absence_notices(absence.child_id, absence.on, absence.on)
    }
    notice = notices.get(slot) or notices.get(None)
    if notice is None:
        system = absence.reason is town.AbsenceReason.ILLNESS_REGISTER and not notices
        return record.model_copy(update={"noted_by": "system" if system else "unknown"})
    reason = record.reason or AbsenceReason(code=str(int(notice.reason)), title=truth.REASONS[notice.reason])
    return record.model_copy(
        update={
            "noted_by": "parent",
            "reason": reason,
            "excused": notice.reason.excused if record.reason is None else record.excused,
            "comment": record.comment or notice.comment,
        }
    )


def dnevnik_attendance(world: World, child_id: int, since: date, until: date) -> list[AttendanceRecord]:
    """Everything in four letters; a remark on the same lesson shares the comment."""
    remarks = {remark.lesson_id: remark.text for remark in world.remarks(child_id, since, until)}
    found = (
        limits.dnevnik_attendance(truth.attendance(world, absence), remarks.get(absence.lesson_id))
        for absence in world.absences(child_id, since, until)
    )
    return [record for record in found if record is not None]


def mesh_calendar(world: World, child_id: int, since: date, until: date) -> list[DayException]:
    """Everything is told; a weekend has the calendar's own word."""
    found: list[DayException] = []
    for day in world.days(world.child(child_id).school_id, since, until):
        kind = truth.DAYS[day.kind]
        if kind is not None:
            title = day.title or (limits.WEEKEND if kind == "day_off" else None)
            found.append(DayException(date=day.on, kind=kind, title=title))  # pyright: ignore[reportArgumentType]  our words
        elif day.weekday != day.on.isoweekday():
            found.append(
                DayException(date=day.on, kind="moved", title=day.title, follows_weekday=day.weekday)
            )
    return found


def dnevnik_calendar(world: World, child_id: int, since: date, until: date) -> list[DayException]:
    """Vacations are told; holidays outside them, weekends and moved days are not."""
    return [
        DayException(date=on, kind="vacation", title=vacation.name)
        for vacation in world.vacations(world.child(child_id).school_id)
        for on in _days(max(since, vacation.since), min(until, vacation.until))
    ]


def mesh_bells(world: World, child_id: int, on: date) -> list[LessonSlot]:
    """The bells of the lessons this child has; clubs ring none."""
    halves = [
        lesson.half
        for lesson in world.lessons(child_id, on, on)
        if lesson.change is not town.LessonChange.CANCELLED
    ]
    slots = {half.slot: half for half in halves if half.slot is not None}
    return [
        LessonSlot(number=slot, starts=half.starts, ends=half.ends) for slot, half in sorted(slots.items())
    ]


def dnevnik_bells(world: World, child_id: int, on: date) -> list[LessonSlot]:
    """The bells of the weekday, whether anybody has lessons or not."""
    school = world.school(world.child(child_id).school_id)
    return [
        LessonSlot(number=bell.slot, starts=bell.starts, ends=bell.ends)
        for schedule in school.bell_schedules
        if on.isoweekday() in schedule.weekdays
        for bell in schedule.bells
    ]


LENSES = {
    "mesh": PresenceLens(MESH, mesh_attendance, mesh_calendar, mesh_bells),
    "dnevnik": PresenceLens(DNEVNIK, dnevnik_attendance, dnevnik_calendar, dnevnik_bells),
}


def visits(world: World, child_id: int, since: date, until: date) -> list[Visit]:
    """Return the passes of a span, each with the address of its house."""
    school = world.school(world.child(child_id).school_id)
    addresses = {house.id: house.address for house in school.buildings}
    return [
        Visit(
            date=visit.on,
            entered=visit.came,
            left=visit.left,
            zone=str(school.zone),
            place=addresses[visit.building_id],
        )
        for visit in world.visits(child_id, since, until)
        if visit.came or visit.left
    ]


def meal_account(world: World, child_id: int) -> list[MealAccount]:
    """Return the canteen account, in roubles."""
    account = world.meal_account(child_id)
    if account is None:
        return []
    limit = None if account.day_limit is None else Decimal(account.day_limit) / 100
    return [MealAccount(id="", balance=Decimal(account.balance) / 100, day_limit=limit)]


def meal_entries(world: World, child_id: int, since: date, until: date) -> list[MealEntry]:
    """Return the movements of a span, in roubles, with their dishes."""
    return [
        MealEntry(
            id="",
            date=entry.at.date(),
            amount=Decimal(entry.amount) / 100,
            kind="top_up" if entry.kind is town.MealKind.TOP_UP else "order",
            dishes=tuple(dish.title for dish in entry.dishes),
        )
        for entry in world.meal_entries(child_id, since, until)
    ]


def _days(since: date, until: date) -> Iterator[date]:
    while since <= until:
        yield since
        since += timedelta(days=1)
