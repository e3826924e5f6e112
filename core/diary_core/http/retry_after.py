"""Reading `Retry-After`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

_LONGEST = timedelta(days=1)


def retry_after(response: httpx2.Response) -> timedelta | None:
    """Return how long the server asks us to wait; None when it does not say or says nonsense.

    Both forms of RFC 9110 §10.2.3 are read: seconds, and a date, held against the server's own `Date`.
    Never negative and never longer than a day.
    """
    written = response.headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit():
        wait = timedelta(seconds=min(int(written[:10]), _LONGEST.total_seconds()))
    else:
        until = _moment(written)
        if until is None:
            return None
        wait = until - (_moment(response.headers.get("date", "")) or datetime.now(UTC))
    return min(max(wait, timedelta(0)), _LONGEST)


def _moment(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
