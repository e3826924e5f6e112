"""What time it is, so that tests and demonstrations can say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def hour_of(instant: datetime) -> datetime:
    """Return the beginning of the hour an instant lies in, in UTC."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
