"""Marks: small JSON in, model out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from inline_snapshot import snapshot
from pydantic import ValidationError

from diary_core.errors import RegionChanged
from diary_core.model import Mark, MarkScale, MarkVersion, Teacher, known
from diary_core.people import PersonName
from diary_mrko.parse.marks import mark_in_depth, marks
from diary_mrko.wire.marks import ListedMark, MarkDetails

from .bodies import LISTED_MARK, MOSCOW, payload, read, rows, sample


def _one(**changes: object) -> Mark:
    (mark,) = marks(rows(ListedMark, [{**LISTED_MARK, **changes}]), MOSCOW)
    return mark


def test_an_ordinary_mark_keeps_everything_the_list_says() -> None:
    """Value, weight, form, comment, importance and the times of entry and edit come through."""
    mark = _one(
        weight=3, is_exam=True, comment="Внимательнее  <b>с знаками</b>", updated_at="2026-09-15T09:00:00"
    )
    assert mark.model_dump(mode="json", exclude={"subject", "teacher", "history", "lesson_id"}) == snapshot(
        {
            "id": "201",
            "date": "2026-09-14",
            "display": "5",
            "value": "5",
            "modifier": None,
            "parts": [],
            "status": "graded",
            "scale": {"kind": "five", "raw": None},
            "counts": True,
            "weight": "3",
            "form": "Устный ответ",
            "important": True,
            "comment": "Внимательнее с знаками",
            "due_on": None,
            "entered_at": "2026-09-14T15:00:00+03:00",
            "edited_at": "2026-09-15T09:00:00+03:00",
        }
    )


@pytest.mark.parametrize("comment", ["Средний балл: 4,5", "Оценка за модуль, балл: 4.5", "балл 4,5"])
def test_the_number_of_a_see_comment_mark_stands_in_its_comment(comment: str) -> None:
    """«См» shows itself, takes its number from the comment whatever the comma, and counts nowhere."""
    mark = _one(value="См", comment=comment, original_grade_system_type="other")
    assert (mark.display, mark.value, mark.counts) == ("См", Decimal("4.5"), False)
    assert mark.scale == MarkScale(kind="other", raw="other")


def test_a_see_comment_mark_without_a_number_has_none() -> None:
    """«См» with words only is a word: nothing is invented."""
    assert _one(value="См", comment="Выполнил 12 заданий").value is None


def test_a_number_in_a_comment_is_no_mark() -> None:
    """Only «См» sends one to the comment: other words keep their own meaning."""
    assert _one(value="Зачёт", comment="балл: 4,5").value is None


def test_a_point_is_pending_until_its_day_and_never_counts() -> None:
    """A «точка» keeps its provisional value and its deadline."""
    mark = _one(value="2", is_point=True, point_date="2026-09-28")
    assert (mark.status, mark.due_on, mark.value, mark.counts) == (
        "pending",
        date(2026, 9, 28),
        Decimal(2),
        False,
    )


def test_a_deadline_is_read_as_the_old_diary_writes_it_too() -> None:
    """`dd.MM.yyyy` is a date of the same day."""
    assert _one(is_point=True, point_date="28.09.2026").due_on == date(2026, 9, 28)


def test_a_turned_point_has_no_deadline() -> None:
    """A date left behind by a point that has become a mark is no deadline."""
    mark = _one(is_point=False, point_date="2026-09-28")
    assert (mark.status, mark.due_on, mark.counts) == ("graded", None, True)


@pytest.mark.parametrize(
    ("display", "value", "status", "counts"),
    [
        ("4-", Decimal(4), "graded", True),
        ("4,5", Decimal("4.5"), "graded", True),
        ("н/а", None, "not_submitted", False),
        ("Зачёт", None, "passed", False),
        ("Н", None, "absent", False),
        ("осв", None, "exempt", False),
        ("УП", None, "info", False),
    ],
)
def test_words_are_no_numbers(display: str, value: Decimal | None, status: str, counts: bool) -> None:
    """A mark is shown as written and counts only as a number."""
    mark = _one(value=display)
    assert (mark.display, mark.value, mark.status, mark.counts) == (display, value, status, counts)


def test_a_split_mark_keeps_its_halves() -> None:
    """`3/5` is two marks in one cell."""
    assert [part.value for part in _one(value="3/5").parts] == [Decimal(3), Decimal(5)]


def test_weight_zero_is_shown_and_not_counted() -> None:
    """Zero is a weight, not a missing one."""
    mark = _one(weight=0)
    assert (mark.weight, mark.counts) == (Decimal(0), False)


def test_a_missing_weight_is_none_not_one() -> None:
    """Where the diary sends no weight there is none, and the mark counts."""
    mark = _one(weight=None)
    assert (mark.weight, mark.counts) == (None, True)


@pytest.mark.parametrize(("code", "kind", "raw"), [("hundred", "hundred", None), ("pass", "other", "pass")])
def test_unknown_scales_are_kept_raw(code: str, kind: str, raw: str | None) -> None:
    """A grade system we know by name is named, any other keeps the diary's own word."""
    scale = _one(original_grade_system_type=code).scale
    assert (scale.kind, scale.raw) == (kind, raw)


