"""How many lessons a term has yet to bring."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.core.averages.marks import ALGEBRA, PHYSICS

from diary_core.averages import lessons_left
from diary_core.model import (
    NOT_LOADED,
    Day,
    DayException,
    Lesson,
    LessonHalf,
    LessonsLeft,
    Maybe,
    Subject,
)

MONDAY = date(2026, 10, 19)
ZONE = "Asia/Yekaterinburg"
MORNING = datetime(2026, 10, 19, 3, 0, tzinfo=UTC)
"""Eight in the morning there."""


def lesson(on: date, of: Subject = ALGEBRA, **changes: object) -> Lesson:
    half = LessonHalf(subject=of, starts=time(8, 30), ends=time(9, 15))
    plain: dict[str, object] = {
        "id": f"{on}-{of.id}",
        "date": on,
        "kind": "lesson",
        "planned": half,
        "actual": half,
        "change": "none",
    }
    return Lesson.model_validate(plain | changes)


def day(number: int, *of: Subject, exception: Maybe[DayException | None] = NOT_LOADED) -> Day:
    on = MONDAY + timedelta(days=number)
    return Day(date=on, zone=ZONE, lessons=tuple(lesson(on, one) for one in of), exception=exception)


TAUGHT = ((ALGEBRA,), (PHYSICS,), (ALGEBRA, PHYSICS), (ALGEBRA,), (PHYSICS,), (), ())
WEEK = [day(number, *subjects) for number, subjects in enumerate(TAUGHT)]


def count(days: list[Day], now: datetime = MORNING) -> int | None:
    found = lessons_left(days, ALGEBRA, now)
    assert found is None or found.source == "timetable"
    return found and found.count


def test_lessons_of_the_subject_are_counted_to_the_last_day() -> None:
    """Each once, those of other subjects not."""
    assert count(WEEK) == 3
    assert lessons_left([], ALGEBRA, MORNING) == LessonsLeft(count=0, source="timetable")


@pytest.mark.parametrize(("minute", "left"), [(time(4, 14), 3), (time(4, 15), 2), (time(18, 59), 2)])
def test_a_lesson_counts_until_it_ends_by_the_schools_own_clock(minute: time, left: int) -> None:
    """A quarter past nine in the Urals is a quarter past four in UTC."""
    assert count(WEEK, datetime.combine(MONDAY, minute, tzinfo=UTC)) == left


def test_a_day_that_has_passed_there_counts_no_more() -> None:
    """Tuesday has begun in the Urals while it is Monday in UTC."""
    assert count(WEEK, datetime(2026, 10, 19, 19, 30, tzinfo=UTC)) == 2


def test_cancelled_lessons_and_clubs_bring_no_mark() -> None:
    """A replaced one does, in the subject it is in fact."""
    friday = MONDAY + timedelta(days=4)
    algebra = lesson(friday).actual
    lessons = (
        lesson(friday, actual=None, change="cancelled"),
        lesson(friday, kind="additional"),
        lesson(friday, PHYSICS, actual=algebra, change="replaced"),
    )
    assert count([Day(date=friday, zone=ZONE, lessons=lessons)]) == 1


def test_a_timetable_told_in_part_is_not_counted() -> None:
    """A count would be too small, and "impossible" a lie."""
    assert count([*WEEK, day(7), day(8), day(9), day(10), day(11)]) is None
    assert count([day(number) for number in range(5)]) is None


def test_days_off_at_the_end_of_a_term_are_no_gap() -> None:
    """A weekend, and vacations the diary tells of; an ordinary Monday without lessons is one."""
    vacation = DayException(date=MONDAY + timedelta(days=7), kind="vacation", title="Осенние каникулы")
    assert count([*WEEK, day(7, exception=vacation)]) == 3
    assert count([*WEEK, day(7, exception=None)]) is None
    assert count([day(5), day(6)]) == 0


def test_days_off_that_only_the_calendar_knows_are_not_waited_for() -> None:
    """A term that ends in a vacation is told to its end, though no day of it says so."""
    fortnight = [*WEEK, *(day(number) for number in range(7, 14))]
    vacation = {one.date for one in fortnight[7:]}
    assert lessons_left(fortnight, ALGEBRA, MORNING) is None
    assert lessons_left(fortnight, ALGEBRA, MORNING, off=vacation) == LessonsLeft(count=3, source="timetable")
    assert lessons_left(fortnight, ALGEBRA, MORNING, off=vacation - {fortnight[8].date}) is None
