"""Averages as МЭШ shows them: two digits, several spellings, the way to the next mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import Child, Mark

_HUNDREDTH = Decimal("0.01")
_MOST_MARKS = 30


@dataclass(frozen=True)
class Tally:
    """A weighted sum of marks and the weight behind it."""

    total: Decimal
    weight: Decimal

    @property
    def mean(self) -> Decimal | None:
        """Return the exact mean, nothing when no mark counts."""
        return self.total / self.weight if self.weight else None

    def with_marks(self, value: int, weight: int, count: int) -> "Tally":
        """Return the tally after so many more marks."""
        return Tally(self.total + value * weight * count, self.weight + weight * count)


def tally(marks: Sequence[Mark]) -> Tally:
    """Add up the marks that count; a split mark counts as its parts, each with the mark's weight."""
    total = weight = Decimal(0)
    for mark in marks:
        if mark.counts:
            each = Decimal(1 if mark.weight is None else mark.weight)
            total += sum(mark.values) * each
            weight += each * len(mark.values)
    return Tally(total, weight)


def rounded(mean: Decimal) -> Decimal:
    """Return a mean with two digits after the point, halves up."""
    return mean.quantize(_HUNDREDTH, ROUND_HALF_UP)


def spelled(child: Child, key: object, mean: Decimal | None) -> str | float | None:
    """Return a mean the way the wire writes it: mostly `"4.40"`, sometimes `"4,40"` or `4.4`."""
    if mean is None:
        return None
    shown = f"{rounded(mean)}"
    forms: tuple[str | float, ...] = (shown, shown, shown.replace(".", ","), float(shown))
    return vary(child, f"average {key}", *forms)


def dynamic(marks: Sequence[Mark]) -> str:
    """Return whether the last mark that counts moved the mean `UP` or `DOWN`, or neither (`NONE`)."""
    counting = [mark for mark in marks if mark.counts]
    now, before = tally(counting).mean, tally(counting[:-1]).mean
    if now is None or before is None or now == before:
        return "NONE"
    return "UP" if now > before else "DOWN"


def target(marks: Sequence[Mark], ceil_after: Decimal) -> dict[str, object] | None:
    """Return how many more marks lift the mean over the next threshold; nothing when no mark counts.

    Above the last threshold nothing remains to be done: no threshold, no paths. One strict client shows that
    the object is there and that `round` may be null; the numbers in it are a choice.

    Args:
        marks: The marks of one period.
        ceil_after: The fraction from which a mean is rounded up, .51 unless a school says otherwise.
    """
    held = tally(marks)
    if held.mean is None:
        return None
    # Below 2 there is nothing to aim at, so the first aim is 3.
    aim = next((value for value in (3, 4, 5) if held.mean < value - 1 + ceil_after), None)
    if aim is None:
        return {"value": 5, "remain": 0, "round": None, "paths": []}
    threshold = aim - 1 + ceil_after
    wanted = dict.fromkeys(((5, 1), (aim, 1), (5, 2)))
    paths = [
        {"value": value, "remain": remain, "weight": weight}
        for value, weight in wanted
        if (remain := _marks_needed(held, value, weight, threshold)) is not None
    ]
    remain = _marks_needed(held, aim, 1, threshold) or _MOST_MARKS
    return {"value": aim, "remain": remain, "round": f"{threshold:.2f}", "paths": paths}


def _marks_needed(held: Tally, value: int, weight: int, threshold: Decimal) -> int | None:
    for count in range(1, _MOST_MARKS + 1):
        mean = held.with_marks(value, weight, count).mean
        if mean is not None and mean >= threshold:
            return count
    return None