def test_an_unedited_mark_has_no_time_of_edit() -> None:
    """The diary repeats the time of entry; that is no edit."""
    assert _one().edited_at is None


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-14T15:00:00",
        "2026-09-14 15:00:00.000",
        "2026-09-14T12:00:00Z",
        1789387200,
        "14.09.2026 15:00",
    ],
)
def test_a_moment_is_read_however_it_is_written(written: object) -> None:
    """Naive is Moscow, an offset is an offset, a number is seconds since the epoch."""
    assert _one(created_at=written).entered_at == datetime(2026, 9, 14, 15, tzinfo=MOSCOW)


def test_a_mark_that_shows_nothing_is_not_passed_over() -> None:
    """A mark without a value is something we do not understand."""
    with pytest.raises(RegionChanged) as caught:
        _one(value="")
    assert caught.value.field == "marks.[].value"


def test_marks_are_sorted_by_lesson_day() -> None:
    """Oldest lesson first, whatever the order of entry."""
    found = marks(rows(ListedMark, payload("marks")), MOSCOW)
    assert [mark.date for mark in found] == sorted(mark.date for mark in found)
    assert len(found) == 6


def _in_depth(**changes: object) -> Mark:
    return mark_in_depth(read(MarkDetails, {**LISTED_MARK, **changes}), MOSCOW)


def test_a_mark_in_depth_knows_its_lesson_teacher_and_history() -> None:
    """Versions stand oldest first, each with when it ceased; of the class nothing comes through."""
    whole = mark_in_depth(read(MarkDetails, sample("mark_details")), MOSCOW)
    until = datetime(2026, 9, 14, 16, 20, tzinfo=MOSCOW)
    assert (whole.display, whole.lesson_id) == ("4", "990100101")
    assert whole.history == (MarkVersion(display="3", until=until),)
    name = PersonName(last="Кленова", first="Ирина", middle="Сергеевна")
    assert whole.teacher == Teacher(id=None, name=name)
    edits = [
        {"before": "3", "after": "5", "date": "2026-09-16T10:00:00"},
        {"before": "", "after": "2", "date": "2026-09-14T10:00:00"},
        {"before": "2", "after": "3", "date": "2026-09-15T10:00:00"},
        {"before": "4", "after": "5", "date": None},
    ]
    assert [version.display for version in known(_in_depth(history=edits).history) or ()] == ["2", "3"]


def test_a_mark_in_depth_says_when_there_is_nothing() -> None:
    """Asked for, and there is none: no teacher named, no lesson, never changed."""
    mark = _in_depth(teacher=None, activity=None, history=None)
    assert (mark.teacher, mark.lesson_id, mark.history) == (None, None, ())
    assert _in_depth(teacher={"last_name": "Кленова", "first_name": None}).teacher is None


def test_a_mark_without_a_day_is_refused() -> None:
    """The day of the lesson is indispensable."""
    with pytest.raises(ValidationError):
        rows(ListedMark, [{**LISTED_MARK, "date": None}])
