"""One call upstream for the askers of every process: whoever has the claim calls, the others wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from diary_core.errors import RegionDown
from tests.api.hot.gateways import Both, two_gateways
from tests.api.running import LinkedFamily, MovableClock
from tests.api.tiny import TinyTown
from tests.services import Postgres

pytestmark = pytest.mark.anyio


async def _ask_at_both(
    both: Both, family: LinkedFamily, town: TinyTown, *, times: int
) -> Sequence[httpx2.Response]:
    """Ask so many times at each at once, while the diary takes its time."""
    readers = [gate.another_client(Authorization=family.parent.headers["Authorization"]) for gate in both]
    town.held = asyncio.Event()
    address = f"/v1/children/{family.child_ids[0]}/week"
    asking = [asyncio.create_task(reader.get(address)) for reader in readers for _ in range(times)]
    await asyncio.sleep(0.5)
    town.held.set()
    return await asyncio.gather(*asking)


async def test_twenty_askers_at_two_processes_cost_one_call(both: Both, town: TinyTown) -> None:
    """Nothing known, and again when it has become old: one call, the same bytes for all."""
    family = await both[0].family()
    answers = await _ask_at_both(both, family, town, times=10)
    assert len({answer.content for answer in answers}) == 1
    assert town.calls["days"] == 1
    both[0].clock.move(timedelta(minutes=30))
    answers = await _ask_at_both(both, family, town, times=10)
    assert len({answer.content for answer in answers}) == 1
    assert town.calls["days"] == 2


async def test_a_call_from_before_a_write_elsewhere_is_not_kept(
    tmp_path: Path, postgres: Postgres, town: TinyTown, clock: MovableClock
) -> None:
    """Also where no news passes between the processes: a write shows in the next read of each."""
    async with two_gateways(tmp_path, postgres, None, town, clock) as (one, other):
        family = await one.family()
        known = await one.gateway.family.children((await family.parent.get("/v1/me")).json()["id"])
        town.held = held = asyncio.Event()
        asking = asyncio.create_task(family.read("week"))
        await town.waits.wait()
        town.held = None
        answers = other.gateway.school.answers
        async with answers.storage.writing() as session:
            await answers.outdate(session, known[0].enrolments[0].id, {"days"})
        held.set()
        assert (await asking).status_code == 200
        assert (await family.read("week")).status_code == 200
        assert town.calls["days"] == 2
        await family.read("week")
        assert town.calls["days"] == 2


async def test_a_call_that_failed_is_not_made_by_the_next_process(both: Both, town: TinyTown) -> None:
    """Its trouble is told to whoever waits for it: a diary that is down is not asked once per process."""
    family = await both[0].family()
    town.trouble = RegionDown("down")
    answers = await _ask_at_both(both, family, town, times=1)
    assert {answer.json()["code"] for answer in answers} == {"region_down"}
    assert town.calls["days"] == 1
