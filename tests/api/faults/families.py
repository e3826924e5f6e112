"""Two families of each system, linked to one gateway anew for every breakage, and all they may read."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from diary_api.settings import Freshness, Refreshing
from diary_core.http import DoorLimits
from diary_sandbox.clock import MOSCOW
from diary_sandbox.faults import Fault
from diary_sandbox.serve import Sandbox, running_sandbox
from tests.api.faults.agreeing import Told
from tests.api.running import (
    PASSWORD,
    MovableClock,
    RunningGateway,
    described_paths,
    running,
    settings_for,
)
from tests.api.test_readings import diary_reads
from tests.oracle.systems import DNEVNIK, MESH, System

HOUSEHOLDS: Final = (
    (MESH, "moscow_mother"),
    (MESH, "both_mother"),
    (DNEVNIK, "dnevnik_mother"),
    (DNEVNIK, "both_mother"),
)
SPAN: Final = {"since": "2026-11-09", "until": "2026-11-15"}
EVENING: Final = datetime(2026, 11, 25, 20, 0, tzinfo=MOSCOW)
"""No lesson ends while the clock is moved about."""
FRESH_S: Final = 60
_TRIES: Final = 20
"""At a diary that is whole again: a pause may have begun with the last of what was asked of it broken."""
_QUIET_S: Final = 0.5
"""A call that goes on behind has come to the town by then."""
CALM_AT_ONCE: Final = 8
"""More would make the town itself slow."""
DEADLINE_S: Final = 100
"""No answer may take longer, on a busy machine: several calls of `HASTY`, one after the other."""
HASTY: Final = DoorLimits(
    connect_timeout_s=4,
    read_timeout_s=4,
    write_timeout_s=4,
    pool_timeout_s=8,
    attempt_timeout_s=5,
    call_timeout_s=8,
    attempts_max=2,
    retry_wait_s=0.01,
    retry_wait_max_s=0.02,
    calls_at_once=200,
    calls_waiting_max=2_000,
    hold_max_s=0.1,
    calls_per_s=10_000,
    calls_burst=10_000,
    failures_max=10_000,
    rest_s=0.1,
    body_bytes_max=500_000,
)
"""A door that gives up soon, and never leaves a host alone: each call meets the fault itself."""


Answers = dict[tuple[str, str], Told]
"""By household and route."""


@dataclass(frozen=True)
class Household:
    """A parent with a linked diary."""

    name: str
    http: httpx2.AsyncClient
    child_id: str
    mark_id: str
    subject: str

    def address(self, route: str) -> str:
        """Return where a route of this family's child is."""
        return route.format(child_id=self.child_id, thread_id="th-1", mark_id=self.mark_id)

    async def ask(self, route: str) -> Told:
        """Read one route; a hang is an answer too, with the status 0."""
        query = {**SPAN, "subject": self.subject, "target": "5"} if "{child_id}" in route else {}
        try:
            async with asyncio.timeout(DEADLINE_S):
                answer = await self.http.get(self.address(route), params=query)
        except TimeoutError:
            return Told(0, {"code": f"nothing within {DEADLINE_S} s"})
        return Told(answer.status_code, answer.json())

    async def is_read_again(self, since: date) -> bool:
        """Tell whether a day nobody has asked about is answered by the diary."""
        answer = await self.http.get(
            f"/v1/children/{self.child_id}/days", params={"since": str(since), "until": str(since)}
        )
        return answer.status_code == 200 and not answer.json()["stale"]


