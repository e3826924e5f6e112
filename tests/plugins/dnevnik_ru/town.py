"""The running sandbox as the gateway sees it, and a channel where nothing may be sent."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2
from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.http import DoorLimits, open_client
from diary_core.provider import Channel, Instance
from diary_core.sign_in import Reply, SignedIn
from diary_core.testing import MemoryStore, fixed_clock, open_diary
from diary_dnevnik_ru import DnevnikRuProvider
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.serve import Sandbox, running_sandbox

PROVIDER: Final = DnevnikRuProvider()
OPTIONS: Final = {
    "client_id": SecretStr(GATEWAY.client_id),
    "client_secret": SecretStr(GATEWAY.secret),
}
MOTHER: Final = {"login": "obraztsova", "password": "sandbox-dnevnik"}
"""Two children in one school of Novgorod oblast."""
QUICK: Final = DoorLimits(
    retry_wait_s=0.01, failures_max=1000, calls_per_s=1000, calls_burst=1000, hold_max_s=1e-6
)


@dataclass(frozen=True)
class Town:
    """A running town and the gateway's side of it."""

    sandbox: Sandbox
    channel: Channel

    async def sign_in(self, **form: str) -> SignedIn:
        """Sign in by password."""
        step = await PROVIDER.answer(self.channel, "password", {}, Reply(values=form or MOTHER))
        assert isinstance(step, SignedIn)
        return step

    def channel_of(self, instance: Instance) -> Channel:
        """Return the way to another region; all of them stand behind the same servers."""
        moved = instance.at(self.sandbox.hosts)
        return Channel(moved, self.channel.http, self.channel.now, self.channel.options)

    async def diary(self, credentials: Credentials | None = None) -> DnevnikRuDiary:
        """Open the mother's diary."""
        return self.open(MemoryStore(credentials or (await self.sign_in()).credentials))

    def open(self, store: MemoryStore) -> DnevnikRuDiary:
        """Open the diary whose credentials are kept there."""
        diary = open_diary(
            PROVIDER,
            self.channel.instance,
            "password",
            store,
            http=self.channel.http,
            now=self.channel.now,
            options=self.channel.options,
        )
        assert isinstance(diary, DnevnikRuDiary)
        return diary

    def calls(self) -> dict[str, int]:
        """Return how often each path of the API was asked for, ids left out."""
        found: dict[str, int] = {}
        for call, times in self.sandbox.state.requests.get("api.dnevnik.ru", {}).items():
            named = " ".join(call.split("/v2/", 1)[-1:])
            path = "/".join("{}" if part[:1].isdigit() else part for part in named.split("/"))
            found[path] = found.get(path, 0) + times
        return found

    def forget_calls(self) -> None:
        """Count anew."""
        self.sandbox.state.requests.clear()


@asynccontextmanager
async def a_town(region: str = "novgorod", *, limits: DoorLimits = QUICK) -> AsyncGenerator[Town]:
    """Run the sandbox and stand in front of it with the gateway's own door."""
    async with running_sandbox() as sandbox:
        instance = PROVIDER.instance(region).at(sandbox.hosts)
        hosts = [instance.hosts["api"], instance.hosts["login"]]
        async with open_client(hosts, limits=limits, name="dnevnik_ru/test") as http:
            yield Town(sandbox, Channel(instance, http, sandbox.clock.now, OPTIONS))


@asynccontextmanager
async def a_channel(
    instance: Instance, answer: Callable[[httpx2.Request], httpx2.Response] | None = None
) -> AsyncGenerator[Channel]:
    """Return a channel whose server answers so; without an answer nothing may be sent."""

    def nobody(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(f"nothing may be sent, yet {request.method} was")

    base = httpx2.MockTransport(answer or nobody)
    async with open_client(instance.hosts.values(), limits=QUICK, name="test", base=base) as http:
        yield Channel(instance, http, fixed_clock(), OPTIONS)
