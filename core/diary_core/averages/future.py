"""What marks of the future look like: on which scale, and how heavy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from diary_core.errors import InvalidInput, ScaleUnknown
from diary_core.model import Average, MarkScale

_TOPS: Final = {"five": Decimal(5), "ten": Decimal(10), "hundred": Decimal(100)}
_LOWEST: Final = Decimal(1)


@dataclass(frozen=True)
class FutureMarks:
    """Marks that may yet be given in a subject."""

    scale: MarkScale
    weights: tuple[Decimal | None, ...]
    """Each once, the lightest first; `(None,)` where marks are not weighed."""

    def top(self) -> Decimal:
        """Return the highest mark there is.

        Raises:
            ScaleUnknown: The diary has a scale of its own, whose end we do not know.
        """
        top = _TOPS.get(self.scale.kind)
        if top is None:
            raise ScaleUnknown(f"marks of the scale {self.scale.raw!r}", field="subject")
        return top

    def check_value(self, value: Decimal, field: str) -> None:
        """Check that a mark is on the scale.

        Raises:
            InvalidInput: It is not.
            ScaleUnknown: Nobody knows.
        """
        if not _LOWEST <= value <= self.top():
            raise InvalidInput(f"marks go from {_LOWEST} to {self.top()} here", field=field)


def future_marks(average: Average, others: Iterable[Average]) -> FutureMarks:
    """Return what the next marks of a subject will be like: as those before them.

    A subject without a mark follows the other subjects; where nothing was marked yet,
    marks are on the five-point scale of Russian schools, and their weight does not matter.
    """
    examples = [average] if average.inputs else [other for other in others if other.inputs]
    weights = {mark.weight for example in examples for mark in example.inputs if mark.weight is not None}
    return FutureMarks(
        scale=next((example.scale for example in examples if example.scale), MarkScale(kind="five")),
        weights=tuple(sorted(weights)) or (None,),
    )


def weighed_as(average: Average, future: FutureMarks, wanted: Sequence[Decimal]) -> FutureMarks:
    """Return future marks of the weights that are asked for.

    Raises:
        InvalidInput: Weights mean nothing here, or one is not above zero.
    """
    check_weights(average, wanted, "weights")
    return FutureMarks(future.scale, tuple(sorted(set(wanted))))


def check_weights(average: Average, weights: Iterable[Decimal | None], field: str) -> None:
    """Check that marks are weighed as the average is: no weight is made up, and none is left aside.

    Raises:
        InvalidInput: One is told where none are, is missing where they are, or is not above zero.
    """
    for weight in weights:
        if weight is not None and weight <= 0:
            raise InvalidInput("a weight is above zero", field=field)
        if weight is not None and average.rule == "plain_mean":
            why = "are not known" if average.weights == "unknown" else "are not used"
            raise InvalidInput(f"weights {why} in this subject, leave them out", field=field)
        if weight is None and average.rule == "weighted_mean":
            raise InvalidInput("marks are weighed in this subject, tell the weight", field=field)
