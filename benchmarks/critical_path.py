"""How many round trips an asker has waited for, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Spent(Protocol):
    """A call with its beginning and its end, in seconds of one clock."""

    @property
    def came(self) -> float:
        """When it began."""
        ...

    @property
    def left(self) -> float:
        """When it ended."""
        ...


def round_trips(calls: Sequence[Spent]) -> int:
    """Return the length of the longest chain of calls each of which began after the one before had ended.

    No calls are no round trip. Calls that overlap could have been sent in the same moment and count once.
    """
    chains: list[tuple[float, int]] = []
    for call in sorted(calls, key=lambda one: one.came):
        before = max((length for left, length in chains if left <= call.came), default=0)
        chains.append((call.left, before + 1))
    return max((length for _, length in chains), default=0)
