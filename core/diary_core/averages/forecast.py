"""What is needed to reach a mark by the end of a term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from diary_core.averages.future import FutureMarks, weighed_as
from diary_core.averages.rounding import needed_for
from diary_core.averages.tally import Tally, figure
from diary_core.errors import InvalidInput
from diary_core.model import Average, Forecast, ForecastMark, ForecastWay, LessonsLeft

MOST_WAYS: Final = 3
"""So many ways of each weight are told."""
_FARTHEST: Final = 100
"""How many marks beyond the fewest are tried, where nothing bounds them."""


def forecast(
    average: Average,
    *,
    target: Decimal,
    future: FutureMarks,
    lessons_left: LessonsLeft | None,
    weights: Sequence[Decimal] = (),
) -> Forecast:
    """Return the cheapest sets of future marks that bring an average to a target.

    A set costs its number of marks; of two equally long ones, the one whose marks add up to more costs more.
    Weight costs nothing: a heavy mark is another kind of work, so each weight has ways of its own.

    A way is a set of marks of one weight, the target or higher, no longer than there are lessons left,
    that reaches the target, and of which no mark can be left out or lowered by one. Of several sets
    with as many marks and the same sum, the most even one is told. The first way is the cheapest there is,
    also among sets of mixed weights.

    Args:
        average: As it stands, with the rule and the rounding that hold.
        target: The wanted term mark, a whole one.
        future: What the next marks are like.
        lessons_left: Each may bring one mark; None when nobody knows.
        weights: Of the marks to reckon with, instead of those seen so far.

    Raises:
        InvalidInput: The target is not on the scale, or weights mean nothing here.
        ScaleUnknown: The diary has a scale of its own.
    """
    future.check_value(target, "target")
    if target != target.to_integral_value():
        raise InvalidInput("a term mark is a whole number", field="target")
    kinds = weighed_as(average, future, weights) if weights else future
    needed = needed_for(target, average.rounding)
    tally = Tally.behind(average)
    aim = _Aim(tally, int(target), Fraction(needed), int(kinds.top()))
    reached = tally.mean is not None and tally.mean >= needed
    ways = () if reached else _ways(aim, kinds, lessons_left)
    return Forecast(
        average=average,
        target=target,
        needed=needed,
        lessons_left=lessons_left,
        verdict="reached" if reached else "possible" if ways else "impossible",
        ways=ways,
    )


@dataclass(frozen=True)
class _Aim:
    """An average to be brought to a target."""

    tally: Tally
    target: int
    needed: Fraction
    """The least average that makes the target."""
    top: int
    """The highest mark there is."""

    def lack(self, weight: Decimal | None) -> Fraction:
        """Return by how much marks of a weight must exceed what is needed, all of them together."""
        each = Fraction(1) if weight is None else Fraction(weight)
        return (self.needed * self.tally.weight - self.tally.total) / each


def _ways(aim: _Aim, kinds: FutureMarks, lessons_left: LessonsLeft | None) -> tuple[ForecastWay, ...]:
    found = [
        (count, total, weight or Decimal(0), _way(aim, count, total, weight))
        for weight in kinds.weights
        for count, total in _cheapest(aim, aim.lack(weight), lessons_left)
    ]
    return tuple(way for *_, way in sorted(found, key=lambda one: one[:3]))


def _cheapest(aim: _Aim, lack: Fraction, lessons_left: LessonsLeft | None) -> Iterator[tuple[int, int]]:
    """Yield numbers of marks of one weight and the least sum they need, the fewest first.

    Marks of one weight reach the target when their sum does `count * needed + lack`,
    so of each number of marks only the least sum can be a cheapest one.
    """
    fewest = _fewest(aim, lack)
    if fewest is None:
        return
    most = fewest + _FARTHEST if lessons_left is None else lessons_left.count
    told = 0
    for count in range(fewest, most + 1):
        total = ceil(count * aim.needed + lack)
        lowest = total // count
        if count == fewest or total - lowest < (count - 1) * aim.needed + lack:
            yield count, total
            told += 1
        if told == MOST_WAYS or total <= count * aim.target:  # in a longer set some mark is needless
            return


def _fewest(aim: _Aim, lack: Fraction) -> int | None:
    """Return how many of the highest marks reach the target; None when no number does."""
    gain = aim.top - aim.needed
    if gain > 0:
        return max(1, ceil(lack / gain))
    return 1 if gain == 0 and lack <= 0 else None


def _way(aim: _Aim, count: int, total: int, weight: Decimal | None) -> ForecastWay:
    lower, higher_count = divmod(total, count)
    counts = {lower + 1: higher_count, lower: count - higher_count}
    after = aim.tally.plus(Fraction(total), count, weight)
    return ForecastWay(
        marks=tuple(
            ForecastMark(value=Decimal(value), weight=weight, count=many)
            for value, many in counts.items()
            if many
        ),
        count=count,
        average=figure(after.total / after.weight),
    )
