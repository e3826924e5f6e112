"""Which hosts are left alone: those that failed too often in a row, but for one call that probes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple, Protocol

from diary_core.errors import RegionResting


class Rest(NamedTuple):
    """When a host is left alone, and for how long."""

    failures_max: int
    """In a row."""
    rest_s: float
    probe_max_s: float
    """A probe nobody has heard of for so long is taken for lost, and another may go."""


class Outcome(Enum):
    """What a call says about its host."""

    GOOD = auto()
    FAILED = auto()
    NOTHING = auto()
    """It was cancelled, or kept back on our side."""


class Circuits(Protocol):
    """What is known of each line, one instance at one host, by everybody who calls it."""

    async def enter(self, line: str, rest: Rest) -> bool:
        """Let a call through, and tell whether it is the probe.

        Raises:
            RegionResting: The host is left alone, or being probed by another call.
        """
        ...

    async def left(self, line: str, rest: Rest, outcome: Outcome, *, probing: bool) -> None:
        """Take note of how a call went that was let through."""
        ...


@dataclass
class _Circuit:
    failures: int = 0
    rests_until: float = 0
    probed_until: float = 0


@dataclass(frozen=True)
class OwnCircuits:
    """The circuits of one process; a line without failures is not kept.

    Args:
        clock: Seconds that never go back.
    """

    clock: Callable[[], float] = time.monotonic
    _failing: dict[str, _Circuit] = field(default_factory=dict[str, _Circuit], repr=False)

    async def enter(self, line: str, rest: Rest) -> bool:
        """Let a call through, as of `Circuits.enter`."""
        circuit = self._failing.get(line)
        if circuit is None or circuit.failures < rest.failures_max:
            return False
        now = self.clock()
        if circuit.rests_until > now:
            raise resting(circuit.rests_until - now)
        if circuit.probed_until > now:
            raise probed()
        circuit.probed_until = now + rest.probe_max_s
        return True

    async def left(self, line: str, rest: Rest, outcome: Outcome, *, probing: bool) -> None:
        """Take note of how a call went."""
        match outcome:
            case Outcome.GOOD:
                self._failing.pop(line, None)
            case Outcome.FAILED:
                circuit = self._failing.setdefault(line, _Circuit())
                circuit.failures += 1
                if circuit.failures >= rest.failures_max:
                    circuit.rests_until, circuit.probed_until = self.clock() + rest.rest_s, 0
            case Outcome.NOTHING:
                if probing and line in self._failing:
                    self._failing[line].probed_until = 0


def resting(left_s: float) -> RegionResting:
    """Return the refusal of who comes while a host is left alone."""
    return RegionResting("the host failed too often", retry_after=timedelta(seconds=left_s))


def probed() -> RegionResting:
    """Return the refusal of who comes while another call probes."""
    return RegionResting("the host is being probed", retry_after=timedelta(seconds=1))
