"""What an average becomes if such marks are given."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.averages.marks import ANY, LIMITS, Simple, average, built, mark

from diary_core.averages import future_marks, what_if
from diary_core.errors import InvalidInput
from diary_core.model import ForecastMark, Mark, WhatIf


def added(value: int | str, weight: int | None = None, count: int = 1) -> ForecastMark:
    return ForecastMark(value=Decimal(value), weight=None if weight is None else Decimal(weight), count=count)


MORE = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=5)
"""Value, weight and number of marks to be given."""


def ask(marks: list[Mark], *more: ForecastMark, up_from: str | None = None) -> WhatIf:
    seen = average(marks, up_from=up_from)
    return what_if(seen, more, future=future_marks(seen, ()))


@given(ANY, MORE, LIMITS)
def test_it_is_the_average_with_the_marks_in_the_journal(
    simple: list[Simple], more: list[tuple[int, int, int]], limit: str
) -> None:
    """Marks thought of and marks given make the same average and round alike."""
    weighed = not simple or simple[0][1] is not None
    seen = ask(
        built(simple),
        *(added(value, weight if weighed else None, count) for value, weight, count in more),
        up_from=limit,
    )
    given_marks: list[Simple] = [
        ((value,), weight if weighed else None) for value, weight, count in more for _ in range(count)
    ]
    truth = average(built([*simple, *given_marks]), up_from=limit)
    assert (seen.value, seen.rounds_to) == (truth.value, truth.rounds_to)
    assert seen.before == average(built(simple), up_from=limit)


@pytest.mark.parametrize(
    ("marks", "more", "field"),
    [
        ([mark(0, "4")], [added(6)], "marks.0.value"),
        ([mark(0, "4")], [added(0)], "marks.0.value"),
        ([mark(0, "4")], [added(5, 2)], "marks.0.weight"),
        ([mark(0, "4", Decimal(1))], [added(5)], "marks.0.weight"),
        ([mark(0, "4", Decimal(1))], [added(5, 0)], "marks.0.weight"),
        ([], [added(5, 1), added(5)], "marks.1.weight"),
    ],
)
def test_a_mark_that_could_not_be_given_is_refused(
    marks: list[Mark], more: Sequence[ForecastMark], field: str
) -> None:
    """Off the scale, or weighed otherwise than the marks there are: no weight is made up."""
    with pytest.raises(InvalidInput) as refused:
        ask(marks, *more)
    assert refused.value.field == field
