"""Measuring things side by side, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TypeVar

ValueT = TypeVar("ValueT")


class Effort(Enum):
    """How much is measured."""

    FULL = "full"
    SMOKE = "smoke"
    """So little that the figures say nothing: only that everything starts."""

    def of(self, full: ValueT, smoke: ValueT) -> ValueT:
        """Choose a number of rounds, of seconds, of families."""
        return full if self is Effort.FULL else smoke


def interleaved(calls: Mapping[str, Callable[[], float]], rounds: int) -> Mapping[str, Sequence[float]]:
    """Make each call once a round, A, B, A, B…, and return what each came to, round by round."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(call())
    return found


def timed(call: Callable[[], object]) -> float:
    """Return how long a call takes, in seconds."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of all values does not exceed; the nearest rank.

    Args:
        values: In any order, one at least.
        share: Above 0, up to 1.
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
