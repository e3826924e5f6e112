"""Missed lessons: the timetable says which, the list of absences says more of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from diary_core.model import NOT_LOADED, AbsenceReason, AttendanceRecord, Maybe, Unavailable
from diary_core.notation import read_mark
from diary_core.text import clean_or_none, tidy
from diary_mrko.parse.timetable import Placed, placed
from diary_mrko.wire.absences import MissedDay, MissedLesson
from diary_mrko.wire.lessons import Event

REASONS: Final = MappingProxyType(
    {
        "1": "Болезнь",
        "2": "Плохое самочувствие",
        "3": "Семейные обстоятельства",
        "4": "Без уведомления",
        "5": "Болезнь (ЕМИАС)",
        "6": "Заявление родителей",
        "7": "Карантин",
        "8": "Причина неизвестна",
        "9": "Заявление ученика",
        "10": "Индивидуальный план",
        "11": "Отпуск родителей",
        "12": "Каникулы",
    }
)
"""The official app's own list. Source: `docs/sources.md`, МЭШ."""

_UNEXCUSED: Final = frozenset({"4", "8"})
_SICK: Final = frozenset({"SICK", "SICK_WITH_INFECTION"})
_LETTER: Final = "Н"


@dataclass(frozen=True, slots=True)
class ToldAbsence:
    """What the list of absences says of one lesson."""

    reason_id: str | None
    comment: str | None
    by_parent: bool
    by_system: bool


def attendance(
    events: Iterable[Event],
    listed: Sequence[MissedDay] | Unavailable,
    since: date,
    until: date,
    zone: ZoneInfo,
) -> tuple[AttendanceRecord, ...]:
    """Return the missed lessons of a span, oldest first.

    Which lessons were missed, the timetable says, here as in the week: the list of absences also holds
    lessons a parent gave notice of and the child came to after all.

    Args:
        events: The timetable.
        listed: The list of the same span, or why it is not there.
        since: First day, inclusive.
        until: Last day, inclusive.
        zone: The school's.

    Raises:
        RegionChanged: A lesson has no name.
    """
    told = listed if isinstance(listed, Unavailable) else _told(listed)
    found = (
        absence(
            place,
            reason_id=place.event.nonattendance_reason_id or place.event.absence_reason_id,
            told=told if isinstance(told, Unavailable) else told.get(place.event.id),
        )
        for place in placed(events, since, until, zone)
    )
    return tuple(record for record in found if record is not None)


def absence(
    place: Placed, *, reason_id: str | None, told: Maybe[ToldAbsence | None] = NOT_LOADED
) -> AttendanceRecord | None:
    """Return that a lesson was missed; None when nobody says so.

    «Н» written in place of a mark is an absence too.
    A reason alone is a parent's notice of a lesson to come, not an absence.

    Args:
        place: The lesson.
        reason_id: As the timetable gives it.
        told: What the list of absences adds; not loaded where nobody has asked for it.
    """
    event = place.event
    in_mark_cell = any(read_mark(tidy(mark.value or "")).status == "absent" for mark in event.marks)
    if not event.is_missed_lesson and not in_mark_cell:
        return None
    more = told if isinstance(told, ToldAbsence) else None
    code = reason_id or (more.reason_id if more else None)
    return AttendanceRecord(
        id=f"absence-{place.id}",
        date=place.on,
        lesson_id=place.id,
        subject=place.subject,
        kind="absent",
        display=_LETTER,
        excused=_excused(event, code),
        counted=True,
        reason=AbsenceReason(code=code, title=REASONS.get(code, code)) if code else None,
        noted_by="parent"
        if more and more.by_parent
        else "system"
        if more and more.by_system
        else "unknown"
        if event.is_missed_lesson
        else "mark_cell",
        comment=told.comment if isinstance(told, ToldAbsence) else told,
    )


def _excused(event: Event, reason_id: str | None) -> bool | None:
    if reason_id is not None:
        return reason_id not in _UNEXCUSED
    return True if event.health_status in _SICK else None


def _told(listed: Iterable[MissedDay]) -> Mapping[str, ToldAbsence]:
    """Return what is said of lessons by their number; a notice of the whole day is said of each of them."""
    return {
        lesson.schedule_item_id: _of_lesson(lesson, day)
        for day in listed
        for lesson in day.lessons
        if lesson.schedule_item_id
    }


def _of_lesson(lesson: MissedLesson, day: MissedDay) -> ToldAbsence:
    notified = lesson.notified or (day.notified and not any(each.notified for each in day.lessons))
    reason_id = lesson.reason_id or lesson.absence_reason_id
    comment = clean_or_none(lesson.description)
    if notified or day.is_system:
        reason_id = reason_id or day.reason_id
        comment = comment or clean_or_none(day.description)
    return ToldAbsence(reason_id, comment, by_parent=notified, by_system=day.is_system)
