"""Our average is held against the diary's own, and a difference is shown with what explains it."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.averages.marks import ALGEBRA, ANY, PHYSICS, QUARTER, Simple, built, mark, mean_by_hand

from diary_core.averages import in_subject
from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    Average,
    DiaryAverage,
    Mark,
    NotLoaded,
    Unavailable,
)


def shown_as(value: Decimal | str | None) -> list[DiaryAverage]:
    return [
        DiaryAverage(subject=ALGEBRA, term_id="q1", value=None if value is None else Decimal(value)),
        DiaryAverage(subject=PHYSICS, term_id="q1", value=Decimal(1)),
    ]


def against(marks: list[Mark], value: Decimal | str | None) -> Average:
    return in_subject(marks, ALGEBRA, QUARTER, shown=shown_as(value))


@given(ANY, st.integers(2, 5), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_a_figure_rounded_in_either_way_agrees(simple: list[Simple], places: int, way: str) -> None:
    """How a diary rounds a half is not known, so neither way is called an error; a unit more is one."""
    truth = mean_by_hand(simple)
    if truth is None:
        return
    unit = Decimal(1).scaleb(-places)
    exact = Decimal(truth.numerator) / Decimal(truth.denominator)
    figure = exact.quantize(unit, rounding=way)
    assert against(built(simple), figure).agrees is True
    assert against(built(simple), figure + unit + unit).agrees is False


@pytest.mark.parametrize("figure", ["4.33", "4.333", "4.3333333333333333"])
def test_a_figure_is_compared_to_the_places_it_has(figure: str) -> None:
    """Two digits, three, or the many of a float."""
    assert against([mark(0, "4"), mark(1, "4"), mark(2, "5")], figure).agrees is True


def test_a_dropped_zero_is_no_coarser_figure() -> None:
    """`4.5` is 4.50: it does not agree with 4.54."""
    marks = [mark(number, "5") for number in range(7)] + [mark(number, "4") for number in range(7, 13)]
    assert against(marks, "4.5").agrees is False
    assert against(marks[1:], "4.5").agrees is True


def test_a_plain_mean_of_weighed_marks_is_recognised() -> None:
    """The diary that shows it has left the weights aside."""
    seen = against([mark(0, "5", Decimal(1)), mark(1, "2", Decimal(3))], "3.50")
    assert (seen.value, seen.agrees, seen.disagreement) == (Decimal("2.75"), False, "plain_mean")


def test_a_difference_is_told_for_what_it_is() -> None:
    """A stopgap for unknown weights explains one; else it stays unexplained, also when we count nothing."""
    stopgap = [mark(0, "5", Decimal(1)), mark(1, "2", UNSUPPORTED)]
    assert against(stopgap, "2.75").disagreement == "weights_unknown"
    assert against([mark(0, "5")], "4.00").disagreement == "unexplained"
    assert against([], "4.00").disagreement == "unexplained"


def test_where_the_diary_shows_nothing_there_is_nothing_to_agree_with() -> None:
    """Nothing shown, not asked for, and not to be had are three answers, and none is a disagreement."""
    marks = [mark(0, "5")]
    assert (against(marks, None).upstream, against(marks, None).agrees) == (None, None)
    gaps: list[NotLoaded | Unavailable] = [NOT_LOADED, UNSUPPORTED]
    for gap in gaps:
        seen = in_subject(marks, ALGEBRA, QUARTER, shown=gap)
        assert (seen.upstream, seen.agrees, seen.disagreement) == (gap, None, None)
    assert in_subject(marks, ALGEBRA, QUARTER, shown=[]).upstream is None
