"""Whatever a trusted person asks for is listed to the parent, and writing it down is in nobody's way."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from sqlalchemy import update

from diary_api.grants.rights import Right
from diary_api.settings import Settings
from diary_api.storage import sqlite
from diary_api.storage.tables import ConnectionRow
from diary_core.errors import RegionDown
from tests.api.grants.giving import WEEK, accept, invite, trusted
from tests.api.running import MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown, a_child, tiny_plugins

pytestmark = pytest.mark.anyio


async def test_uses_are_counted_by_the_hour(tiny: RunningGateway) -> None:
    """A kind of reading with one outcome is one line an hour: how often, from when to when."""
    nina = await trusted(tiny, await tiny.family(), {Right.LESSONS})
    for _ in range(3):
        await nina.read("week")
        tiny.clock.move(timedelta(minutes=10))
    await nina.read("marks", **WEEK)
    tiny.clock.move(timedelta(hours=1))
    await nina.read("days", **WEEK)
    shown = (await nina.family.parent.get(f"{nina.address}/uses")).json()
    assert shown == snapshot(
        {
            "items": [
                {
                    "kind": "days",
                    "outcome": "ok",
                    "count": 1,
                    "first_at": "2026-09-16T10:30:00Z",
                    "last_at": "2026-09-16T10:30:00Z",
                },
                {
                    "kind": "marks",
                    "outcome": "right_missing",
                    "count": 1,
                    "first_at": "2026-09-16T09:30:00Z",
                    "last_at": "2026-09-16T09:30:00Z",
                },
                {
                    "kind": "days",
                    "outcome": "ok",
                    "count": 3,
                    "first_at": "2026-09-16T09:00:00Z",
                    "last_at": "2026-09-16T09:20:00Z",
                },
            ],
            "next": None,
        }
    )
    (grant,) = (await nina.family.parent.get(f"/v1/children/{nina.child_id}/grants")).json()["items"]
    assert grant["last_used_at"] == "2026-09-16T10:30:00Z"


async def test_listing_children_and_unchanged_answers_are_uses(tiny: RunningGateway) -> None:
    """That the child was looked at is told, also when nothing had changed since."""
    nina = await trusted(tiny, await tiny.family())
    await nina.person.get("/v1/children")
    await nina.person.get(f"/v1/children/{nina.child_id}")
    tag = (await nina.read("terms")).headers["etag"]
    address = f"/v1/children/{nina.child_id}/terms"
    assert (await nina.person.get(address, headers={"If-None-Match": tag})).status_code == 304
    assert sorted(await nina.uses()) == [("child", "ok", 2), ("terms", "ok", 2)]


async def test_trying_after_the_end_is_told(tiny: RunningGateway) -> None:
    """What she still asks for when the grant has ended is listed as refused, weeks included."""
    nina = await trusted(tiny, await tiny.family())
    await nina.family.parent.delete(nina.address)
    await nina.read("week")
    await nina.read("homework", **WEEK)
    await nina.person.get(f"/v1/children/{nina.child_id}")
    assert sorted(await nina.uses()) == [
        ("child", "child_unknown", 1),
        ("days", "child_unknown", 1),
        ("homework", "child_unknown", 1),
    ]


async def test_a_diary_in_trouble_is_told_too(tiny: RunningGateway, town: TinyTown) -> None:
    """A reading that failed upstream is a use with the code she got; so is a fault of the plugin."""
    nina = await trusted(tiny, await tiny.family())
    town.trouble = RegionDown("down")
    assert (await nina.read("week")).json()["code"] == "region_down"
    town.trouble = ZeroDivisionError("a fault")
    assert (await nina.read("terms")).json()["code"] == "plugin_broken"
    assert sorted(await nina.uses()) == [("days", "region_down", 1), ("terms", "plugin_broken", 1)]


async def test_the_parents_own_readings_are_no_uses(tiny: RunningGateway) -> None:
    """Nor are those of an account that was never let in."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    await family.read("week")
    await (await tiny.parent("other@example.org")).get(f"/v1/children/{nina.child_id}/week")
    assert await nina.uses() == []


