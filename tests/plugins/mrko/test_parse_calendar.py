"""The calendar of the year with its moved days, and the bells of a day."""

from __future__ import annotations

from datetime import date, time

import pytest

from diary_core.model import DayException, LessonSlot
from diary_mrko.parse.bells import bells
from diary_mrko.parse.calendar import calendar
from diary_mrko.wire.lessons import HeldDay
from diary_mrko.wire.year import CalendarDay, Transposition

from .bodies import Json, read, rows, sample

SINCE, UNTIL = date(2026, 9, 1), date(2026, 12, 31)
WORKING: Json = {
    "id": 71,
    "date": "2026-09-26",
    "is_holiday": False,
    "schedule_for_weekday": 1,
    "note": "Перенос",
}
LESSON: Json = {"type": "LESSON", "info": "1 урок", "begin_time": "08:30", "end_time": "09:15"}
BREAK: Json = {"type": "BREAK", "info": "Перемена", "begin_time": "09:15", "end_time": "09:30"}


def _bells(*activities: Json) -> tuple[LessonSlot, ...]:
    return bells(read(HeldDay, {"activities": list(activities)}))


def _days(listed: object, moved: object = ()) -> tuple[DayException, ...]:
    return calendar(rows(CalendarDay, listed), rows(Transposition, moved), SINCE, UNTIL)


def test_the_sample_calendar() -> None:
    """A working day is not listed, a weekend and a vacation are, in order."""
    assert _days(sample("periods_schedules")) == (
        DayException(date=date(2026, 9, 19), kind="day_off", title="Выходной"),
        DayException(date=date(2026, 10, 5), kind="vacation", title="Каникулы"),
    )


def test_a_day_that_works_for_another() -> None:
    """It says whose timetable it follows; a day moved to rest is a holiday of the calendar already."""
    rests = {"id": 72, "date": "2026-11-05", "is_holiday": True, "postponed_from": "2026-11-07", "note": "x"}
    assert _days([], [WORKING, rests]) == (
        DayException(date=date(2026, 9, 26), kind="moved", title="Перенос", follows_weekday=1),
    )


@pytest.mark.parametrize("kind", ["vacation", "holiday"])
def test_a_moved_day_in_a_vacation_stays_one(kind: str) -> None:
    """The move is for the whole city, the vacation is the school's own."""
    (day,) = _days([{"date": "2026-09-26", "type": kind, "title": "Каникулы"}], [WORKING])
    assert (day.kind, day.follows_weekday) == (kind, None)


def test_a_moved_working_day_is_told_though_the_calendar_calls_it_ordinary() -> None:
    """Its own kind there is `workday`, which says nothing of the move."""
    (day,) = _days([{"date": "2026-09-26", "type": "workday", "title": "1 триместр"}], [WORKING])
    assert day.kind == "moved"


@pytest.mark.parametrize(("written", "follows"), [(7, 7), (0, None), (8, None), (None, None), ("3", 3)])
def test_only_a_weekday_is_followed(written: object, follows: int | None) -> None:
    """Monday is 1, Sunday is 7; anything else is no weekday."""
    (day,) = _days([], [{**WORKING, "schedule_for_weekday": written}])
    assert day.follows_weekday == follows


def test_days_outside_the_span_are_dropped() -> None:
    """The moved days of a whole year come in one answer."""
    assert _days([], [{**WORKING, "date": "2027-02-20"}]) == ()


def test_bells_of_lessons() -> None:
    """Breaks are not told: they are what lies between."""
    second = {**LESSON, "info": "2 урок", "begin_time": "09:30", "end_time": "10:15"}
    assert _bells(second, BREAK, LESSON) == (
        LessonSlot(number=1, starts=time(8, 30), ends=time(9, 15)),
        LessonSlot(number=2, starts=time(9, 30), ends=time(10, 15)),
    )


@pytest.mark.parametrize(
    "strange",
    [
        {"lesson": {"lesson_education_type": "AE"}},
        {"info": None},
        {"info": "Урок"},
        {"info": "123 урок"},
        {"begin_time": None},
        {"end_time": "-"},
        {"end_time": "08:30"},
        {"type": "EVENT"},
    ],
)
def test_what_rings_no_bell(strange: Json) -> None:
    """A club, a lesson without a number or without both its times, something else."""
    assert _bells({**LESSON, **strange}) == ()


def test_two_lessons_of_one_bell_are_one_bell() -> None:
    """Halves of a class learn side by side; hours outside the plan ring as lessons do."""
    extra = {**LESSON, "lesson": {"lesson_education_type": "EC"}}
    assert len(_bells(LESSON, extra)) == 1
