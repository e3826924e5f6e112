"""Marks: shown as written, weighed as the school weighs, the child's own only."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from diary_core.model import (
    NOT_LOADED,
    Teacher,
    Unavailable,
)
from diary_dnevnik_ru import parse, wire

from .bodies import (
    FORBIDDEN,
    LESSON,
    MARK,
    NO_ANSWER,
    SUNDAY,
    TUESDAY,
    marks_of,
    one_lesson,
    one_mark,
    read,
    rows,
    sample,
)


@pytest.mark.parametrize(
    ("written", "value", "modifier", "status", "counts"),
    [
        ("5", Decimal(5), None, "graded", True),
        ("5-", Decimal(5), "-", "graded", True),
        ("4+", Decimal(4), "+", "graded", True),
        ("4,5", Decimal("4.5"), None, "graded", True),
        ("зач", None, None, "passed", False),
        ("н/а", None, None, "not_submitted", False),
        ("осв", None, None, "exempt", False),
        ("УДВ", None, None, "info", False),
    ],
)
def test_a_mark_is_shown_as_written(
    written: str, value: Decimal | None, modifier: str | None, status: str, counts: bool, whose: parse.Whose
) -> None:
    """`textValue` is shown as it is, and read only as far as it can be."""
    mark = one_mark(whose, {"textValue": written, "value": "1"})
    assert (mark.display, mark.value, mark.modifier, mark.status, mark.counts) == (
        written,
        value,
        modifier,
        status,
        counts,
    )


def test_the_other_text_is_shown_when_the_first_is_empty(whose: parse.Whose) -> None:
    """`value` stands in for a missing `textValue`; with both empty nothing is written in the cell."""
    assert one_mark(whose, {"textValue": None, "value": "4"}).display == "4"
    lesson = one_lesson(whose, marks=[{**MARK, "textValue": " ", "value": ""}])
    assert lesson.marks == ()


def test_the_moment_of_entry_is_utc(whose: parse.Whose) -> None:
    """A naive `date` is a UTC instant; late in the evening it is another day at school, and the lesson's
    day stays what it was."""
    mark = one_mark(whose, {"date": "2025-11-18T21:30:05.201"})
    assert mark.date == TUESDAY
    assert mark.entered_at == datetime(2025, 11, 18, 21, 30, 5, 201_000, tzinfo=UTC)
    assert isinstance(mark.entered_at, datetime)
    assert mark.entered_at.isoformat() == "2025-11-19T00:30:05.201000+03:00"


@pytest.mark.parametrize("nothing", [None, "", "0001-01-01T00:00:00"])
def test_a_sentinel_is_no_moment(nothing: object, whose: parse.Whose) -> None:
    """Year 1 of .NET means that nothing was said."""
    assert one_mark(whose, {"date": nothing}).entered_at is None


def test_several_marks_of_one_work_stand_side_by_side(whose: parse.Whose) -> None:
    """A work may carry more than one mark; each keeps its own id."""
    sent = read(wire.Schedule, sample("08")).days
    (day,) = parse.diary_days(sent, parse.Beside(), whose, TUESDAY, TUESDAY)
    assert [(mark.id, mark.display) for mark in marks_of(day.lessons[1])] == [
        ("1990000000000005002", "3"),
        ("1990000000000005003", "5-"),
    ]


def test_a_mark_finds_its_lesson_through_its_work(whose: parse.Whose) -> None:
    """The lesson of a mark is derived; the work it hangs on leads there too."""
    lesson = one_lesson(
        whose,
        lessons=[{**LESSON, "works": [21]}],
        works=[{"id": 21}],
        marks=[{**MARK, "lesson": None, "work": 21}],
    )
    assert [mark.lesson_id for mark in marks_of(lesson)] == ["11"]


def test_a_mark_of_a_term_is_no_mark_of_a_lesson(whose: parse.Whose) -> None:
    """A mark that closes a term hangs on no lesson."""
    closing = {**MARK, "lesson": None, "lesson_str": None, "work": 22}
    work = {"id": 22, "type": "PeriodMark", "lesson": None, "periodType": "Quarter"}
    lesson = one_lesson(whose, marks=[closing], works=[work])
    assert lesson.marks == ()


def test_another_pupils_marks_and_entries_are_dropped(whose: parse.Whose) -> None:
    """Whatever an answer holds of a classmate comes no further."""
    lesson = one_lesson(
        whose,
        marks=[{**MARK, "person": 1000990001099}],
        lessonLogEntries=[{"person": 1000990001099, "lesson": 11, "status": "Ill", "comment": "дома"}],
    )
    assert (lesson.marks, lesson.attendance, lesson.remark) == ((), None, None)


def test_weights_come_from_the_kinds_of_work(whose: parse.Whose, weighed: parse.Weights) -> None:
    """The weight and the name of a control form are the school's own."""
    beside = parse.Beside(weights=weighed)
    lesson = one_lesson(whose, beside, marks=[{**MARK, "workType": 1990000000000002003}])
    (mark,) = marks_of(lesson)
    assert (mark.weight, mark.form, mark.counts) == (Decimal(3), "Контрольная работа", True)


