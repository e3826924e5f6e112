"""A cold week of two children: the gateway against the clients its users could pick instead.

Nobody has asked for the week before; the diary takes 100 ms for every answer.
The gateway is asked as a page would: for both children in the same moment, over two connections.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import uvloop

from benchmarks.copies import copy, left_behind
from benchmarks.critical_path import round_trips
from benchmarks.figures import Figure, Goal
from benchmarks.load import Run, all_at_once
from benchmarks.peers.environment import NoPeers, python
from benchmarks.peers.process import Peer, peer
from benchmarks.processes import cpu_s
from benchmarks.rounds import Effort, interleaved, median
from benchmarks.town import DIARIES, IMPOLITE, STILL, Far, Parent, Served, Town, town
from benchmarks.weeks import asked_week, monday

DELAY_MS = 100
PEERS: Mapping[str, tuple[str, Sequence[str]]] = {
    "mrko": ("octodiary", ("as shown", "fewest", "side by side")),
    "dnevnik_ru": ("pydnevnikruapi", ("as shown", "side by side")),
}
"""By provider, the client and the ways it is used in."""
CROWDS: Mapping[int, int] = {50: 5, 200: 1, 500: 1}
"""How many ask at once, and how often that is tried."""
RICH_BYTES = 15_000
"""A week larger than this has lessons in it, not vacation."""
_GATEWAY = "gateway"


def measure(effort: Effort) -> Sequence[Figure]:
    """Measure both systems."""
    found: list[Figure] = []
    with town() as place:
        settings = place.settings("cold", **IMPOLITE, **STILL)
        with place.gateway("cold", settings) as served:
            for provider in DIARIES:
                parent = served.family(provider)
                token = left_behind(settings, parent).token
                families = effort.of(sum(crowd * times for crowd, times in CROWDS.items()) + 50, 12)
                strangers = iter(copy(settings, parent, families))
                case = _Case(provider, served, place.far[provider], strangers, effort)
                with _peer(place, provider, token, effort) as client:
                    found += case.one_asker(client)
                found += case.crowds()
    return found


@contextmanager
def _peer(place: Town, provider: str, token: str, effort: Effort) -> Generator[Peer | None]:
    """Run the peer of a system; without a network there is none, and its figures are left out."""
    try:
        interpreter = python(fetch=effort is Effort.FULL)
    except NoPeers as error:
        sys.stderr.write(f"{error}\n")
        yield None
        return
    with peer(interpreter, f"{PEERS[provider][0]}_week", place.far[provider].url, token) as client:
        yield client


@dataclass(frozen=True)
class _Case:
    """One system."""

    provider: str
    served: Served
    far: Far
    strangers: Iterator[Parent]
    """Families whose weeks nobody has asked for."""
    effort: Effort

    def one_asker(self, client: Peer | None) -> list[Figure]:
        """Measure one parent alone, the gateway and the peer in turns."""
        week = self._rich_week()
        ways: dict[str, Callable[[], Sequence[float]]] = {_GATEWAY: lambda: self._asked(week, 1)[1]}
        name, how = PEERS[self.provider]
        if client is not None:
            for way in how:
                ways[way] = lambda way=way: client.week(way, week)
                ways[way]()
        self.far.delay(DELAY_MS)
        trips: dict[str, list[int]] = {one: [] for one in ways}
        calls: dict[str, int] = {}
        own: list[float] = []

        def counted(way: str) -> float:
            self.far.forget()
            (waited,) = ways[way]()
            made = self.far.calls()
            trips[way].append(round_trips(made))
            calls[way] = len(made)
            if way == _GATEWAY:
                own.append(waited - max(call.left - call.came for call in made))
            return waited

        rounds = self.effort.of(15, 1)
        took = interleaved({way: lambda way=way: counted(way) for way in ways}, rounds)
        self.far.delay(0)
        ours = median(took[_GATEWAY])
        found = [
            self._figure("wall", "one parent, both children", ours * 1000, "ms"),
            self._figure("trips", "round trips waited for", median(trips[_GATEWAY]), "", Goal(bound=1)),
            self._figure("calls", "calls made", calls[_GATEWAY], ""),
            self._figure("own", "own cost over the slowest call, one parent", median(own) * 1000, "ms"),
        ]
        for way in ways:
            if way != _GATEWAY:
                shown = f"{name}, {way}"
                found += [
                    self._figure(f"peer.{way}.wall", shown, median(took[way]) * 1000, "ms"),
                    self._figure(f"peer.{way}.trips", f"{shown}: round trips", median(trips[way]), ""),
                    self._figure(f"peer.{way}.calls", f"{shown}: calls made", calls[way], ""),
                    self._figure(
                        f"peer.{way}.ratio",
                        f"gateway / {shown}",
                        ours / median(took[way]),
                        "",
                        None if way == "side by side" else Goal(bound=0.5),
                    ),
                ]
        return found

    def crowds(self) -> list[Figure]:
        """Measure many parents who ask in the same moment."""
        week = self._rich_week()
        self.far.delay(DELAY_MS)
        found: list[Figure] = []
        for crowd, times in self.effort.of(CROWDS, {3: 1}).items():
            own: list[float] = []
            spent: list[float] = []
            walls: list[float] = []
            refused = 0
            for _ in range(times):
                self.far.forget()
                before = cpu_s([self.served.pid])
                run, waited = self._asked(week, crowd)
                spent.append((cpu_s([self.served.pid]) - before) / (2 * crowd))
                slowest = median([call.left - call.came for call in self.far.calls()])
                own += [one - slowest for one in waited]
                walls.append(run.took_s)
                refused += dict(run.statuses).get(503, 0)
            goal = Goal(bound=5) if crowd == min(CROWDS) else None
            found += [
                self._figure(
                    f"own.{crowd}", f"own cost, median of {crowd} at once", median(own) * 1000, "ms", goal
                ),
                self._figure(f"last.{crowd}", f"the last of {crowd} has it", median(walls) * 1000, "ms"),
                self._figure(f"refused.{crowd}", f"refused with 503, of {2 * crowd * times}", refused, ""),
                self._figure(
                    f"cpu.{crowd}", f"CPU for one child's week, {crowd} at once", median(spent) * 1000, "ms"
                ),
            ]
        self.far.delay(0)
        return found

    def _rich_week(self) -> date:
        """Return the Monday of the newest whole week with lessons for both, that the far diary now knows."""
        self.far.delay(0)
        parent = next(self.strangers)
        for back in range(1, 20):
            week = monday(back)
            if uvloop.run(all_at_once(self.served.url, asked_week(parent, week))).bytes > 2 * RICH_BYTES:
                return week
        raise LookupError("no week of the town has lessons")

    def _asked(self, week: date, crowd: int) -> tuple[Run, Sequence[float]]:
        """Let so many strangers ask at once, and return how long each has waited for both children."""
        parents = [next(self.strangers) for _ in range(crowd)]
        requests = [request for parent in parents for request in asked_week(parent, week)]
        run = uvloop.run(all_at_once(self.served.url, requests))
        if not {200} <= set(run.statuses) <= {200, 503}:
            raise ConnectionError(f"the gateway failed: {dict(run.statuses)}")
        return run, [max(pair) for pair in zip(run.times_s[::2], run.times_s[1::2], strict=True)]

    def _figure(self, key: str, says: str, value: float, unit: str, goal: Goal | None = None) -> Figure:
        shown = f"{self.provider}: {says}"
        return Figure(key=f"{self.provider}.{key}", says=shown, value=round(value, 3), unit=unit, goal=goal)
