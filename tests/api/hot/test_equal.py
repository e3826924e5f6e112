"""Whatever happens in whatever order, what memory gives is what the router gives, to each account its own."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
import pytest

from diary_api.settings import Settings
from diary_core.errors import RegionDown
from tests.api.hot.gateways import NO_BACKSTOP, as_seen
from tests.api.running import LinkedFamily, MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins
from tests.more import quick_first

pytestmark = pytest.mark.anyio

_PAST_MEMORY = (("If-None-Match", '"none"'), ("If-None-Match", '"other"'))
"""Said twice, it is a request the layer leaves to the router."""
_WHAT = (
    "week",
    "week?of=2026-09-07",
    "days?since=2026-09-14&until=2026-09-16",
    "terms",
    "signatures?since=2026-09-07&until=2026-09-13",
    "school",
    "marks?since=2026-09-01&until=2026-09-20",
    "nonsense",
)
_STEPS = 40


@dataclass
class Life:
    """Two families, and chance."""

    gate: RunningGateway
    town: TinyTown
    families: list[LinkedFamily]
    chance: random.Random
    unequal: list[str] = field(default_factory=list[str])

    async def step(self) -> None:
        """Do anything at all: mostly reading."""
        writes: tuple[Callable[[], Awaitable[object]], ...] = (
            self.wait,
            self.sign,
            self.trouble,
            self.sign_out,
            self.relist,
            self.relink,
        )
        if self.chance.random() < 0.75:
            await self.read()
        else:
            await self.chance.choice(writes)()

    async def read(self) -> None:
        """Read as anybody about anybody: as it comes, often enough to be remembered, then past the memory."""
        reader, about = (self.chance.choice(self.families) for _ in range(2))
        address = f"/v1/children/{self.chance.choice(about.child_ids)}/{self.chance.choice(_WHAT)}"
        for _ in range(2):
            await reader.parent.get(address)
        hot = await reader.parent.get(address)
        own = httpx2.Headers([*_PAST_MEMORY, ("Authorization", reader.parent.headers["Authorization"])])
        cold = await self.gate.client.get(address, headers=own)
        if hot.status_code == cold.status_code != 200:
            return  # problems carry the number of the call
        if as_seen(hot) != as_seen(cold):
            self.unequal.append(f"{address}: {hot.status_code} {cold.status_code}")

    async def is_remembered_when_calm(self) -> bool:
        """Tell whether memory serves after all that: a life in which it never does proves nothing."""
        self.town.trouble = None
        self.gate.clock.move(timedelta(days=1))
        hits = self.gate.gateway.hot.hits
        for _ in range(3):  # the first asks the diary, the second is kept, the third is given from memory
            await self.families[0].read("terms")
        return self.gate.gateway.hot.hits > hits

    async def wait(self) -> None:
        """Let time pass."""
        self.gate.clock.move(timedelta(seconds=self.chance.choice((1, 60, 299, 86_400))))

    async def sign(self) -> None:
        """Sign a week."""
        family = self.chance.choice(self.families)
        await family.parent.put(f"/v1/children/{family.child_ids[0]}/signatures/2026-09-07")

    async def trouble(self) -> None:
        """Let the diary go down, or come back."""
        self.town.trouble = None if self.town.trouble else RegionDown("down")

    async def sign_out(self) -> None:
        """End a session and open another: the old key must open nothing."""
        number = self.chance.randrange(len(self.families))
        old = self.families[number]
        await old.parent.delete("/v1/sessions/current")
        address = f"/v1/children/{old.child_ids[0]}/week"
        if (await old.parent.get(address)).status_code != 401:
            self.unequal.append("an ended session was let in")
        parent = await self.gate.parent(("olga", "ivan")[number] + "@example.org")
        self.families[number] = LinkedFamily(parent, old.connection_id, old.child_ids)

    async def relist(self) -> None:
        """Ask a diary again who is there."""
        family = self.chance.choice(self.families)
        await family.parent.post(f"/v1/connections/{family.connection_id}/refresh")

    async def relink(self) -> None:
        """Unlink a diary and link it again: its children are others then, the old ones are nobody's."""
        number = self.chance.randrange(len(self.families))
        old, login = self.families[number], ("olga", "ivan")[number]
        if self.town.trouble or self.chance.random() < 0.5:
            return
        await old.parent.delete(f"/v1/connections/{old.connection_id}")
        self.families[number] = await self.gate.family(login)


@pytest.mark.parametrize("seed", quick_first(range(1, 20)))
async def test_hot_answers_equal_cold_ones(
    settings: Settings, town: TinyTown, clock: MovableClock, seed: int
) -> None:
    """Random accounts, requests, writes, outages and waits: no answer differs, nobody gets another's."""
    changed = settings.model_copy(update={"hot": NO_BACKSTOP})
    town.signed = {}
    async with running(changed, tiny_plugins(town), clock) as gate:
        families = [await gate.family(login) for login in ("olga", "ivan")]
        life = Life(gate, town, families, random.Random(seed))
        for _ in range(_STEPS):
            await life.step()
        assert life.unequal == []
        assert await life.is_remembered_when_calm()