def test_weight_zero_is_shown_and_not_counted(whose: parse.Whose, weighed: parse.Weights) -> None:
    """Zero is a weight, not a gap."""
    lesson = one_lesson(
        whose, parse.Beside(weights=weighed), marks=[{**MARK, "workType": 1990000000000002005}]
    )
    (mark,) = marks_of(lesson)
    assert (mark.weight, mark.counts, mark.value) == (Decimal(0), False, Decimal(5))


def test_a_mark_left_out_of_averages_does_not_count(whose: parse.Whose) -> None:
    """`use_avg_calc` is the diary's own word."""
    assert one_mark(whose, {"use_avg_calc": False}).counts is False
    assert one_mark(whose, {"use_avg_calc": None}).counts is True


@pytest.mark.parametrize(
    ("kinds", "school", "weight"),
    [
        ([{"id": 51, "weight": "1,5"}], {"id": 1, "uses_weighted_avg": True}, Decimal("1.5")),
        ([{"id": 51, "weight": 2}], {"id": 1}, Decimal(2)),
        ([{"id": 51, "weight": 1}], {"id": 1, "uses_weighted_avg": False}, None),
        (FORBIDDEN, {"id": 1, "uses_weighted_avg": False}, None),
        (FORBIDDEN, {"id": 1, "uses_weighted_avg": True}, FORBIDDEN),
        ([{"id": 51, "weight": 1}], NO_ANSWER, NO_ANSWER),
        ([], {"id": 1, "uses_weighted_avg": True}, NO_ANSWER),
        ([{"id": 51, "weight": None}], {"id": 1, "uses_weighted_avg": True}, NO_ANSWER),
    ],
)
def test_weights_with_and_without_the_side_calls(kinds: object, school: object, weight: object) -> None:
    """A school that does not weigh has no weights, though it lists some; a failed call is a gap."""
    read_kinds = kinds if isinstance(kinds, Unavailable) else rows(wire.WorkType, kinds)
    read_school = school if isinstance(school, Unavailable) else read(wire.School, school)
    assert parse.Weights.read(read_kinds, read_school).weight("51") == weight


@pytest.mark.parametrize(
    ("raw", "kind"), [("mark5", "five"), ("mark10", "ten"), ("mark100", "hundred"), ("pass", "other")]
)
def test_an_unknown_scale_is_kept_raw(raw: str, kind: str, whose: parse.Whose) -> None:
    """Only the five-point scale has been seen; what is not ours is kept as it came."""
    scale = one_mark(whose, {"type": raw}).scale
    assert (scale.kind, scale.raw) == (kind, raw if kind == "other" else None)


def test_marks_take_date_and_subject_from_their_lessons(whose: parse.Whose, weighed: parse.Weights) -> None:
    """Marks of a span name their lessons by id; the lessons bring day, subject and works."""
    marks = rows(wire.Mark, sample("11"))
    lesson = read(wire.FullLesson, sample("09"))
    found = parse.lesson_marks(marks, [lesson], weighed, whose, since=TUESDAY, until=TUESDAY)
    assert parse.lesson_ids(marks, whose.seat) == ("1990000000000003001", "1990000000000003002")
    assert [
        (mark.display, mark.subject.name, mark.date, mark.weight, mark.form, mark.important) for mark in found
    ] == [
        ("3", "Русский язык", TUESDAY, Decimal(3), "Контрольная работа", True),
        ("5-", "Русский язык", TUESDAY, Decimal(3), "Контрольная работа", True),
    ]
    assert parse.lesson_marks(marks, [lesson], weighed, whose, since=SUNDAY, until=SUNDAY) == ()


def test_a_mark_is_the_same_in_the_week_and_in_the_list(
    whose: parse.Whose, beside: parse.Beside, weighed: parse.Weights
) -> None:
    """Two calls tell of one mark in one way; only the day names who gave it."""
    (day,) = parse.diary_days(read(wire.Schedule, sample("08")).days, beside, whose, TUESDAY, TUESDAY)
    listed = parse.lesson_marks(
        rows(wire.Mark, sample("11")),
        [read(wire.FullLesson, sample("09"))],
        weighed,
        whose,
        since=TUESDAY,
        until=TUESDAY,
    )
    on_the_day = marks_of(day.lessons[1])
    assert [mark.model_copy(update={"teacher": NOT_LOADED}) for mark in on_the_day] == list(listed)
    assert [mark for mark in on_the_day if not isinstance(mark.teacher, Teacher)] == []
