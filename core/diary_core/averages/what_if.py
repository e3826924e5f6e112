"""What an average becomes if such marks are given."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from diary_core.averages.future import FutureMarks, check_weights
from diary_core.averages.rounding import mark_made
from diary_core.averages.tally import Tally, figure
from diary_core.errors import InvalidInput
from diary_core.model import Average, ForecastMark, WhatIf


def what_if(average: Average, added: Sequence[ForecastMark], *, future: FutureMarks) -> WhatIf:
    """Return an average after more marks, by the rule it already has.

    Args:
        average: As it stands.
        added: At least one.
        future: What marks of the subject are like; only their scale matters.

    Raises:
        InvalidInput: A mark is not on the scale, or is weighed otherwise than the marks there are.
        ScaleUnknown: The diary has a scale of its own.
    """
    for number, mark in enumerate(added):
        future.check_value(mark.value, f"marks.{number}.value")
        check_weights(average, [mark.weight], f"marks.{number}.weight")
        if (mark.weight is None) != (added[0].weight is None):
            raise InvalidInput("tell the weight of every mark or of none", field=f"marks.{number}.weight")
    tally = Tally.behind(average)
    for mark in added:
        tally = tally.plus(Fraction(mark.value) * mark.count, mark.count, mark.weight)
    mean = tally.total / tally.weight
    return WhatIf(
        before=average,
        added=tuple(added),
        value=figure(mean),
        rounds_to=mark_made(mean, average.rounding),
    )
