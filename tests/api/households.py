"""A family of each system in one town, linked to one gateway."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from diary_core.abilities import Diary
from diary_sandbox.serve import Sandbox, running_sandbox
from diary_sandbox.world import Child, Lesson, Mark
from tests.api.running import MovableClock, RunningGateway, running, settings_for
from tests.oracle.systems import DNEVNIK, MESH, System

PERSONAS: Final = {"mesh": (MESH, "moscow_mother"), "dnevnik": (DNEVNIK, "dnevnik_mother")}
SYSTEMS: Final = tuple(PERSONAS)


@dataclass(frozen=True)
class Household:
    """A parent with a linked diary, and the child of the town that is read about."""

    sandbox: Sandbox
    gate: RunningGateway
    parent: httpx2.AsyncClient
    child: Child
    child_id: str
    diary: type[Diary]
    parent_id: int
    """In the town."""

    @property
    def today(self) -> date:
        """The town's own date."""
        return self.sandbox.clock.today()

    async def ask(self, what: str, **query: str) -> httpx2.Response:
        """Ask about the child."""
        return await self.parent.get(f"/v1/children/{self.child_id}/{what}", params=query)

    async def read(self, what: str, **query: str) -> list[dict[str, Any]]:
        """Read something that is there."""
        answer = await self.ask(what, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def compare_with_class(self) -> httpx2.Response:
        """Turn the comparison of the child with the class on."""
        return await self.parent.put(f"/v1/children/{self.child_id}/class-standing", json={"shown": True})

    async def to_sign(self) -> list[str]:
        """Return the weeks that wait for the parent's signature."""
        (child,) = (
            one
            for one in (await self.parent.get("/v1/family/today")).json()["items"]
            if one["child_id"] == self.child_id
        )
        return [one["week"] for one in child["to_sign"]["items"]]

    def lessons(self, last: date) -> Sequence[Lesson]:
        """Return the child's lessons of four weeks, the last of which begins on a day."""
        return self.sandbox.world.lessons(self.child.id, last - timedelta(weeks=3), last + timedelta(days=6))

    def marks(self) -> list[Mark]:
        """Return the child's marks of the year so far."""
        return list(self.sandbox.world.marks(self.child.id, self.sandbox.world.year.since, self.today))


async def _linked(sandbox: Sandbox, gate: RunningGateway, system: System, persona: str) -> Household:
    parent_id = next(one.parent_id for one in sandbox.world.personas() if one.key == persona)
    child = sandbox.world.children_of(parent_id, system.host)[0]
    parent = await gate.parent(f"{persona}@example.org")
    region = sandbox.world.school(child.school_id).region
    begun = await parent.post("/v1/connections", json={"region": region, "method": system.method})
    values = {"values": dict(system.reply(sandbox, parent_id).values)}
    linked = await parent.post(f"/v1/connections/{begun.json()['id']}/steps", json=values)
    assert linked.json()["state"] == "active", linked.text
    children = (await parent.get("/v1/children")).json()["items"]
    child_id = next(one["id"] for one in children if one["name"]["first"] == child.person.name.first)
    instance = system.instance(sandbox.world.school(child.school_id))
    return Household(
        sandbox, gate, parent, child, child_id, system.provider.diary_by(instance, system.method), parent_id
    )


@asynccontextmanager
async def running_households(folder: Path, **changed: Any) -> AsyncGenerator[Mapping[str, Household]]:
    """Run the town and the gateway; give the families by system.

    Args:
        folder: Of the gateway.
        changed: Settings of the gateway.
    """
    async with running_sandbox(families=20) as sandbox:
        settings = settings_for(
            folder,
            sandbox_url=sandbox.control_url,
            options={DNEVNIK.provider.slug: dict(DNEVNIK.options)},
            **changed,
        )
        async with running(settings, clock=MovableClock(sandbox.clock.now())) as gate:
            yield {
                name: await _linked(sandbox, gate, system, persona)
                for name, (system, persona) in PERSONAS.items()
            }