@dataclass
class Stage:
    """The town, the gateway, and how often families have moved in."""

    sandbox: Sandbox
    gate: RunningGateway
    routes: Sequence[str]
    sparing: bool = False
    """Whether every other question is left out."""
    moved_in: int = 0
    known: dict[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict[tuple[str, str], tuple[str, str]]
    )
    """A mark and its subject, by host and persona: the diary's own ids are the same for every account."""
    _calm: Answers = field(default_factory=Answers)
    _cold: Sequence[Household] = ()
    _warm: Sequence[Household] = ()
    _day: date = date(2026, 9, 1)

    async def calm(self) -> Answers:
        """Return what everything is answered with while nothing is broken."""
        if not self._calm:
            self.at_first()
            self._warm = await self.linked()
            self._calm = await self.ask_all(self._warm, at_once=CALM_AT_ONCE)
        return self._calm

    async def cold(self) -> Sequence[Household]:
        """Return families of whom nothing is known."""
        if not self._cold:
            self._cold = await self.linked()
        return self._cold

    async def warm(self) -> Sequence[Household]:
        """Return families of whom everything is known."""
        if not self._warm:
            self.at_first()
            self._warm = await self.linked()
            await self.ask_all(self._warm, at_once=CALM_AT_ONCE)
        return self._warm

    def at_first(self) -> None:
        """Put the gateway's clock to when everything was asked: it is fresh."""
        self.gate.clock.now = self.sandbox.clock.now()

    def later(self) -> None:
        """Let everything be old."""
        self.at_first()
        self.gate.clock.move(timedelta(seconds=2 * FRESH_S))

    async def linked(self) -> Sequence[Household]:
        """Link every family by new accounts."""
        self.moved_in += 1
        async with asyncio.TaskGroup() as group:
            moving = [
                group.create_task(self._linked(system, persona, f"{persona}.{number}"))
                for number, (system, persona) in enumerate(HOUSEHOLDS)
            ]
        return [one.result() for one in moving]

    async def begin_anew(self) -> None:
        """Leave nothing out from now on."""
        self.sparing = False
        self._calm = Answers()
        await self.forget_cold()
        await self.forget_warm()

    async def forget_cold(self) -> None:
        """Take other families for those of whom nothing is known."""
        self._cold = await self._left(self._cold)

    async def forget_warm(self) -> None:
        """Take other families for those of whom everything is known."""
        self._warm = await self._left(self._warm)

    @staticmethod
    async def _left(homes: Sequence[Household]) -> Sequence[Household]:
        for home in homes:
            await home.http.aclose()
        return ()

    async def ask_all(self, homes: Sequence[Household], *, at_once: int) -> Answers:
        """Ask every route for every family, in disorder, so many at once."""
        turns = asyncio.Semaphore(at_once)
        asked = [
            (home, route)
            for number, home in enumerate(homes)
            for place, route in enumerate(self.routes)
            if not self.sparing or place % 2 == number % 2 or route.endswith("/week")
        ]
        random.Random(self.moved_in).shuffle(asked)

        async def ask(home: Household, route: str) -> Told:
            async with turns:
                return await home.ask(route)

        told = await asyncio.gather(*(ask(home, route) for home, route in asked))
        return {(home.name, route): one for (home, route), one in zip(asked, told, strict=True)}

    @contextmanager
    def broken(self, faults: Sequence[Fault]) -> Generator[None]:
        """Break every server of the town while the block lasts."""
        for fault in faults:
            self.sandbox.faults.add(fault)
        try:
            yield
        finally:
            self.sandbox.faults.clear()

    async def unmended(self, homes: Sequence[Household]) -> list[str]:
        """Return the families whose diary cannot be read though nothing is broken any more."""
        self._day += timedelta(days=1)
        left = list(homes)
        for _ in range(_TRIES):
            left = [home for home in left if not await home.is_read_again(self._day)]
            if not left:
                break
            await asyncio.sleep(HASTY.rest_s)
        return [home.name for home in left]

    async def quiet(self) -> int:
        """Wait until no call goes on behind any more, and return how many the town has had."""
        had = -1
        while had != self.upstream_calls():
            had = self.upstream_calls()
            await asyncio.sleep(_QUIET_S)
        return had

    def upstream_calls(self) -> int:
        """Return how many calls the town has had."""
        return sum(sum(calls.values()) for calls in self.sandbox.state.requests.values())

    async def _linked(self, system: System, persona: str, name: str) -> Household:
        person = next(one for one in self.sandbox.world.personas() if one.key == persona)
        world = self.sandbox.world
        children = world.children_of(person.parent_id, system.host)
        child = next(one for one in children if len(world.school(one.school_id).hosts) == 1)
        who = {"email": f"{name}.{self.moved_in}@example.org", "password": PASSWORD}
        http = self.gate.another_client()
        (await http.post("/v1/accounts", json=who)).raise_for_status()
        secret = (await http.post("/v1/sessions", json=who)).json()["secret"]
        http.headers["Authorization"] = f"Bearer {secret}"
        region = world.school(child.school_id).region
        new = {"region": region, "method": system.method}
        begun = (await http.post("/v1/connections", json=new)).json()
        values = {"values": dict(system.reply(self.sandbox, person.parent_id).values)}
        linked = await http.post(f"/v1/connections/{begun['id']}/steps", json=values)
        assert linked.json().get("state") == "active", linked.text
        listed = (await http.get("/v1/children")).json()["items"]
        child_id = next(one["id"] for one in listed if one["name"]["first"] == child.person.name.first)
        chosen = await http.put(f"/v1/children/{child_id}/class-standing", json={"shown": True})
        assert chosen.status_code in {200, 409}, chosen.text
        if (system.host, persona) not in self.known:
            address = f"/v1/children/{child_id}"
            averaged = {one["subject"]["id"] for one in await _items(http, f"{address}/averages")}
            marks = await _items(http, f"{address}/marks")
            mark = next(one for one in marks if one["subject"]["id"] in averaged)
            self.known[system.host, persona] = mark["id"], mark["subject"]["name"]
        return Household(name, http, child_id, *self.known[system.host, persona])


@asynccontextmanager
async def staged(folder: Path, upstream: DoorLimits = HASTY) -> AsyncGenerator[Stage]:
    """Run the town and a gateway that forgets what it knows after a minute."""
    freshness = Freshness(**dict.fromkeys(Freshness.model_fields, FRESH_S))
    async with running_sandbox(families=20, now=EVENING) as sandbox:
        settings = settings_for(
            folder,
            sandbox_url=sandbox.control_url,
            options={DNEVNIK.provider.slug: dict(DNEVNIK.options)},
            upstream=upstream,
            freshness=freshness,
            watch_every=timedelta(),
            queue_patience=timedelta(minutes=1),
            family_patience=timedelta(minutes=1),
            requests_per_s_of_account=0,
            requests_per_s_of_address=0,
            refreshing=Refreshing(patience=timedelta(seconds=2)),
            accounts_per_address=1_000_000,
        )
        async with running(settings, clock=MovableClock(sandbox.clock.now())) as gate:
            stage = Stage(sandbox, gate, _routes())
            yield stage
            await stage.forget_cold()
            await stage.forget_warm()


async def _items(http: httpx2.AsyncClient, address: str) -> list[dict[str, Any]]:
    answer = await http.get(address, params=SPAN)
    answer.raise_for_status()
    return answer.json()["items"]


def _routes() -> Sequence[str]:
    """Return every route that reads for a family: what is new in the description is asked by itself."""
    return [*diary_reads(), "/v1/children/{child_id}/absence-notices", "/v1/children", "/v1/family/today"]


def described_codes(route: str) -> Mapping[int, frozenset[str]]:
    """Return the codes of problems the description names for a route, by status."""
    responses = described_paths()[route]["get"]["responses"]
    return {
        int(status): frozenset(told["content"]["application/problem+json"].get("examples", ()))
        for status, told in responses.items()
        if status.isdigit() and int(status) >= 400
    }
