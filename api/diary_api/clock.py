"""What time it is, so that tests and demonstrations can say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)
