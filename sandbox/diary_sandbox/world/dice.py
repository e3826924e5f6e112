"""Reproducible chance: the same keys give the same throws on every machine and Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


class Dice:
    """A stream of throws that belongs to its keys and to nothing else.

    Every thing of the world throws its own dice, so nothing depends on what was asked for before.
    (SplitMix64: seeding costs a microsecond, `random.Random` twenty.)
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int, name: str, *keys: int) -> None:
        """Take the dice of one thing: the seed of the world, what it is, which one."""
        state = _mixed(seed & _MASK ^ crc32(name.encode()) * _GOLDEN & _MASK)
        for key in keys:
            state = _mixed((state ^ key) + _GOLDEN & _MASK)
        self._state = state

    def throw(self) -> int:
        """Return 64 random bits."""
        self._state = state = (self._state + _GOLDEN) & _MASK
        return _mixed(state)

    def below(self, limit: int) -> int:
        """Return an integer from 0 to `limit - 1`."""
        return self.throw() % limit

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both inclusive."""
        return low + self.throw() % (high - low + 1)

    def chance(self, percent: float) -> bool:
        """Return True so many times in a hundred."""
        return self.throw() < percent * (_MASK // 100)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.throw() % len(items)]

    def weighed(self, items: Sequence[tuple[int, T]]) -> T:
        """Return one of the items, each as often as its whole-number weight says."""
        left = self.throw() % sum(weight for weight, _ in items)
        for weight, item in items:
            left -= weight
            if left < 0:
                return item
        raise ValueError("nothing to choose from")

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.throw() % (last + 1)
            result[last], result[other] = result[other], result[last]
        return result


def _mixed(state: int) -> int:
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    state = (state ^ state >> 27) * 0x94D049BB133111EB & _MASK
    return state ^ state >> 31
