"""Old answers: served after a moment, refreshed behind, and waited for where we have written ourselves."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from diary_api.settings import Refreshing, Settings
from diary_core.errors import RegionChanged, RegionDown
from tests.api.running import LinkedFamily, MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)


@pytest.fixture
async def hasty(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> AsyncGenerator[RunningGateway, None]:
    """A gateway that waits a moment only, and lets one call go on behind."""
    refreshing = Refreshing(patience=timedelta(milliseconds=50), behind_most=1)
    changed = settings.model_copy(update={"refreshing": refreshing})
    async with running(changed, tiny_plugins(town), clock) as gate:
        yield gate
        if town.held is not None:
            town.held.set()


async def _an_old_week(gate: RunningGateway, town: TinyTown) -> LinkedFamily:
    family = await gate.family()
    await family.read("week")
    gate.clock.move(HOUR)
    town.held = asyncio.Event()
    return family


async def test_an_old_answer_is_served_and_refreshed_behind(hasty: RunningGateway, town: TinyTown) -> None:
    """A slow diary holds nobody up: its last answer comes at once and says so, the next look has the news."""
    family = await _an_old_week(hasty, town)
    old = (await family.read("week")).json()
    assert (old["stale"], old["stale_reason"], old["as_of"]) == (True, "refreshing", "2026-09-16T09:00:00Z")
    again = (await family.read("week")).json()
    assert again == old
    assert town.held is not None
    town.held.set()
    await hasty.gateway.school.answers.close()
    fresh = (await family.read("week")).json()
    assert (fresh["stale"], fresh["as_of"], town.calls["days"]) == (False, "2026-09-16T10:00:00Z", 2)


async def test_a_fast_diary_is_waited_for(tiny: RunningGateway, town: TinyTown) -> None:
    """Whoever has a diary that answers within the moment gets the news in the first look."""
    family = await tiny.family()
    await family.read("week")
    tiny.clock.move(HOUR)
    assert (await family.read("week")).json()["as_of"] == "2026-09-16T10:00:00Z"


async def test_what_went_wrong_behind_is_told(hasty: RunningGateway, town: TinyTown) -> None:
    """A diary that fails slowly is not "being refreshed" for ever: the next look tells what happened."""
    family = await _an_old_week(hasty, town)
    assert (await family.read("week")).json()["stale_reason"] == "refreshing"
    assert town.held is not None
    town.trouble = RegionDown("down")
    town.held.set()
    await hasty.gateway.school.answers.close()
    town.held = asyncio.Event()
    assert (await family.read("week")).json()["stale_reason"] == "region_down"
    town.held.set()


async def test_a_write_of_ours_is_waited_for(hasty: RunningGateway, town: TinyTown) -> None:
    """What the gateway has outdated itself is not served as old: a write shows in the next read."""
    family = await _an_old_week(hasty, town)
    answers = hasty.gateway.school.answers
    place = (await hasty.gateway.family.children(await _account(family)))[0]
    async with answers.storage.writing() as session:
        await answers.outdate(session, place.enrolments[0].id, {"days"})
    reading = asyncio.create_task(family.read("week"))
    await asyncio.sleep(0.2)
    assert not reading.done()
    assert town.held is not None
    town.held.set()
    assert (await reading).json()["as_of"] == "2026-09-16T10:00:00Z"


async def test_calls_behind_are_bounded(hasty: RunningGateway, town: TinyTown) -> None:
    """When enough calls go on behind, another old answer is served as it is, and the diary is left alone."""
    family = await hasty.family()
    await family.read("week")
    await family.read("week", 1)
    hasty.clock.move(HOUR)
    town.held = asyncio.Event()
    assert (await family.read("week")).json()["stale_reason"] == "refreshing"
    assert (await family.read("week", 1)).json()["stale_reason"] == "gateway_busy"
    town.held.set()
    await hasty.gateway.school.answers.close()
    assert town.calls["days"] == 3


async def test_a_call_that_nobody_wants_is_cancelled(tiny: RunningGateway, town: TinyTown) -> None:
    """When the last asker's client goes away, so does the call; whoever asks then has a call of their own."""
    family = await tiny.family()
    town.held = asyncio.Event()
    asking = asyncio.create_task(family.read("week"))
    while not town.calls["days"]:  # noqa: ASYNC110  the town has no event for it
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait({asking})
    again = asyncio.create_task(family.read("week"))
    while town.calls["days"] < 2:  # noqa: ASYNC110  as above
        await asyncio.sleep(0.01)
    town.held.set()
    assert (await again).status_code == 200
    assert town.calls["days"] == 2


async def _account(family: LinkedFamily) -> str:
    account_id: str = (await family.parent.get("/v1/me")).json()["id"]
    return account_id


async def test_a_diary_that_is_not_understood_is_in_trouble_too(
    tiny: RunningGateway, town: TinyTown, log: io.StringIO
) -> None:
    """The reader gets the last known answer, the log tells what to mend; what is not known is told."""
    family = await tiny.family()
    await family.read("week")
    tiny.clock.move(HOUR)
    town.trouble = RegionChanged("unexpected shape", field="payload.[].marks")
    old = (await family.read("week")).json()
    assert (old["stale"], old["stale_reason"], old["as_of"]) == (
        True,
        "region_changed",
        "2026-09-16T09:00:00Z",
    )
    assert "payload.[].marks" in log.getvalue()
    unknown = await family.read("terms")
    assert (unknown.status_code, unknown.json()["code"]) == (502, "region_changed")
