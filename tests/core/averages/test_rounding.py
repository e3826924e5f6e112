"""An average makes a mark by the school's own rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from pydantic import ValidationError
from tests.core.averages.marks import ALGEBRA, ANY, LIMITS, PHYSICS, QUARTER, Simple, average, built, mark

from diary_core.averages import DEFAULT_UP_FROM, in_subject
from diary_core.averages.tally import exact_decimal
from diary_core.model import DiaryAverage, Rounding


@given(ANY, LIMITS)
def test_a_mark_is_reached_at_the_threshold_and_not_below(simple: list[Simple], limit: str) -> None:
    """With .60 an average of 4.60 makes a five, and 4.5999… does not."""
    seen = average(built(simple), up_from=limit)
    if seen.rounds_to is None:
        return
    mean = Fraction(seen.total) / Fraction(seen.weight)
    assert seen.rounds_to - 1 + Decimal(limit) <= mean < seen.rounds_to + Decimal(limit)


@pytest.mark.parametrize(
    ("marks", "limit", "made"),
    [
        ("54", "0.5", 5),
        ("54", "0.51", 4),
        ("5554", "0.75", 5),
        ("5554", "0.76", 4),
        ("555", "1", 5),
        ("554", "1", 4),
        ("32", "0.5", 3),
    ],
)
def test_thresholds_are_met_exactly(marks: str, limit: str, made: int) -> None:
    """A mean that stands on the threshold is over it."""
    assert average([mark(number, one) for number, one in enumerate(marks)], up_from=limit).rounds_to == made


def rounding(*told: tuple[str, str | None], up_from: str | None = None) -> Rounding:
    """Return the rounding of algebra, of what the diary tells by subject."""
    subjects = {"algebra": ALGEBRA, "physics": PHYSICS}
    shown = [
        DiaryAverage(
            subject=subjects[of],
            term_id="q1",
            value=None,
            rounds_up_from=None if limit is None else Decimal(limit),
        )
        for of, limit in told
    ]
    given_limit = None if up_from is None else Decimal(up_from)
    return in_subject([], ALGEBRA, QUARTER, shown=shown, up_from=given_limit).rounding


def test_who_knows_best_is_asked_first() -> None:
    """The asker, the diary on the subject, the diary on another one, nobody."""
    both = (("algebra", "0.6"), ("physics", "0.67"))
    assert rounding(*both, up_from="0.5") == Rounding(up_from=Decimal("0.5"), source="given")
    assert rounding(*both) == Rounding(up_from=Decimal("0.6"), source="diary")
    assert rounding(("algebra", None), ("physics", "0.67")).up_from == Decimal("0.67")
    assert rounding(("algebra", None)) == Rounding(up_from=DEFAULT_UP_FROM, source="default")


@pytest.mark.parametrize("limit", ["0", "-0.5", "1.01", "3.51"])
def test_a_threshold_is_a_fraction(limit: str) -> None:
    """Neither the diary nor the asker may tell another one."""
    with pytest.raises(ValidationError):
        DiaryAverage(subject=ALGEBRA, term_id="q1", value=None, rounds_up_from=Decimal(limit))
    with pytest.raises(ValueError, match="up_from"):
        rounding(up_from=limit)


def test_a_number_without_an_end_is_no_exact_decimal() -> None:
    """It would be cut, and then no longer be exact."""
    assert exact_decimal(Fraction(-9, 8)) == Decimal("-1.125")
    with pytest.raises(ValueError, match="no end"):
        exact_decimal(Fraction(1, 3))
