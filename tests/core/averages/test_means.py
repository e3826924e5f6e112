"""An average is exact, and tells its rule and what it was made of."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from tests.core.averages.marks import (
    ALGEBRA,
    ANY,
    FIRST,
    PHYSICS,
    QUARTER,
    Simple,
    average,
    averages,
    built,
    mark,
    mean_by_hand,
)

from diary_core.averages import averages_of, find_subject
from diary_core.errors import SubjectUnknown
from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    CountedMark,
    DiaryAverage,
    MarkScale,
    Subject,
)


@given(ANY)
def test_an_average_is_the_mean_by_hand(simple: list[Simple]) -> None:
    """Weighted or plain, split marks and all: the sums are exact, the figure has four places."""
    seen = average(built(simple))
    truth = mean_by_hand(simple)
    if truth is None:
        assert (seen.value, seen.rule, seen.weight, seen.rounds_to) == (None, None, 0, None)
        return
    assert Fraction(seen.total) / Fraction(seen.weight) == truth
    assert seen.value is not None
    assert seen.value == seen.value.quantize(Decimal("0.0001"))
    assert -Fraction(1, 20_000) < Fraction(seen.value) - truth <= Fraction(1, 20_000)


@given(ANY)
def test_an_average_names_every_mark_that_made_it(simple: list[Simple]) -> None:
    """Whoever doubts it can reckon it again."""
    seen = average(built(simple))
    assert [(one.values, one.weight) for one in seen.inputs] == simple
    assert [one.mark_id for one in seen.inputs] == [f"m{number}" for number in range(len(simple))]


def test_what_is_shown_and_not_counted_makes_no_average() -> None:
    """A mark of weight zero, a «точка», words and an absence are no input, also not in the denominator."""
    marks = [
        mark(0, "4", Decimal(1)),
        mark(1, "2", Decimal(0)),
        mark(2, "2", Decimal(1), status="pending", counts=False),
        mark(3, "5", Decimal(1), display="зач", value=None, status="passed", counts=False),
        mark(4, "5", Decimal(1), display="Н", value=None, status="absent", counts=False),
    ]
    seen = average(marks)
    assert seen.inputs == (CountedMark(mark_id="m0", date=FIRST, values=(Decimal(4),), weight=Decimal(1)),)
    assert (seen.value, seen.total, seen.weight) == (4, 4, 1)


def test_a_sign_changes_nothing() -> None:
    """`4-` is a four."""
    assert average([mark(0, "4", display="4-", modifier="-"), mark(1, "5")]).value == Decimal("4.5")


@pytest.mark.parametrize("gap", [NOT_LOADED, UNSUPPORTED, None, Decimal(-1)], ids=str)
def test_a_weight_that_is_not_told_is_not_one(gap: object) -> None:
    """With a single weight unknown the plain mean stands in, and says that it does."""
    seen = average([mark(0, "5", Decimal(3)), mark(1, "2").model_copy(update={"weight": gap})])
    assert (seen.value, seen.rule, seen.weights) == (Decimal("3.5"), "plain_mean", "unknown")
    assert [one.weight for one in seen.inputs] == [None, None]


def test_a_rule_says_whether_weights_are_told() -> None:
    """Told and weighted, none and plain; where no mark counts there is no rule."""
    assert (average([mark(0, "5", Decimal(2))]).rule, average([mark(0, "5", Decimal(2))]).weights) == (
        "weighted_mean",
        "told",
    )
    assert (average([mark(0, "5")]).rule, average([mark(0, "5")]).weights) == ("plain_mean", "none")
    assert (average([]).rule, average([]).weights) == (None, None)


def test_marks_of_two_scales_are_not_mixed() -> None:
    """87 of a hundred and a four have no mean: the scale of most marks makes it, the rest is named."""
    hundred = MarkScale(kind="hundred")
    marks = [mark(0, "5"), mark(1, "87", scale=hundred), mark(2, "4")]
    seen = average(marks)
    assert (seen.value, seen.scale, seen.left_out) == (Decimal("4.5"), MarkScale(kind="five"), ("m1",))
    assert average(marks[1:]).left_out == ("m1",)


def test_marks_of_other_days_and_subjects_stay_out() -> None:
    """The term's first and last day are in."""
    marks = [
        mark(0, "5", date=QUARTER.since),
        mark(1, "4", date=QUARTER.until),
        mark(2, "2", date=QUARTER.until.replace(month=11)),
        mark(3, "2", subject=PHYSICS),
    ]
    assert average(marks).value == Decimal("4.5")


def test_subjects_stand_by_name_also_those_with_a_figure_alone() -> None:
    """A subject without a counting mark is listed with no average; so is one only the diary knows."""
    marks = [mark(0, "5", subject=PHYSICS), mark(1, "4", Decimal(0))]
    music = Subject(id="103", name="Музыка")
    seen = averages_of(marks, QUARTER, shown=[DiaryAverage(subject=music, term_id="q1", value=None)])
    assert [(one.subject, one.value) for one in seen] == [(ALGEBRA, None), (music, None), (PHYSICS, 5)]


def test_a_subject_without_an_id_goes_by_its_name() -> None:
    """And two subjects of one name with ids of their own stay two."""
    nameless, other = Subject(id=None, name="Алгебра"), Subject(id="109", name="Алгебра")
    joined = averages([mark(0, "5"), mark(1, "4", subject=nameless)])
    assert [one.value for one in joined] == [Decimal("4.5")]
    apart = averages([mark(0, "5"), mark(1, "4", subject=other)])
    assert [one.value for one in apart] == [5, 4]


def test_a_subject_is_found_by_id_or_name() -> None:
    """In any letters; a name that two share finds neither."""
    german, other = Subject(id="7", name="Немецкий ёж"), Subject(id="109", name="Алгебра")
    for typed in ("7", "немецкий  еж", "НЕМЕЦКИЙ ЁЖ"):
        assert find_subject([ALGEBRA, german], typed) == german
    for typed in ("алгебра", "Химия", ""):
        with pytest.raises(SubjectUnknown):
            find_subject([ALGEBRA, other], typed)
