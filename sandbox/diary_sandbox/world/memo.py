"""A small bounded memory for pieces that are cheap to make again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """Remembers what a function made, up to a number of pieces; the oldest go first."""

    __slots__ = ("_limit", "_made", "_make")

    def __init__(self, make: Callable[[K], V], limit: int) -> None:
        """Remember the results of a function of one key."""
        self._make = make
        self._limit = limit
        self._made: dict[K, V] = {}

    def __call__(self, key: K) -> V:
        """Return what belongs to the key, made now if need be."""
        made = self._made
        try:
            return made[key]
        except KeyError:
            value = self._make(key)
        if len(made) >= self._limit:
            del made[next(iter(made))]
        made[key] = value
        return value
