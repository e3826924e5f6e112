"""Our average against the diary's own."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from diary_core.averages.counting import Counting
from diary_core.averages.tally import Tally

_FEWEST, _MOST = 2, 6
"""Places a figure is compared to: some diaries drop zeros, 4.50 is 4.5; floats have places by accident."""


class Comparison(NamedTuple):
    """Whether two averages agree, and why not."""

    agrees: bool | None
    disagreement: Literal["plain_mean", "weights_unknown", "unexplained"] | None


def compare(counting: Counting, shown: Decimal | None) -> Comparison:
    """Compare the average of marks with the figure a diary shows; nothing to compare where it shows none."""
    if shown is None:
        return Comparison(None, None)
    if _agree(Tally.of(counting.inputs).mean, shown):
        return Comparison(agrees=True, disagreement=None)
    if counting.rule == "weighted_mean" and _agree(Tally.of(counting.plainly()).mean, shown):
        return Comparison(agrees=False, disagreement="plain_mean")
    unknown = counting.weights == "unknown"
    return Comparison(agrees=False, disagreement="weights_unknown" if unknown else "unexplained")


def _agree(mean: Fraction | None, shown: Decimal) -> bool:
    """Tell whether a figure is the mean rounded to its places, halves either way.

    How a diary rounds halves is not known; .NET, on which Дневник.ру runs, rounds them to even ones.
    """
    exponent = shown.as_tuple().exponent
    if mean is None or not isinstance(exponent, int):
        return False
    places = min(max(-exponent, _FEWEST), _MOST)
    return abs(Fraction(shown) - mean) <= Fraction(1, 2 * 10**places)
