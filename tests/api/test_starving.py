"""A diary that hangs starves no other: its askers fill a room of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from typing_extensions import override

from diary_core.credentials import CredentialKeeper
from diary_core.http import DoorLimits
from diary_core.model import Answer, Day, Source
from diary_core.provider import Channel, Instance, InstanceStatus
from tests.api import tiny
from tests.api.running import LinkedFamily, MovableClock, RunningGateway, running, settings_for
from tests.api.tiny import TinyDiary, TinyProvider, TinyTown
from tests.core.http.upstream import Upstream, running_upstream

pytestmark = pytest.mark.anyio

LIMITS: Final = DoorLimits(
    calls_per_s=10_000,
    calls_burst=10_000,
    calls_at_once=10,
    calls_waiting_max=20,
    bucket_wait_max_s=100,
    read_timeout_s=100,
    attempt_timeout_s=100,
    call_timeout_s=100,
)
"""Room for a few, and no end of waiting: what is told at once is told for want of room."""
ASKERS: Final = 60


class FarDiary(TinyDiary):
    """What the tests' own system shows, asked over HTTP."""

    def __init__(self, source: Source, channel: Channel, keeper: CredentialKeeper, town: TinyTown) -> None:
        super().__init__(source, channel, keeper, town)
        self._channel = channel

    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        await self._channel.http.get(self._channel.instance.hosts["api"])
        return await super().days(enrolment_id, since, until)


class FarProvider(TinyProvider):
    """Each of its servers stands at an address of its own."""

    @override
    def instances(self) -> Sequence[Instance]:
        return [
            self._instance(slug, region, InstanceStatus.ACTIVE)
            for slug, region in (("town", "54"), ("east", "56"))
        ]

    @override
    def _instance(self, slug: str, region: str, status: InstanceStatus) -> Instance:
        at_home = super()._instance(slug, region, status)
        return at_home.model_copy(update={"hosts": {"api": f"https://{slug}.example.org"}})

    @override
    def _whole(self) -> type[TinyDiary]:
        return FarDiary


@dataclass(frozen=True)
class TwoTowns:
    """A gateway with a family in each of two towns: the diary of the first one hangs, once it is told to."""

    gate: RunningGateway
    dead: Upstream
    well: Upstream
    of_dead: LinkedFamily
    of_well: LinkedFamily

    def hang(self) -> None:
        """Let the first diary take every call and answer none."""

        async def hang(_writer: asyncio.StreamWriter) -> None:
            await asyncio.Event().wait()

        self.dead.answers(hang)


@pytest.fixture
async def towns(
    tmp_path: Path, town: TinyTown, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[TwoTowns]:
    monkeypatch.setattr(tiny, "TinyProvider", FarProvider)
    async with running_upstream() as dead, running_upstream() as well:
        for upstream in (dead, well):
            upstream.answers(upstream.says())
        settings = settings_for(
            tmp_path,
            upstream_hosts={"https://town.example.org": dead.url, "https://east.example.org": well.url},
            upstream=LIMITS,
            request_timeout=timedelta(minutes=2),
            queue_patience=timedelta(minutes=1),
        )
        async with running(settings, tiny.tiny_plugins(town), clock) as gate:
            families = await gate.family("olga"), await gate.family("ivan", region="56")
            towns = TwoTowns(gate, dead, well, *families)
            towns.hang()
            yield towns


def a_day(number: int) -> dict[str, str]:
    """Return a span that nobody else asks for."""
    day = (date(2026, 9, 1) + timedelta(days=number // 2)).isoformat()
    return {"since": day, "until": (date(2027, 8, 1) + timedelta(days=number % 2)).isoformat()}


@pytest.mark.slow
async def test_a_diary_that_hangs_takes_nothing_of_another(towns: TwoTowns) -> None:
    """Every asker of the other is served; of the many who ask the one, all but a few are told at once."""
    askers = [asyncio.create_task(towns.of_dead.read("days", **a_day(number))) for number in range(ASKERS)]
    room = LIMITS.calls_at_once + LIMITS.calls_waiting_max
    async with asyncio.timeout(60):
        while len(told := [asker.result() for asker in askers if asker.done()]) < ASKERS - room:  # noqa: ASYNC110  told by no event
            await asyncio.sleep(0.01)
    assert Counter((answer.status_code, answer.json()["code"]) for answer in told) == {
        (503, "region_busy"): ASKERS - room
    }
    served = [await towns.of_well.read("days", **a_day(number)) for number in range(5)]
    served += await asyncio.gather(*(towns.of_well.read("days", **a_day(5 + n)) for n in range(15)))
    assert Counter(answer.status_code for answer in served) == {200: 20}
    assert len(towns.dead.calls) == LIMITS.calls_at_once
    waiting = [asker for asker in askers if not asker.done()]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
