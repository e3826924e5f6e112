"""What the gateway does though nobody asks: each piece once, none lost, no region in another's way."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown

from diary_api.shared import Claims
from diary_api.storage.tables import ConnectionRow
from diary_api.work import due
from diary_api.work.rooms import Rooms
from diary_api.work.schedule import Schedule
from diary_core.errors import LoginRequired, RegionDown

pytestmark = pytest.mark.anyio


class Waking:
    """The schedule of one process, with a queue that only remembers."""

    def __init__(self, gate: RunningGateway, claims: Claims | None = None) -> None:
        tasks = gate.gateway.tasks
        self._woken = defaultdict[str, list[str]](list)
        self._schedule = Schedule(
            tasks.storage, tasks.settings, tasks.clock, claims or Claims(), tasks.planning, self._put
        )
        self.resign = self._schedule.resign

    async def turn(self) -> Mapping[str, Sequence[str]]:
        """Take a turn; return what it woke, by name."""
        await self._schedule.turn()
        woken, self._woken = self._woken, defaultdict[str, list[str]](list)
        return woken

    async def _put(self, name: str, about: str) -> None:
        self._woken[name].append(about)


async def row(gate: RunningGateway, connection_id: str) -> ConnectionRow:
    async with gate.gateway.storage.reading() as session:
        found = await session.get(ConnectionRow, connection_id)
    assert found is not None
    return found


async def run(gate: RunningGateway, name: str, about: str) -> None:
    await gate.gateway.tasks.by_name()[name](about)


async def test_a_diary_is_looked_into_when_it_is_due_and_once(tiny: RunningGateway, town: TinyTown) -> None:
    """A wake-up too many finds nothing to do, and the next look is planned."""
    family = await tiny.family("ivan")
    waking = Waking(tiny)
    assert (await waking.turn())["look"] == []  # its parent has just read it
    tiny.clock.move(timedelta(minutes=15))
    assert (await waking.turn())["look"] == [family.connection_id]
    assert (await waking.turn())["look"] == []  # it waits in the queue
    before = town.calls["days"]
    await asyncio.gather(*(run(tiny, "look", family.connection_id) for _ in range(3)))
    assert town.calls["days"] - before == 3  # three weeks of one child
    planned = (await row(tiny, family.connection_id)).look_at
    assert planned is not None
    assert planned > tiny.clock.now


async def test_a_wake_up_that_is_lost_comes_again(tiny: RunningGateway) -> None:
    """What nobody has done is woken anew after a while."""
    family = await tiny.family("ivan")
    waking = Waking(tiny)
    assert (await waking.turn())["look"] == []
    tiny.clock.move(timedelta(minutes=15))
    assert (await waking.turn())["look"] == [family.connection_id]
    tiny.clock.move(timedelta(minutes=3))
    assert (await waking.turn())["look"] == [family.connection_id]


async def test_one_of_several_leads_until_it_resigns(tiny: RunningGateway) -> None:
    """Two processes wake nothing twice, and the second one takes over."""
    family = await tiny.family("ivan")
    claims = Claims()
    leader, other = Waking(tiny, claims), Waking(tiny, claims)
    assert (await leader.turn())["look"] == []
    tiny.clock.move(timedelta(minutes=15))
    assert (await leader.turn())["look"] == [family.connection_id]
    assert (await other.turn())["look"] == []
    await leader.resign()
    assert (await other.turn())["look"] == [family.connection_id]


async def test_what_is_broken_off_is_due_at_once(tiny: RunningGateway, town: TinyTown) -> None:
    """A process that is asked to stop hands back what it has begun."""
    family = await tiny.family("ivan")
    town.held = asyncio.Event()
    look = asyncio.create_task(run(tiny, "look", family.connection_id))
    await town.waits.wait()
    assert ((await row(tiny, family.connection_id)).look_at or tiny.clock.now) > tiny.clock.now
    look.cancel()
    with suppress(asyncio.CancelledError):
        await look
    town.held.set()
    assert (await row(tiny, family.connection_id)).look_at == tiny.clock.now


async def test_a_failing_diary_is_looked_into_again_later(tiny: RunningGateway, town: TinyTown) -> None:
    """Trouble of a diary is no reason to hurry."""
    family = await tiny.family("ivan")
    town.trouble = RegionDown("down")
    await run(tiny, "look", family.connection_id)
    planned = (await row(tiny, family.connection_id)).look_at
    assert planned is not None
    assert planned > tiny.clock.now + timedelta(minutes=5)


async def test_a_dead_region_does_not_take_every_place(tiny: RunningGateway, town: TinyTown) -> None:
    """Where a server has its share of places, its next family is put off and the worker goes on."""
    family = await tiny.family("ivan")
    rooms = tiny.gateway.tasks.rooms
    link = await row(tiny, family.connection_id)
    before = town.calls.total()
    with ExitStack() as others:
        for _ in range(rooms.places):
            assert others.enter_context(rooms.one(f"{link.provider}/{link.instance}"))
        await run(tiny, "look", family.connection_id)
    assert town.calls.total() == before
    planned = (await row(tiny, family.connection_id)).look_at
    assert planned is not None
    assert timedelta(0) < planned - tiny.clock.now <= timedelta(minutes=1)
    tiny.clock.move(timedelta(minutes=1))
    assert (await Waking(tiny).turn())["look"] == [family.connection_id]
    await run(tiny, "look", family.connection_id)
    assert town.calls.total() > before


def test_places_are_counted_by_server() -> None:
    """One server's places are no other's, and come back."""
    rooms = Rooms(1)
    with rooms.one("a") as first, rooms.one("a") as second, rooms.one("b") as third:
        assert (first, second, third) == (True, False, True)
    with rooms.one("a") as again:
        assert again


async def test_credentials_are_renewed_before_they_end(tiny: RunningGateway, town: TinyTown) -> None:
    """Shortly before their hour is over, once, and again an hour later."""
    family = await tiny.family("ivan")
    waking = Waking(tiny)
    assert (await waking.turn())["renew"] == []
    for times in (1, 2):
        tiny.clock.move(timedelta(minutes=57))
        assert (await waking.turn())["renew"] == [family.connection_id]
        await asyncio.gather(*(run(tiny, "renew", family.connection_id) for _ in range(3)))
        assert town.calls["renew"] == times
    assert await family.state() == ("active", "ok")


async def test_a_renewal_that_fails_is_told_as_one_on_demand(tiny: RunningGateway, town: TinyTown) -> None:
    """The parent sees that the diary wants a sign-in, and nobody tries again behind."""
    family = await tiny.family("ivan")
    town.troubles["renew"] = LoginRequired("spent")
    tiny.clock.move(timedelta(minutes=57))
    await run(tiny, "renew", family.connection_id)
    assert await family.state() == ("reauth_required", "login_required")
    tiny.clock.move(timedelta(hours=1))
    assert await Waking(tiny).turn() == {}


async def test_a_renewal_in_a_bad_hour_is_tried_again(tiny: RunningGateway, town: TinyTown) -> None:
    """A diary that is down now may renew later."""
    family = await tiny.family("ivan")
    town.troubles["renew"] = RegionDown("down")
    tiny.clock.move(timedelta(minutes=57))
    await run(tiny, "renew", family.connection_id)
    assert await family.state() == ("degraded", "region_down")
    del town.troubles["renew"]
    tiny.clock.move(timedelta(minutes=11))
    assert (await Waking(tiny).turn())["renew"] == [family.connection_id]
    await run(tiny, "renew", family.connection_id)
    assert town.calls["renew"] == 2


async def test_what_a_killed_process_had_taken_on_is_due_again(tiny: RunningGateway) -> None:
    """Nobody hands it back, so it is taken up once its claim is over."""
    family = await tiny.family("ivan")
    now = tiny.clock.now
    async with tiny.gateway.storage.writing() as session:
        assert await due.take_look(session, family.connection_id, now, now + timedelta(minutes=10))
    waking = Waking(tiny)
    tiny.clock.move(timedelta(minutes=9))
    assert (await waking.turn())["look"] == []
    tiny.clock.move(timedelta(minutes=1))
    assert (await waking.turn())["look"] == [family.connection_id]


async def test_what_is_put_off_is_woken_when_its_time_comes(tiny: RunningGateway) -> None:
    """Having been woken a moment ago is no reason to wait longer."""
    family = await tiny.family("ivan")
    waking = Waking(tiny)
    assert (await waking.turn())["look"] == []
    tiny.clock.move(timedelta(minutes=15))
    assert (await waking.turn())["look"] == [family.connection_id]
    async with tiny.gateway.storage.writing() as session:
        await due.plan_look(session, family.connection_id, tiny.clock.now + timedelta(seconds=10))
    assert (await waking.turn())["look"] == []
    tiny.clock.move(timedelta(seconds=10))
    assert (await waking.turn())["look"] == [family.connection_id]
