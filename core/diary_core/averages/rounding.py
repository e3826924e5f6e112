"""From an average to the mark it makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from diary_core.averages.subjects import same_subject
from diary_core.model import DiaryAverage, Rounding, Subject, known

DEFAULT_UP_FROM: Final = Decimal("0.51")
"""Where neither the diary nor the asker tells.

What МЭШ does unless a school has set .60 or .67; Дневник.ру leaves it to the school and tells nothing.
It is a hair more careful than ordinary rounding, so that what is promised holds under either.

Source:
    docs/sources.md, МЭШ; public clients of 2020 to 2026.
"""


def rounding_for(subject: Subject, shown: Iterable[DiaryAverage], up_from: Decimal | None) -> Rounding:
    """Return how averages of a subject are rounded: as asked, else as the diary tells, else the default.

    A school rounds all its subjects alike: what the diary tells of one holds for those it tells nothing of.

    Raises:
        ValueError: `up_from` is not above 0 and at most 1.
    """
    if up_from is not None:
        return Rounding(up_from=up_from, source="given")
    told = [(one.subject, limit) for one in shown if (limit := known(one.rounds_up_from)) is not None]
    own = next((limit for of, limit in told if same_subject(of, subject)), None)
    usual = Counter(limit for _, limit in told).most_common(1)
    if own is not None or usual:
        return Rounding(up_from=own if own is not None else usual[0][0], source="diary")
    return Rounding(up_from=DEFAULT_UP_FROM, source="default")


def mark_made(mean: Fraction, rounding: Rounding) -> Decimal:
    """Return the mark an exact average makes."""
    return Decimal(floor(mean - Fraction(rounding.up_from) + 1))


def needed_for(target: Decimal, rounding: Rounding) -> Decimal:
    """Return the least average that makes a mark: 4.51 for a five that is rounded up to from .51."""
    return target - 1 + rounding.up_from
