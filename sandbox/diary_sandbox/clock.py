"""The sandbox's own clock: it can stand still, run, and be moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


class Clock:
    """An aware clock every part of the sandbox reads, and nothing else.

    It stands still unless `running`; moving it back is allowed and hides again what had been revealed.
    """

    def __init__(
        self, now: datetime, *, running: bool = False, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Set the clock.

        Args:
            now: An aware time.
            running: Whether it goes on with real time from there.
            monotonic: Seconds that never go back; replaced in tests.

        Raises:
            ValueError: The time is naive.
        """
        self._monotonic = monotonic
        self._start = _aware(now)
        self.set(now, running=running)

    @property
    def running(self) -> bool:
        """Say whether the clock goes with real time."""
        return self._running

    def now(self, zone: tzinfo = MOSCOW) -> datetime:
        """Return the present time in a zone."""
        elapsed = self._monotonic() - self._set_at if self._running else 0.0
        return (self._base + timedelta(seconds=elapsed)).astimezone(zone)

    def today(self, zone: tzinfo = MOSCOW) -> date:
        """Return the present date in a zone."""
        return self.now(zone).date()

    def timestamp(self) -> int:
        """Return the present time in whole seconds since the epoch."""
        return int(self.now().timestamp())

    def set(self, now: datetime, *, running: bool | None = None) -> None:
        """Move the clock to an aware time; `running` stays as it was unless given.

        Raises:
            ValueError: The time is naive, or centuries away.
        """
        self._base = _aware(now)
        self._set_at = self._monotonic()
        if running is not None:
            self._running = running

    def advance(self, by: timedelta) -> None:
        """Move the clock by a span; a negative one moves it back.

        Raises:
            ValueError: It would be centuries away.
        """
        try:
            moved = self.now() + by
        except OverflowError as error:
            raise ValueError(f"the clock cannot be moved by {by!r}") from error
        self.set(moved)

    def reset(self) -> None:
        """Move the clock to where it was made."""
        self.set(self._start)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the clock needs a time with a zone, got {moment!r}")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"the clock cannot be set to the year {moment.year}")
    return moment
