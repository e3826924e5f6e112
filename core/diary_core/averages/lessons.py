"""How many lessons of a subject a term has yet to bring."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from diary_core.averages.subjects import same_subject
from diary_core.model import Day, Lesson, LessonsLeft, Subject, known


def lessons_left(
    days: Sequence[Day], subject: Subject, now: datetime, *, off: Collection[date] = ()
) -> LessonsLeft | None:
    """Count the lessons that have not ended yet, cancelled ones and clubs left out.

    Args:
        days: Every day from today to the last one of the term; none when the term is over.
        subject: Of which.
        now: Aware.
        off: Days without lessons that the calendar knows; some diaries leave them out of the days.

    Returns:
        None when the timetable is not told to the end of the term: then a count would be too small,
        and "impossible" a lie. It is when some weekday after its last lesson is an ordinary one.
    """
    taught = {day.date for day in days if any(lesson.actual for lesson in day.lessons)}
    last = max(taught, default=date.min)
    if any(day.date > last and day.date not in off and _should_be_taught(day) for day in days):
        return None
    left = [
        lesson
        for day in days
        for lesson in day.lessons
        if _is_of(lesson, subject) and not _has_ended(day, lesson, now)
    ]
    return LessonsLeft(count=len(left), source="timetable")


def _should_be_taught(day: Day) -> bool:
    return day.date.isoweekday() <= _FRIDAY and known(day.exception) is None


def _is_of(lesson: Lesson, subject: Subject) -> bool:
    half = lesson.actual
    return half is not None and lesson.kind == "lesson" and same_subject(half.subject, subject)


def _has_ended(day: Day, lesson: Lesson, now: datetime) -> bool:
    there = now.astimezone(ZoneInfo(day.zone))
    if day.date != there.date():
        return day.date < there.date()
    ends = lesson.actual.ends if lesson.actual else None
    return ends is not None and ends <= there.time()


_FRIDAY: Final = 5
