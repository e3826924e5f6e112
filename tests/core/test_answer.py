"""An answer says how old it is and what is missing in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    Answer,
    Day,
    Lesson,
    LessonHalf,
    Missing,
    Reason,
    Source,
    Subject,
    Unavailable,
    known,
)

SOURCE = Source(provider="invented", instance="town", connection="c1")
NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)
FORBIDDEN = Unavailable(reason=Reason.NOT_PERMITTED)


def _lesson(number: int, **changes: object) -> Lesson:
    half = LessonHalf(
        subject=Subject(id="1", name="Алгебра"),
        starts=time(8, 30),
        ends=None,
        room=UNSUPPORTED,
        teachers=FORBIDDEN,
    )
    plain: dict[str, object] = {
        "id": f"l{number}",
        "date": date(2026, 9, 16),
        "kind": "lesson",
        "planned": half,
        "actual": half,
        "change": "none",
    }
    return Lesson.model_validate(plain | changes)


def _answer(*lessons: Lesson, **changes: object) -> Answer[Day]:
    day = Day(date=date(2026, 9, 16), zone="Europe/Moscow", lessons=lessons)
    plain: dict[str, object] = {"items": (day,), "source": SOURCE, "as_of": NOW}
    return Answer[Day].model_validate(plain | changes)


def test_gaps_are_gathered_from_everywhere() -> None:
    """Each kind of field once, however many lessons lack it, by path, positions left out."""
    answer = _answer(_lesson(1), _lesson(2), _lesson(3, topic=UNSUPPORTED, marks=FORBIDDEN))
    assert [(gap.what, gap.reason.value) for gap in answer.unavailable] == [
        ("lessons.actual.room", "unsupported"),
        ("lessons.actual.teachers", "not_permitted"),
        ("lessons.marks", "not_permitted"),
        ("lessons.planned.room", "unsupported"),
        ("lessons.planned.teachers", "not_permitted"),
        ("lessons.topic", "unsupported"),
    ]


def test_one_field_may_be_missing_for_two_reasons() -> None:
    """Both are told."""
    answer = _answer(_lesson(1, topic=UNSUPPORTED), _lesson(2, topic=FORBIDDEN))
    assert [gap.reason for gap in answer.unavailable if gap.what == "lessons.topic"] == [
        Reason.NOT_PERMITTED,
        Reason.UNSUPPORTED,
    ]


def test_what_was_not_asked_for_is_no_gap() -> None:
    """Neither is what we asked for and there is none."""
    half = LessonHalf(subject=Subject(id="1", name="Алгебра"), starts=None, ends=None, room=None)
    bare = _lesson(1, planned=half, actual=half, topic=NOT_LOADED, marks=(), remark=None)
    assert _answer(bare).unavailable == ()
    assert Answer[Day](items=(), source=SOURCE, as_of=NOW).unavailable == ()


def test_an_answer_survives_json() -> None:
    """Gaps, source and freshness with it: this is how it is cached."""
    answer = _answer(_lesson(1), stale=True, stale_reason="region_down")
    assert Answer[Day].model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize(("stale", "reason"), [(True, None), (False, "region_down")])
def test_a_stale_answer_tells_why(stale: bool, reason: str | None) -> None:
    """And a fresh one has nothing to tell."""
    with pytest.raises(ValidationError):
        _answer(stale=stale, stale_reason=reason)


def test_an_answer_without_a_zone_in_its_time_is_refused() -> None:
    """Nobody could say how old it is."""
    with pytest.raises(ValidationError):
        _answer(as_of=datetime(2026, 9, 16, 9))


def test_an_answer_cannot_be_changed() -> None:
    """It may be served to many at once."""
    with pytest.raises(ValidationError):
        _answer().stale = True  # type: ignore[misc]  that it is refused is the test


@given(st.none() | st.integers() | st.text() | st.tuples())
def test_known_gives_the_value_or_none(value: object) -> None:
    """For either kind of gap None, for a value the value."""
    assert known(value) is value
    assert known(NOT_LOADED) is None
    assert known(UNSUPPORTED) is None


def test_a_missing_part_names_itself() -> None:
    """By a path or by the part's own name."""
    missing = Missing(what="source:AFISHA", reason=Reason.UPSTREAM_ERROR)
    assert _answer(partial=(missing,)).partial == (missing,)
