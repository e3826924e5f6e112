"""A thing as it stood from moment to moment; the clock only chooses which state is seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Timeline: TypeAlias = tuple[tuple[datetime, T | None], ...]
"""States by the moment each begins, oldest first; None: the thing is not there (yet, or any more)."""

ALWAYS = datetime(1990, 1, 1, tzinfo=UTC)
"""Before everything that happens in the town."""


def known(timeline: Timeline[T], now: datetime) -> T | None:
    """Return the state at a moment, None when the thing is not there."""
    for since, state in reversed(timeline):
        if since <= now:
            return state
    return None


def amended(timeline: Timeline[T], at: datetime, state: T | None) -> Timeline[T]:
    """Return a timeline that holds a new state from a moment on; what was to come after is dropped."""
    return (*((since, old) for since, old in timeline if since <= at), (at, state))
