"""Ten thousand families of an evening: most look at what is known, some at what is not, a few write.

A hundred families, a thousand and ten thousand ask the same mix, so that what differs is how many there are.
They are copies of two that have signed in, one of each system; the diaries answer after 100 ms.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import cycle

import uvloop
from tests.services import NotHere

from benchmarks.copies import copy
from benchmarks.evening_traffic import COLD, WARM, WEEKS, WRITE, Mix, Traffic
from benchmarks.figures import Figure, Goal
from benchmarks.processes import cpu_s, memory_mb
from benchmarks.rounds import Effort
from benchmarks.several import several
from benchmarks.town import DIARIES, IMPOLITE, STILL, Served, Town, town

CONNECTIONS = 64
DELAY_MS = 100
POPULATIONS = (100, 1_000, 10_000)
_EVENING = Mix(warm=0.7, cold=0.2, write=0.1)
_KNOWN = Mix(warm=1, cold=0, write=0)


def measure(effort: Effort) -> Sequence[Figure]:
    """Measure one process on SQLite, then two on PostgreSQL and Redis."""
    with town() as place:
        found = _one(place, effort)
        try:
            return [*found, *_two(place, effort)]
        except NotHere as missing:
            sys.stderr.write(f"{missing}\n")
            return found


def _one(place: Town, effort: Effort) -> list[Figure]:
    settings = place.settings("families", **IMPOLITE, **STILL)
    found: list[Figure] = []
    costs: list[float] = []
    with place.gateway("families", settings) as served:
        crowd = _Crowd(place, [served], settings)
        crowd.teach(effort.of(WEEKS, 2))
        for population in effort.of(POPULATIONS, (4, 8)):
            crowd.grow(population)
            figures, cost = crowd.evening(effort, f"one.{population}", f"{population} families, one process")
            found += figures
            costs.append(cost)
        flat = costs[-1] / costs[0]
        found.append(_figure("one.flat", "CPU a request, most families / fewest", flat, "", Goal(bound=1.2)))
        before = memory_mb([served.pid])
        crowd.evening(effort, "", "")
        grown = memory_mb([served.pid]) / before
        found.append(
            _figure("one.grown", "memory after once more as much / before", grown, "", Goal(bound=1.1))
        )
        figures, _ = crowd.evening(effort, "one.known", "known answers only, one process", mix=_KNOWN)
        return [*found, *figures]


def _two(place: Town, effort: Effort) -> list[Figure]:
    with several(place, "several", {**IMPOLITE, **STILL}, processes=2) as running:
        crowd = _Crowd(place, running.served, running.settings)
        crowd.grow(effort.of(1_000, 4))
        before = running.counted()
        figures, _ = crowd.evening(effort, "two", "1000 families, two processes")
        spent = running.counted()
        asked = crowd.asked
        known, _ = crowd.evening(effort, "two.known", "known answers only, two processes", mix=_KNOWN)
        return [
            *figures,
            _figure(
                "two.transactions",
                "PostgreSQL transactions a request",
                (spent.transactions - before.transactions) / asked,
                "",
            ),
            _figure("two.redis", "Redis commands a request", (spent.commands - before.commands) / asked, ""),
            *known,
        ]


class _Crowd:
    """The families of some gateways that share a database."""

    def __init__(self, place: Town, served: Sequence[Served], settings: dict[str, str]) -> None:
        self._place = place
        self._served = served
        self._settings = settings
        self._patterns = {provider: served[0].family(provider) for provider in DIARIES}
        self._traffic = Traffic(self._patterns)
        self._count = 0
        self.asked = 0
        """Requests of the last evening."""

    def teach(self, weeks: int) -> None:
        """Let the town's diaries know so many weeks, once, so that none is slower than another later on."""
        self._traffic.teach(self._served[0].url, weeks)

    def grow(self, population: int) -> None:
        """Let so many families live there, half in each system."""
        share = (population - self._count) // len(self._patterns)
        for pattern in self._patterns.values():
            self._traffic.welcome(copy(self._settings, pattern, share))
        self._count = population

    def evening(
        self, effort: Effort, key: str, says: str, *, mix: Mix = _EVENING
    ) -> tuple[list[Figure], float]:
        """Let them ask for some seconds, and return the figures and the CPU a request in milliseconds."""
        for provider in DIARIES:
            self._place.far[provider].delay(DELAY_MS)
        pids = [one.pid for one in self._served]
        before = cpu_s(pids)
        seconds = effort.of(8.0, 1.0)
        urls = cycle(one.url for one in self._served)
        lines = [next(urls) for _ in range(CONNECTIONS)]
        self._traffic.begin(mix)
        runs = uvloop.run(self._traffic.drive(lines, seconds))
        for provider in DIARIES:
            self._place.far[provider].delay(0)
        self.asked = sum(len(run.times_s) for run in runs.values())
        cost = (cpu_s(pids) - before) / self.asked * 1000
        found = [
            _figure(f"{key}.per_s", f"{says}: requests", self.asked / runs[WARM].took_s, "/s"),
            _figure(f"{key}.cpu", f"{says}: CPU a request", cost, "ms"),
            _figure(f"{key}.memory", f"{says}: memory", memory_mb(pids), "MB"),
        ]
        for kind in (WARM, COLD, WRITE):
            if runs[kind].times_s:
                found += [
                    _figure(f"{key}.{kind}.p50", f"{says}: {kind}, p50", runs[kind].ms(0.5), "ms"),
                    _figure(f"{key}.{kind}.p99", f"{says}: {kind}, p99", runs[kind].ms(0.99), "ms"),
                ]
        failed = sum(
            count for run in runs.values() for status, count in run.statuses.items() if status >= 400
        )
        found.append(_figure(f"{key}.failed", f"{says}: refused or failed", failed, "", Goal(bound=0)))
        return found, cost


def _figure(key: str, says: str, value: float, unit: str, goal: Goal | None = None) -> Figure:
    return Figure(key=key, says=says, value=round(value, 3), unit=unit, goal=goal)
