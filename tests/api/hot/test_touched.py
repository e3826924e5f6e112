"""Whatever is written drops what was made of it: in the same process at once, in another as news arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from diary_api.grants.rights import Right
from diary_api.settings import Settings
from tests.api.grants.giving import trusted
from tests.api.hot.gateways import Both, alone, two_gateways
from tests.api.running import LinkedFamily, MovableClock, RunningGateway
from tests.api.test_class_standing import PLACE
from tests.api.tiny import TinyTown
from tests.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["alone", "two"])
async def both(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, town: TinyTown, clock: MovableClock
) -> AsyncGenerator[Both, None]:
    """Where it is written and where it is read: one process on SQLite, or two on PostgreSQL and Redis."""
    if request.param == "alone":
        async with alone(settings, town, clock) as gates:
            yield gates
        return
    postgres, redis_url = request.getfixturevalue("postgres"), request.getfixturevalue("redis_url")
    async with two_gateways(tmp_path, postgres, redis_url, town, clock) as gates:
        yield gates


async def _after(
    both: Both,
    family: LinkedFamily,
    what: str,
    write: Callable[[], Awaitable[httpx2.Response]],
    key: str | None = None,
) -> httpx2.Response:
    """Read at one gateway until it is hot, write at the other, and read again."""
    one, other = both
    reader = other.another_client(Authorization=key or family.parent.headers["Authorization"])
    address = f"/v1/children/{family.child_ids[0]}/{what}"
    async with asyncio.timeout(10):  # what was written before may still be on its way as news
        while not len(other.gateway.hot):
            assert (await reader.get(address)).status_code == 200
    written = await write()
    assert written.status_code in {200, 204}, written.text
    if other is not one:
        await until(lambda: not len(other.gateway.hot))
    return await reader.get(address)


async def test_an_ended_session(both: Both) -> None:
    """Whoever signs out is out, also where it is warm."""
    family = await both[0].family()
    after = await _after(both, family, "week", lambda: family.parent.delete("/v1/sessions/current"))
    assert after.status_code == 401


async def test_a_revoked_token(both: Both) -> None:
    """A token that is withdrawn opens nothing any more."""
    family = await both[0].family()
    new = {"name": "script", "scopes": ["diary:read"], "expires_in_days": 1}
    token = (await family.parent.post("/v1/tokens", json=new)).json()
    key = f"Bearer {token['secret']}"
    after = await _after(
        both, family, "week", lambda: family.parent.delete(f"/v1/tokens/{token['id']}"), key=key
    )
    assert after.status_code == 401


async def test_an_erased_account(both: Both) -> None:
    """Nothing of an account that is gone is given out."""
    family = await both[0].family()
    after = await _after(both, family, "week", lambda: family.parent.delete("/v1/me"))
    assert after.status_code == 401


async def test_an_unlinked_diary(both: Both) -> None:
    """What was read through a link goes with it."""
    family = await both[0].family()
    link = f"/v1/connections/{family.connection_id}"
    after = await _after(both, family, "week", lambda: family.parent.delete(link))
    assert (after.status_code, after.json()["code"]) == (404, "child_unknown")


async def test_a_comparison_that_is_turned_off(both: Both, town: TinyTown) -> None:
    """The place in the class is gone with the parent's leave."""
    town.places = [PLACE]
    family = await both[0].family()
    address = f"/v1/children/{family.child_ids[0]}/class-standing"
    assert (await family.parent.put(address, json={"shown": True})).status_code == 200
    after = await _after(
        both, family, "class-standing", lambda: family.parent.put(address, json={"shown": False})
    )
    assert (after.status_code, after.json()["code"]) == (409, "class_standing_off")


async def test_a_write_to_the_diary(both: Both, town: TinyTown) -> None:
    """A week that was signed through one gateway is signed in the next read through the other."""
    town.signed = {}
    family = await both[0].family()
    child = family.child_ids[0]
    after = await _after(
        both,
        family,
        "signatures?since=2026-09-07&until=2026-09-13",
        lambda: family.parent.put(f"/v1/children/{child}/signatures/2026-09-07"),
    )
    assert after.json()["items"][0]["signed"]


async def test_background_work_drops_nothing_of_others(tiny: RunningGateway) -> None:
    """Looks and renewals go on all the time: each dropped the answers of every family in every process."""
    family, other = await tiny.family(), await tiny.family("ivan")
    for _ in range(2):
        await family.read("week")
    assert len(tiny.gateway.hot) == 1
    for work in ("look", "renew", "forget"):
        await tiny.gateway.tasks.by_name()[work](other.connection_id)
    assert len(tiny.gateway.hot) == 1


async def test_what_a_trusted_person_reads_is_never_kept(tiny: RunningGateway) -> None:
    """It is narrowed and counted each time, so the memory is for a parent's own children alone."""
    family = await tiny.family()
    person = await trusted(tiny, family, {Right.LESSONS, Right.MARKS})
    for _ in range(3):
        assert (await person.read("week")).status_code == 200
    assert len(tiny.gateway.hot) == 0
