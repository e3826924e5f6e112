"""A read is not worked on for a client that has left."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from diary_core.credentials import CredentialKeeper
from diary_core.model import Answer, Source, Term
from diary_core.provider import Channel
from tests.api.databases import Database
from tests.api.running import (
    LinkedFamily,
    MovableClock,
    RunningGateway,
    on_a_socket,
    running,
    settings_for,
)
from tests.api.tiny import TinyDiary, TinyProvider, TinyTown, tiny_plugins
from tests.core.http.upstream import Upstream, running_upstream

pytestmark = pytest.mark.anyio


class FarDiary(TinyDiary):
    """What the tests' own system shows, asked over HTTP."""

    def __init__(self, source: Source, channel: Channel, keeper: CredentialKeeper, town: TinyTown) -> None:
        super().__init__(source, channel, keeper, town)
        self._channel = channel

    async def terms(self, enrolment_id: str) -> Answer[Term]:
        await self._channel.http.get(self._channel.instance.hosts["api"])
        return await super().terms(enrolment_id)


@dataclass(frozen=True)
class FarTown:
    """A gateway on a socket, a family of it, and the server its diary stands on."""

    url: str
    family: LinkedFamily
    upstream: Upstream
    gateway: RunningGateway

    @asynccontextmanager
    async def asking(self, what: str, askers: int = 1) -> AsyncGenerator[list[asyncio.Task[httpx2.Response]]]:
        """Have some clients ask for a thing at once, until the diary's server has been called."""
        address = f"{self.url}/v1/children/{self.family.child_ids[0]}/{what}"
        async with httpx2.AsyncClient(headers=self.family.parent.headers, timeout=30) as client:
            tasks = [asyncio.create_task(client.get(address)) for _ in range(askers)]
            async with asyncio.timeout(20):
                while not self.upstream.calls:  # noqa: ASYNC110  the server has no event for it
                    await asyncio.sleep(0.01)
            yield tasks


@pytest.fixture
async def far(
    tmp_path: Path,
    database: Database,
    town: TinyTown,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[FarTown]:
    def whole(_: TinyProvider) -> type[TinyDiary]:
        return FarDiary

    monkeypatch.setattr(TinyProvider, "_whole", whole)
    async with running_upstream() as upstream:
        settings = settings_for(tmp_path, database, upstream_hosts={"https://tiny.example.org": upstream.url})
        async with running(settings, tiny_plugins(town), clock) as gateway, on_a_socket(gateway) as url:
            yield FarTown(url, await gateway.family(), upstream, gateway)


async def test_a_client_that_leaves_takes_its_call_along(far: FarTown, log: io.StringIO) -> None:
    """The diary's server sees the connection closed; the log tells why, and of no fault."""
    gone = asyncio.Event()
    far.upstream.answers(far.upstream.stalls_after(b"", gone))
    async with far.asking("terms") as (asker,):
        asker.cancel()
        async with asyncio.timeout(20):
            await gone.wait()
    async with asyncio.timeout(20):
        while '"outcome": "left"' not in log.getvalue():  # noqa: ASYNC110  a log has none
            await asyncio.sleep(0.01)
    assert "a fault" not in log.getvalue()


async def test_a_call_somebody_waits_for_goes_on(far: FarTown) -> None:
    """Of two who ask the same one may leave."""
    answered = asyncio.Event()

    async def later(writer: asyncio.StreamWriter) -> None:
        await answered.wait()
        await far.upstream.says()(writer)

    far.upstream.answers(later)
    async with far.asking("terms", askers=2) as (leaves, stays):
        await asyncio.sleep(0.3)
        leaves.cancel()
        await asyncio.sleep(0.3)
        answered.set()
        answer = await stays
    assert (answer.status_code, len(far.upstream.calls)) == (200, 1)


async def test_a_write_goes_on_when_its_client_leaves(far: FarTown, town: TinyTown) -> None:
    """Nothing is left half done."""
    town.held = asyncio.Event()
    parent = far.family.parent
    async with httpx2.AsyncClient(headers=parent.headers, base_url=far.url, timeout=30) as client:
        link = asyncio.create_task(client.post("/v1/connections", json={"region": "54", "method": "code"}))
        async with asyncio.timeout(20):
            await town.waits.wait()
        link.cancel()
    await asyncio.sleep(0.2)
    town.held.set()
    async with asyncio.timeout(20):
        while len((await parent.get("/v1/connections")).json()["items"]) < 2:  # noqa: ASYNC110  told nowhere
            await asyncio.sleep(0.05)
