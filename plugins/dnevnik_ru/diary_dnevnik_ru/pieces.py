"""Long spans, cut to what one call may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

DAYS_AT_ONCE: Final = 28
"""Days in one call: the API names no limit, public clients stay within 30."""


def pieces(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Cut a span into pieces one call may ask for, both ends of each inclusive."""
    while since <= until:
        last = min(since + timedelta(days=DAYS_AT_ONCE - 1), until)
        yield since, last
        since = last + timedelta(days=1)
