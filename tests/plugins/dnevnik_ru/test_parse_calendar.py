"""Vacations between terms, and the bells of a weekday."""

from __future__ import annotations

from datetime import date, time

import pytest
from pydantic import TypeAdapter

from diary_core.model import DayException, LessonSlot
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.wire.values import OneOrMore

from .bodies import Json, read, sample

TIMETABLES: TypeAdapter[tuple[wire.Timetable, ...]] = TypeAdapter(OneOrMore[wire.Timetable])
TUESDAY, SUNDAY = date(2025, 11, 18), date(2025, 11, 23)
BELL: Json = {
    "Start": "0001-01-01T08:30:00",
    "Finish": "0001-01-01T09:10:00",
    "LessonNumber": 1,
    "DaysOfWeek": ["Monday", "Tuesday"],
}


def _bells(*items: Json, on: date = TUESDAY) -> tuple[LessonSlot, ...]:
    return parse.bells(read(TIMETABLES, {"Name": "Основное", "Items": list(items)}), on)


def test_vacations_of_the_sample() -> None:
    """Each day of a gap between terms, cut to the span, with the school's own name of it."""
    group = read(wire.PeriodGroup, sample("07"))
    found = parse.vacations(group.holidays, date(2025, 11, 3), date(2025, 12, 31))
    assert found == (
        DayException(date=date(2025, 11, 3), kind="vacation", title="Осенние каникулы"),
        DayException(date=date(2025, 11, 4), kind="vacation", title="Осенние каникулы"),
        DayException(date=date(2025, 12, 31), kind="vacation", title="Зимние каникулы"),
    )


def test_a_gap_turned_round_or_told_twice() -> None:
    """A gap that ends before it begins has no days; a day of two gaps stands once."""
    rows = [
        {"dateStart": "2025-11-10T00:00:00", "dateFinish": "2025-11-01T00:00:00", "name": "Наоборот"},
        {"dateStart": "2025-11-03T00:00:00", "dateFinish": "2025-11-03T00:00:00", "name": "Каникулы"},
        {"dateStart": "2025-11-03T00:00:00", "dateFinish": "2025-11-03T00:00:00", "name": None},
    ]
    group = read(wire.PeriodGroup, {"holidays": rows})
    (day,) = parse.vacations(group.holidays, date(2025, 11, 1), date(2025, 11, 30))
    assert day.title == "Каникулы"


def test_bells_of_the_sample() -> None:
    """Five bells on a Tuesday, none on a Sunday; one object or a list of them, the sources disagree."""
    for body in (sample("17"), [sample("17")]):
        found = parse.bells(read(TIMETABLES, body), TUESDAY)
        assert [bell.number for bell in found] == [1, 2, 3, 4, 5]
        assert found[2] == LessonSlot(number=3, starts=time(10, 20), ends=time(11, 0))
        assert parse.bells(read(TIMETABLES, body), SUNDAY) == ()


def test_each_weekday_has_its_bells() -> None:
    """Two schedules in one timetable are told apart by the weekdays of their bells."""
    late = {**BELL, "Start": "0001-01-01T09:00:00", "Finish": "0001-01-01T09:40:00"}
    assert [bell.starts for bell in _bells({**late, "DaysOfWeek": ["Saturday"]}, BELL)] == [time(8, 30)]


@pytest.mark.parametrize("words", [[], None, ["Пн", "Вт"], ["1", "2"], ["Weekdays"]])
def test_words_nobody_knows_ring_every_day(words: object) -> None:
    """The words of the system are not known for certain: bells are rather told than hidden."""
    assert len(_bells({**BELL, "DaysOfWeek": words}, on=SUNDAY)) == 1


@pytest.mark.parametrize(
    "strange",
    [
        {"LessonNumber": 0},
        {"LessonNumber": -1},
        {"LessonNumber": None},
        {"Start": None},
        {"Finish": ""},
        {"Finish": "0001-01-01T08:30:00"},
    ],
)
def test_what_is_no_bell(strange: Json) -> None:
    """No number, a number of no lesson, or no time."""
    assert _bells({**BELL, **strange}) == ()


def test_a_number_rings_once() -> None:
    """The first bell of a number is the one."""
    twin = {**BELL, "Finish": "0001-01-01T09:15:00"}
    assert [bell.ends for bell in _bells(BELL, twin)] == [time(9, 10)]
