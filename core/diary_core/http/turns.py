"""Whose turn it is to call a host: so many calls a second, and none while it has asked for a pause."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, Protocol

from diary_core.errors import RegionBusy


class Pace(NamedTuple):
    """How fast a line of callers moves."""

    calls_per_s: float
    burst: int
    """So many go at once after a pause."""
    wait_max_s: float
    """Nobody is let in who would have to wait longer."""


class Turns(Protocol):
    """Who may call when; shared by everybody who calls the same hosts.

    A line is one instance at one host; instances that share a host have lines of their own,
    but when the host asks for a pause, it is for all of them.
    """

    async def reserve(self, line: str, host: str, pace: Pace) -> float:
        """Take the next free turn and return in how many seconds it comes; 0 is now.

        Raises:
            RegionBusy: The host has asked for a pause, or the turn would come too late; none is taken.
        """
        ...

    async def give_back(self, line: str, host: str, pace: Pace) -> None:
        """Return a turn that will not be used, so that the next caller comes earlier."""
        ...

    async def hold(self, host: str, pause: timedelta) -> None:
        """Let nobody call a host for a while; a pause that is longer already stays."""
        ...

    async def check(self, host: str) -> None:
        """Make sure that a host may be called now.

        Raises:
            RegionBusy: It has asked for a pause.
        """
        ...


@dataclass(frozen=True)
class OwnTurns:
    """The turns of one process.

    Each line keeps the moment from which the turns after the burst are free (GCRA):
    nothing to refill, nothing to queue, and who leaves the line moves that moment back.

    Args:
        clock: Seconds that never go back.
    """

    clock: Callable[[], float] = time.monotonic
    _next_at: dict[str, float] = field(default_factory=dict[str, float], repr=False)
    _held_until: dict[str, float] = field(default_factory=dict[str, float], repr=False)

    async def reserve(self, line: str, host: str, pace: Pace) -> float:
        """Take the next free turn, as of `Turns.reserve`."""
        await self.check(host)
        now, every_s = self.clock(), 1 / pace.calls_per_s
        next_at = max(self._next_at.get(line, now), now)
        wait_s = max(next_at - (pace.burst - 1) * every_s - now, 0)
        if wait_s > pace.wait_max_s:
            raise too_long(wait_s)
        self._next_at[line] = next_at + every_s
        return wait_s

    async def give_back(self, line: str, host: str, pace: Pace) -> None:
        """Return a turn that will not be used."""
        if line in self._next_at:
            self._next_at[line] -= 1 / pace.calls_per_s

    async def hold(self, host: str, pause: timedelta) -> None:
        """Let nobody call a host for a while."""
        until = self.clock() + pause.total_seconds()
        self._held_until[host] = max(self._held_until.get(host, until), until)

    async def check(self, host: str) -> None:
        """Make sure that a host may be called now, as of `Turns.check`."""
        left_s = self._held_until.get(host, 0) - self.clock()
        if left_s > 0:
            raise asked_to_wait(left_s)


def too_long(wait_s: float) -> RegionBusy:
    """Return the refusal of who would wait too long."""
    return RegionBusy("the line to this diary is too long", retry_after=timedelta(seconds=wait_s))


def asked_to_wait(left_s: float) -> RegionBusy:
    """Return the refusal of who comes before the host wants to be called."""
    return RegionBusy("the host has asked for a pause", retry_after=timedelta(seconds=left_s))
