"""Which marks make an average, and by which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from diary_core.model import AverageRule, CountedMark, Mark, MarkScale, known

_SCALES = ("five", "ten", "hundred", "pass_fail", "other")


@dataclass(frozen=True)
class Counting:
    """The marks of an average, and the rule they are averaged by."""

    inputs: tuple[CountedMark, ...] = ()
    """Oldest first."""
    left_out: tuple[str, ...] = ()
    """Ids of marks that count but stand on another scale than most."""
    scale: MarkScale | None = None
    rule: AverageRule | None = None
    weights: Literal["told", "none", "unknown"] | None = None

    def plainly(self) -> tuple[CountedMark, ...]:
        """Return the same marks without their weights."""
        return tuple(mark.model_copy(update={"weight": None}) for mark in self.inputs)


def count_marks(marks: Iterable[Mark]) -> Counting:
    """Return which marks of one subject count, and how.

    Marks of two scales have no average: those of the scale that most are on make it. The rule is

    - the weighted mean, when the diary tells the weight of every counting mark;
    - the plain mean, when no counting mark has a weight, because the school uses none;
    - the plain mean as a stopgap, when some weights cannot be had: one that is not told is not one.
    """
    counting = sorted((mark for mark in marks if mark.counts), key=lambda mark: mark.date)
    if not counting:
        return Counting()
    scale = _scale_of(counting)
    ours = [mark for mark in counting if mark.scale == scale]
    weights = _weights_of(ours)
    return Counting(
        inputs=tuple(
            CountedMark(
                mark_id=mark.id,
                date=mark.date,
                values=_numbers(mark),
                weight=_weight(mark) if weights == "told" else None,
            )
            for mark in ours
        ),
        left_out=tuple(mark.id for mark in counting if mark.scale != scale),
        scale=scale,
        rule="weighted_mean" if weights == "told" else "plain_mean",
        weights=weights,
    )


def _scale_of(marks: Sequence[Mark]) -> MarkScale:
    """Return the scale most marks are on; of two equally used, the more usual one."""
    used = Counter(mark.scale for mark in marks)
    return min(used, key=lambda scale: (-used[scale], _SCALES.index(scale.kind), scale.raw or ""))


def _weights_of(marks: Sequence[Mark]) -> Literal["told", "none", "unknown"]:
    if all(mark.weight is None for mark in marks):
        return "none"
    return "told" if all(_weight(mark) is not None for mark in marks) else "unknown"


def _weight(mark: Mark) -> Decimal | None:
    """Return a weight something can be divided by; one below zero is as good as not told."""
    weight = known(mark.weight)
    return weight if weight is not None and weight > 0 else None


def _numbers(mark: Mark) -> tuple[Decimal, ...]:
    """Return the number of a mark; of a split one its halves, as far as they are numbers."""
    halves = tuple(part.value for part in mark.parts if part.value is not None)
    return halves or ((mark.value,) if mark.value is not None else ())