async def test_uses_are_paged(tiny: RunningGateway) -> None:
    """Page after page gives each line once, newest first; a cursor of another list is refused."""
    nina = await trusted(tiny, await tiny.family())
    for _ in range(4):
        await asyncio.gather(nina.read("terms"), nina.read("school"))
        tiny.clock.move(timedelta(hours=1))
    seen: list[tuple[str, str]] = []
    query, pages = {"limit": "3"}, 0
    while True:
        page = (await nina.family.parent.get(f"{nina.address}/uses", params=query)).json()
        seen += [(use["first_at"], use["kind"]) for use in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert (len(seen), len(set(seen)), pages) == (8, 8, 3)
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)
    for cursor in ("use_" + "a" * 26, "nonsense", "%00"):
        answer = await nina.family.parent.get(f"{nina.address}/uses", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


async def test_the_parent_must_act_and_she_learns_no_more(tiny: RunningGateway, town: TinyTown) -> None:
    """When the parent's link has died she is told to ask the parent, and nothing of why."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    town.access.clear()
    town.refresh.clear()
    for _ in range(2):
        answer = await nina.read("terms")
        told = answer.json()
        assert told.pop("instance")
        assert (answer.status_code, told) == snapshot(
            (
                409,
                {
                    "type": "https://diary.example.org/problems/parent_must_act",
                    "title": "Дневник ждёт родителя",
                    "status": 409,
                    "code": "parent_must_act",
                    "remedy": "Попросите родителя войти в дневник заново; ваш доступ остаётся.",
                    "actor": "parent",
                    "retry": "after_remedy",
                },
            )
        )
    assert await family.state() == ("reauth_required", "login_required")
    await family.parent.post(f"/v1/connections/{family.connection_id}/sign-in", json={})
    filled = {"values": {"login": "olga", "password": "kestrel-9"}}
    await family.parent.post(f"/v1/connections/{family.connection_id}/steps", json=filled)
    assert (await nina.read("terms")).status_code == 200
    assert sorted(await nina.uses()) == [("terms", "ok", 1), ("terms", "parent_must_act", 2)]


async def test_a_suspended_link_is_the_parents_business(tiny: RunningGateway) -> None:
    """That an operator has stopped the parent's link is not told to others."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    async with tiny.gateway.storage.writing() as session:
        await session.execute(update(ConnectionRow).values(state="suspended"))
    assert (await nina.read("week")).json()["code"] == "parent_must_act"
    assert (await family.read("week")).json()["code"] == "not_permitted"


async def test_a_child_in_two_classes_is_asked_of_her_too(tiny: RunningGateway, town: TinyTown) -> None:
    """With several enrolments she names one, as the parent does."""
    town.children["ivan"] = [
        a_child("petya", "Пётр", enrolment="morning"),
        a_child("petya", "Пётр", enrolment="evening", group="8-А"),
    ]
    nina = await trusted(tiny, await tiny.family("ivan"))
    assert (await nina.read("week")).json()["field"] == "enrolment"
    (child,) = (await nina.person.get("/v1/children")).json()["items"]
    for place in child["enrolments"]:
        assert (await nina.read("week", enrolment=place["id"])).status_code == 200


async def test_what_ends_while_the_diary_answers_is_not_given(tiny: RunningGateway, town: TinyTown) -> None:
    """A reading that was on its way when the parent revoked comes to nothing."""
    nina = await trusted(tiny, await tiny.family())
    town.held = asyncio.Event()
    reading = asyncio.create_task(nina.read("week"))
    await town.waits.wait()
    assert (await nina.family.parent.delete(nina.address)).status_code == 204
    town.held.set()
    answer = await reading
    assert (answer.status_code, answer.json()["code"]) == (404, "child_unknown")
    assert await nina.uses() == [("days", "child_unknown", 1)]


async def test_what_is_narrowed_while_the_diary_answers_is_narrowed(
    tiny: RunningGateway, town: TinyTown
) -> None:
    """A right that is taken away during a reading is missing from its answer."""
    nina = await trusted(tiny, await tiny.family(), {Right.LESSONS, Right.MARKS})
    town.held = asyncio.Event()
    reading = asyncio.create_task(nina.read("week"))
    await town.waits.wait()
    await nina.family.parent.patch(nina.address, json={"rights": ["lessons"]})
    town.held.set()
    shown = {str(lesson["marks"]) for day in (await reading).json()["items"] for lesson in day["lessons"]}
    assert shown == {"{'state': 'unavailable', 'reason': 'not_permitted'}"}


@pytest.mark.sqlite
async def test_a_held_database_delays_no_reading(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: MovableClock, town: TinyTown
) -> None:
    """While uses cannot be written down she reads all the same; later they are all there."""
    monkeypatch.setattr(sqlite, "BUSY_MS", 100)
    async with running(settings, tiny_plugins(town), clock) as gate:
        nina = await trusted(gate, await gate.family())
        await nina.read("terms")
        uses = gate.gateway.grants.access.uses
        await uses.write()
        with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert (await nina.read("terms")).status_code == 200
            await uses.write()
        assert (await nina.read("terms")).status_code == 200
        assert await nina.uses() == [("terms", "ok", 3)]


async def test_uses_are_written_down_behind_and_at_the_end(
    settings: Settings, clock: MovableClock, town: TinyTown
) -> None:
    """They come into the database by themselves, and what is left when the gateway stops does too."""
    plugins = tiny_plugins(town)
    async with running(settings, plugins, clock) as first:
        nina = await trusted(first, await first.family())
        await nina.read("terms")
        writer = first.gateway.grants.access.uses._writer
        assert writer is not None
        await writer
        await nina.read("school")
    async with running(settings, plugins, clock) as second:
        parent = second.another_client(Authorization=nina.family.parent.headers["Authorization"])
        shown = (await parent.get(f"{nina.address}/uses")).json()["items"]
        assert {use["kind"] for use in shown} == {"school", "terms"}


async def test_two_gateways_count_together(settings: Settings, clock: MovableClock, town: TinyTown) -> None:
    """Readings through two processes add up to one line."""
    plugins = tiny_plugins(town)
    async with running(settings, plugins, clock) as first, running(settings, plugins, clock) as second:
        nina = await trusted(first, await first.family())
        elsewhere = second.another_client(Authorization=nina.person.headers["Authorization"])
        for person in (nina.person, elsewhere, elsewhere):
            assert (await person.get(f"/v1/children/{nina.child_id}/terms")).status_code == 200
        await second.gateway.grants.access.uses.write()
        assert await nina.uses() == [("terms", "ok", 3)]


async def test_uses_of_an_erased_grant_go_nowhere(tiny: RunningGateway) -> None:
    """Readings on their way into the database when the parent erases everything trouble nobody."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    await nina.read("terms")
    assert (await family.parent.delete("/v1/me")).status_code == 200
    await tiny.gateway.grants.access.uses.write()
    again = await tiny.family()
    invited = await invite(tiny, again)
    assert (await accept(nina.person, invited)).status_code == 200
