"""A linked diary always tells its state and how its last run went."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from dirty_equals import IsStr
from sqlalchemy import select

from diary_api.connections import service
from diary_api.retention import Retention
from diary_api.storage.tables import AnswerRow, ChildRow
from diary_core.errors import (
    ChildLeftSchool,
    LoginRequired,
    NoDiaryAccount,
    RegionChanged,
    RegionDown,
)
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown, a_child

pytestmark = pytest.mark.anyio

FORM = {"login": "olga", "password": "kestrel-9"}


async def test_signing_in_again_keeps_everything(tiny: RunningGateway, town: TinyTown) -> None:
    """After the diary ended the session: same connection, same child ids, reading goes on."""
    family = await tiny.family()
    town.access.clear()
    town.refresh.clear()
    refused = await family.read("week")
    assert (refused.status_code, refused.json()["code"]) == (409, "login_required")
    assert await family.state() == ("reauth_required", "login_required")
    calls = town.calls.total()
    assert (await family.read("week")).json()["code"] == "login_required"
    assert town.calls.total() == calls, "a dead session is not tried again and again"
    await family.parent.post(f"/v1/connections/{family.connection_id}/sign-in", json={})
    await family.parent.post(f"/v1/connections/{family.connection_id}/steps", json={"values": FORM})
    assert await family.state() == ("active", "ok")
    children = (await family.parent.get("/v1/children")).json()["items"]
    assert [child["id"] for child in children] == family.child_ids
    assert (await family.read("week")).status_code == 200


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (RegionDown("x"), "degraded"),
        (RegionChanged("x", field="days.0.lessons"), "degraded"),
        (LoginRequired("x"), "reauth_required"),
        (NoDiaryAccount("x"), "blocked"),
        (ChildLeftSchool("x"), "blocked"),
    ],
)
async def test_a_failing_run_moves_the_state(
    tiny: RunningGateway, town: TinyTown, error: Exception, state: str
) -> None:
    """The state says who must act, the outcome says why; one good run mends it."""
    family = await tiny.family()
    town.trouble = error
    assert (await family.read("week")).status_code >= 400
    assert await family.state() == (state, getattr(error, "code", None))
    town.trouble = None
    refresh = await family.parent.post(f"/v1/connections/{family.connection_id}/refresh")
    assert (refresh.status_code, refresh.json()["state"], refresh.json()["outcome"]) == (200, "active", "ok")
    assert (await family.read("week")).status_code == 200


async def test_a_changed_diary_tells_the_path_and_no_data(tiny: RunningGateway, town: TinyTown) -> None:
    """What the diary sent stays out; the field path is told."""
    family = await tiny.family()
    town.trouble = RegionChanged("an answer we do not understand", field="payload.0.marks.3.value")
    problem = (await family.read("week")).json()
    assert (problem["code"], problem["field"]) == ("region_changed", "payload.0.marks.3.value")


async def test_a_plugin_that_breaks_is_named(tiny: RunningGateway) -> None:
    """An error no plugin should let out becomes `plugin_broken`, without its message."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "broken"})).json()
    broken = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": FORM})
    assert (broken.status_code, broken.json()["code"], broken.json()["field"]) == (
        500,
        "plugin_broken",
        "tiny",
    )
    assert "canary" not in broken.text


async def test_a_child_may_come_and_go(tiny: RunningGateway, town: TinyTown) -> None:
    """A refresh shows a new child and marks one that left; the one that comes back has its old id."""
    family = await tiny.family()
    refresh = f"/v1/connections/{family.connection_id}/refresh"
    vera, lada = town.children["olga"]
    town.children["olga"] = [lada, a_child("zoya", "Зоя")]
    await family.parent.post(refresh)
    items = (await family.parent.get("/v1/children")).json()["items"]
    shown = {child["name"]["first"]: (child["id"], child["current"]) for child in items}
    assert shown == {
        "Вера": (family.child_ids[0], False),
        "Лада": (family.child_ids[1], True),
        "Зоя": (IsStr(regex="chd_.*"), True),
    }
    town.children["olga"] = [vera, lada]
    await family.parent.post(refresh)
    items = (await family.parent.get("/v1/children")).json()["items"]
    assert {child["id"] for child in items if child["current"]} == set(family.child_ids)


async def test_unlinking_erases_and_linking_again_recognises(tiny: RunningGateway, town: TinyTown) -> None:
    """Unlinking ends the session upstream and hides the children; signing in again brings back their ids."""
    family = await tiny.family()
    await family.read("week")
    link = f"/v1/connections/{family.connection_id}"
    assert [(await family.parent.delete(link)).status_code for _ in range(2)] == [204, 204]
    assert town.revoked == ["canary-access-1"]
    assert await family.state() == ("revoked", None)
    assert (await family.parent.get("/v1/children")).json()["items"] == []
    assert (await family.read("week")).json()["code"] == "child_unknown"
    assert (await family.parent.post(f"{link}/refresh")).json()["code"] == "connection_revoked"
    await family.parent.post(f"{link}/sign-in", json={})
    assert (await family.parent.post(f"{link}/steps", json={"values": FORM})).json()["state"] == "active"
    items = (await family.parent.get("/v1/children")).json()["items"]
    assert [child["id"] for child in items] == family.child_ids


async def test_trouble_upstream_does_not_stop_unlinking(tiny: RunningGateway, town: TinyTown) -> None:
    """What the parent withdraws is withdrawn, whatever the diary says."""
    family = await tiny.family()
    town.trouble = ZeroDivisionError()
    assert (await family.parent.delete(f"/v1/connections/{family.connection_id}")).status_code == 204
    assert (await family.state())[0] == "revoked"


