"""The sandbox's clock stands, runs and is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diary_sandbox.clock import MOSCOW, Clock

_NOON = datetime(2026, 11, 25, 12, 0, tzinfo=MOSCOW)


class Seconds:
    """A stopwatch the test turns by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_stands_still_unless_running() -> None:
    """Real time does not touch a standing clock, and carries a running one."""
    seconds = Seconds()
    standing, running = Clock(_NOON, monotonic=seconds), Clock(_NOON, running=True, monotonic=seconds)
    seconds.now += 90
    assert standing.now() == _NOON
    assert running.now() == _NOON + timedelta(seconds=90)


def test_it_is_moved_both_ways_and_reset() -> None:
    """Set, advanced, moved back and reset, it shows what it was told."""
    seconds = Seconds()
    clock = Clock(_NOON, running=True, monotonic=seconds)
    seconds.now += 10
    clock.advance(timedelta(days=-1))
    assert clock.now() == _NOON - timedelta(days=1) + timedelta(seconds=10)
    clock.set(_NOON, running=False)
    seconds.now += 10
    assert (clock.now(), clock.running) == (_NOON, False)
    clock.reset()
    assert clock.now() == _NOON


def test_zones_see_their_own_date() -> None:
    """At one moment it is another day further east."""
    clock = Clock(datetime(2026, 11, 25, 20, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 11, 25)
    assert clock.today(ZoneInfo("Asia/Vladivostok")) == date(2026, 11, 26)
    assert clock.timestamp() == int(datetime(2026, 11, 25, 20, 30, tzinfo=UTC).timestamp())


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive time is nobody's time."""
    with pytest.raises(ValueError, match="zone"):
        Clock(datetime(2026, 11, 25, 12, 0))
    clock = Clock(_NOON)
    with pytest.raises(ValueError, match="zone"):
        clock.set(datetime(2026, 11, 25, 12, 0))
    assert clock.now() == _NOON
