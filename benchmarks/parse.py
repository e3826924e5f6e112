"""What reading costs: from the bytes of a diary to a week of the model, against plain `json.loads`.

The provider runs as it does in the gateway; only its network is replaced by one that answers from memory.
What the HTTP client itself costs is measured beside it, with the same calls and nothing made of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

import httpx2
import uvloop
from typing_extensions import override

from benchmarks.copies import left_behind
from benchmarks.figures import Figure
from benchmarks.rounds import Effort, median
from benchmarks.town import DIARIES, IMPOLITE, STILL, town
from diary_api.clock import system_clock
from diary_core.abilities import ReadsDays, able
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import LoginRequired
from diary_core.model import Source
from diary_core.plugins import Plugins, installed, load
from diary_core.provider import Channel
from diary_core.testing import MemoryStore

ResultT = TypeVar("ResultT")
MEGABYTE = 1_000_000


def measure(effort: Effort) -> Sequence[Figure]:
    """Measure both systems on the weeks of a whole month."""
    found: list[Figure] = []
    plugins = load(installed(), switched_off={"example", "gosuslugi"})
    with town() as place:
        settings = place.settings("parse", **IMPOLITE, **STILL)
        with place.gateway("parse", settings) as served:
            for provider in DIARIES:
                left = left_behind(settings, served.family(provider))
                read = _Read(plugins, place.hosts, provider, left.method, left.credentials, left.enrolment_id)
                found += uvloop.run(_measured(read, effort.of(9, 1)))
    return found


async def _measured(read: _Read, rounds: int) -> Sequence[Figure]:
    memory = _Memory()
    client = httpx2.AsyncClient(transport=memory, trust_env=False)
    weeks = [date.today() - timedelta(weeks=back) for back in range(1, 5)]  # noqa: DTZ011  the town's own day
    await read.weeks(client, weeks)
    answers = [body for body in memory.known.values() if body[:1] in {b"{", b"["}]
    size = sum(map(len, answers)) / MEGABYTE
    calls = list(memory.asked)
    model: list[float] = []
    wire: list[float] = []
    plain: list[float] = []
    for _ in range(rounds):
        plain.append(_cpu(lambda: [json.loads(body) for body in answers]))
        wire.append(await _cpu_of(lambda: _only_call(client, calls)))
        model.append(await _cpu_of(lambda: read.weeks(client, weeks)))
    await client.aclose()
    ours, floor = median(model) - median(wire), median(plain)
    name = read.provider

    def figure(key: str, says: str, value: float, unit: str) -> Figure:
        return Figure(key=f"{name}.{key}", says=f"{name}: {says}", value=round(value, 3), unit=unit)

    return [
        figure("bytes", "four weeks of one child on the wire", size, "MB"),
        figure("model", "wire to model", ours / size * 1000, "ms/MB"),
        figure("json", "`json.loads`", floor / size * 1000, "ms/MB"),
        figure("ratio", "wire to model / `json.loads`", ours / floor, ""),
        figure("week", "wire to model, one week", ours / len(weeks) * 1000, "ms"),
        figure("http", "the HTTP client's own cost, one week", median(wire) / len(weeks) * 1000, "ms"),
    ]


@dataclass(frozen=True)
class _Read:
    """One child's diary, and how it is opened."""

    plugins: Plugins
    hosts: Mapping[str, str]
    provider: str
    method: str
    credentials: Credentials
    enrolment_id: str

    async def weeks(self, client: httpx2.AsyncClient, days: Sequence[date]) -> None:
        """Read the week of each day."""
        provider = self.plugins.provider(self.provider)
        instance = next(one for one in provider.instances() if DIARIES[self.provider] in one.hosts.values())
        channel = Channel(instance=instance.at(self.hosts), http=client, now=system_clock, options={})
        source = Source(provider=self.provider, instance=instance.slug, connection="bench")
        keeper = CredentialKeeper(MemoryStore(self.credentials), _never, system_clock)
        for day in days:
            monday = day - timedelta(days=day.weekday())
            diary = able(provider.open(channel, self.method, keeper, source), ReadsDays)
            await diary.days(self.enrolment_id, monday, monday + timedelta(days=6))


@dataclass
class _Memory(httpx2.AsyncBaseTransport):
    """A network that asks each question once, and then answers from memory."""

    known: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    asked: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """The headers of every question, by its address."""
    _network: httpx2.AsyncHTTPTransport = field(default_factory=httpx2.AsyncHTTPTransport)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        target = request.url.raw_path
        if target not in self.known:
            answer = await self._network.handle_async_request(request)
            self.known[target] = await answer.aread()
            self.asked[str(request.url)] = dict(request.headers)
        kind = {"content-type": "application/json"}
        return httpx2.Response(200, content=self.known[target], headers=kind, request=request)

    @override
    async def aclose(self) -> None:
        await self._network.aclose()


async def _only_call(client: httpx2.AsyncClient, calls: Sequence[str]) -> None:
    for url in calls:
        await client.get(url)


async def _never(credentials: Credentials) -> Credentials:
    del credentials
    raise LoginRequired("the measurement is over before a token is")


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


async def _cpu_of(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.process_time()
    await work()
    return time.process_time() - begun