async def test_erasing_the_account_unlinks_its_diaries(tiny: RunningGateway, town: TinyTown) -> None:
    """Erasing an account ends its sessions upstream, too."""
    family = await tiny.family()
    assert (await family.parent.delete("/v1/me")).status_code == 200
    assert town.revoked == ["canary-access-1"]


async def test_what_the_diary_answers_after_unlinking_is_not_kept(
    tiny: RunningGateway, town: TinyTown
) -> None:
    """Calls that were on their way when the link was withdrawn bring back neither names nor lessons."""
    family = await tiny.family()
    link = f"/v1/connections/{family.connection_id}"
    town.held = asyncio.Event()
    asking = asyncio.create_task(family.read("week"))
    refreshing = asyncio.create_task(family.parent.post(f"{link}/refresh"))

    async def both_wait() -> bool:
        return town.calls["days"] == 1 and town.calls["enrolments"] == 2

    async def withdrawn() -> bool:
        return (await family.state())[0] == "revoked"

    await _until(both_wait)
    withdrawing = asyncio.create_task(family.parent.delete(link))
    await _until(withdrawn)
    town.held.set()
    assert (await withdrawing).status_code == 204
    assert (await refreshing).json()["code"] == "connection_revoked"
    assert (await asking).status_code == 200  # asked for while it was linked
    assert (await family.parent.get("/v1/children")).json()["items"] == []
    async with tiny.gateway.storage.reading() as session:
        assert (await session.scalars(select(AnswerRow))).all() == []
        assert set(await session.scalars(select(ChildRow.profile_sealed))) == {None}


@pytest.mark.parametrize(
    ("on_the_way", "code"),
    [
        ("/v1/connections", "not_signed_in"),
        ("/v1/connections/{id}/sign-in", "connection_unknown"),
        ("/v1/connections/{id}/refresh", "connection_revoked"),
    ],
)
async def test_an_account_erased_while_the_diary_was_answering(
    tiny: RunningGateway, town: TinyTown, on_the_way: str, code: str
) -> None:
    """Whatever was on its way ends in a problem of its own, never in a fault of ours."""
    family = await tiny.family()
    calls = town.calls.total()
    town.held = asyncio.Event()
    body = {"region": "54", "method": "password"} if on_the_way == "/v1/connections" else {}
    asking = asyncio.create_task(family.parent.post(on_the_way.format(id=family.connection_id), json=body))

    async def waits() -> bool:
        return town.calls.total() > calls

    await _until(waits)
    held, town.held = town.held, None
    assert (await family.parent.delete("/v1/me")).status_code == 200
    held.set()
    assert (await asking).json()["code"] == code


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1000):
        if await happened():
            return
        await asyncio.sleep(0.01)
    pytest.fail("what was waited for did not happen")


async def test_signed_in_while_the_children_cannot_be_read(tiny: RunningGateway, town: TinyTown) -> None:
    """A diary that goes down right after the sign-in is linked; the children come with a refresh."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()

    class DownAfterwards(dict[str, str]):
        def __setitem__(self, key: str, value: str) -> None:
            super().__setitem__(key, value)
            town.trouble = RegionDown("down")

    town.access = DownAfterwards()
    opened = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": FORM})
    assert (opened.status_code, opened.json()["state"], opened.json()["outcome"]) == (
        200,
        "degraded",
        "region_down",
    )
    town.trouble = None
    await parent.post(f"/v1/connections/{link['id']}/refresh")
    assert len((await parent.get("/v1/children")).json()["items"]) == 2


async def test_a_diary_that_never_answers_does_not_hold_up_erasure(
    tiny: RunningGateway, town: TinyTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account is gone before its sessions are ended upstream, and that takes seconds at most."""
    monkeypatch.setattr("diary_api.connections.diaries._REVOKE_S", 0.2)
    family = await tiny.family()
    town.held = asyncio.Event()
    assert (await family.parent.delete("/v1/me")).status_code == 200
    assert (await family.parent.get("/v1/me")).status_code == 401
    assert town.revoked == []


async def test_an_account_has_room_for_so_many_links(
    tiny: RunningGateway, monkeypatch: pytest.MonkeyPatch, town: TinyTown
) -> None:
    """One more is refused before the diary is asked, until one is withdrawn."""
    monkeypatch.setattr(service, "LINKS_MOST", 2)
    parent = await tiny.parent()
    new = {"region": "54", "method": "password"}
    first, _ = [(await parent.post("/v1/connections", json=new)).json() for _ in range(2)]
    refused = await parent.post("/v1/connections", json=new)
    assert (refused.status_code, refused.json()["code"], town.calls["begin"]) == (409, "conflict", 2)
    await parent.delete(f"/v1/connections/{first['id']}")
    assert (await parent.post("/v1/connections", json=new)).status_code == 201


async def test_a_link_that_was_never_finished_goes_in_time(tiny: RunningGateway) -> None:
    """One that works stays, and so does one whose parent has begun again since."""
    family = await tiny.family()
    new = {"region": "54", "method": "password"}
    left, again = [(await family.parent.post("/v1/connections", json=new)).json() for _ in range(2)]
    tiny.clock.move(timedelta(days=6))
    await family.parent.post(f"/v1/connections/{again['id']}/sign-in", json={})
    tiny.clock.move(timedelta(days=2))
    await Retention(tiny.gateway.storage, tiny.gateway.settings, tiny.clock).sweep()
    kept = {link["id"] for link in (await family.parent.get("/v1/connections")).json()["items"]}
    assert kept == {family.connection_id, again["id"]}, left["id"]
