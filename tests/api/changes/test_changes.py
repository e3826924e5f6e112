"""The log of changes: silent at first, then everything once, for its own account only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot
from pydantic import SecretStr
from tests.api.running import (
    LinkedFamily,
    MovableClock,
    RunningGateway,
    look_into_everything,
    on_a_socket,
    running,
)
from tests.api.tiny import TinyTown, a_child, tiny_plugins

from diary_api.changes import service
from diary_api.settings import Settings
from diary_core.errors import RegionDown
from diary_core.model import Day, Lesson, Missing, Reason, known
from diary_core.notation import read_mark

pytestmark = pytest.mark.anyio

WEDNESDAY = date(2026, 9, 16)


def on_first_lesson(edit: Callable[[Lesson], Lesson], on: date = WEDNESDAY) -> Callable[[Day], Day]:
    """Return an edit of one lesson of one day."""

    def edited(day: Day) -> Day:
        if day.date != on:
            return day
        first, *others = day.lessons
        return day.model_copy(update={"lessons": (edit(first), *others)})

    return edited


def better(lesson: Lesson) -> Lesson:
    marks = known(lesson.marks) or ()
    read = read_mark("5+")
    update = {"display": "5+", "value": Decimal(5), "modifier": read.modifier}
    return lesson.model_copy(update={"marks": tuple(mark.model_copy(update=update) for mark in marks)})


def cancelled(lesson: Lesson) -> Lesson:
    return lesson.model_copy(update={"actual": None, "change": "cancelled"})


async def changes(family: LinkedFamily, **query: str) -> dict[str, Any]:
    answer = await family.parent.get("/v1/changes", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def looked(gate: RunningGateway, family: LinkedFamily) -> None:
    """Read the week of every child anew."""
    gate.clock.move(timedelta(minutes=10))
    for child in range(len(family.child_ids)):
        assert (await family.read("week", child)).status_code == 200


async def test_a_mark_is_edited(tiny: RunningGateway, town: TinyTown) -> None:
    """The first look is silent; then the mark stands there as it was and as it is."""
    family = await tiny.family()
    await looked(tiny, family)
    assert await changes(family) == {"items": [], "cursor": "0", "more": False}
    town.edit = on_first_lesson(better)
    await looked(tiny, family)
    (page,) = [await changes(family, child_id=family.child_ids[0])]
    (change,) = page["items"]
    before, after = change.pop("before"), change.pop("after")
    assert change == snapshot(
        {
            "id": "1",
            "child_id": IsStr(regex=r"chd_[a-z2-7]{26}"),
            "enrolment_id": IsStr(regex=r"enr_[a-z2-7]{26}"),
            "thing": "mark",
            "kind": "changed",
            "day": "2026-09-16",
            "seen_at": "2026-09-16T09:20:00Z",
        }
    )
    assert (before["display"], after["display"]) == ("5", "5+")
    assert (before["id"], before["subject"]) == (after["id"], after["subject"])


async def test_each_difference_is_told_once(tiny: RunningGateway, town: TinyTown) -> None:
    """Looking again, by week or by day, adds nothing; an edit taken back is a second change."""
    family = await tiny.family()
    await looked(tiny, family)
    town.edit = on_first_lesson(cancelled)
    await looked(tiny, family)
    await looked(tiny, family)
    await family.read("days", since="2026-09-16", until="2026-09-16")
    assert [one["thing"] for one in (await changes(family))["items"]] == ["lesson", "lesson"]  # two children
    town.edit = lambda day: day
    await looked(tiny, family)
    told = (await changes(family, after="2"))["items"]
    assert [(one["kind"], one["before"]["change"], one["after"]["change"]) for one in told] == [
        ("changed", "cancelled", "none"),
        ("changed", "cancelled", "none"),
    ]


async def test_a_part_that_did_not_come_takes_nothing_away(tiny: RunningGateway, town: TinyTown) -> None:
    """A partial answer is not compared: what it lacks has not vanished."""
    family = await tiny.family()
    await looked(tiny, family)
    town.edit = on_first_lesson(lambda lesson: lesson.model_copy(update={"marks": ()}))
    town.lacking = (Missing(what="lessons.marks", reason=Reason.UPSTREAM_ERROR),)
    await looked(tiny, family)
    assert (await changes(family))["items"] == []
    town.lacking = ()
    await looked(tiny, family)
    assert {one["kind"] for one in (await changes(family))["items"]} == {"vanished"}


async def test_the_log_outlives_a_restart(settings: Settings, town: TinyTown, clock: MovableClock) -> None:
    """What was known before the restart is compared with what is seen after it."""
    async with running(settings, tiny_plugins(town), clock) as gate:
        family = await gate.family()
        await looked(gate, family)
        key = family.parent.headers["Authorization"]
    town.edit = on_first_lesson(better)
    async with running(settings, tiny_plugins(town), clock) as gate:
        parent = gate.another_client(Authorization=key)
        again = LinkedFamily(parent, family.connection_id, family.child_ids)
        await looked(gate, again)
        assert [one["kind"] for one in (await changes(again))["items"]] == ["changed", "changed"]


async def test_pages(tiny: RunningGateway, town: TinyTown) -> None:
    """A cursor leads through the log piece by piece, and stays good at its end."""
    family = await tiny.family()
    await looked(tiny, family)
    town.edit = on_first_lesson(lambda lesson: cancelled(better(lesson)))
    await looked(tiny, family)
    found: list[str] = []
    page = await changes(family, limit="3")
    while page["more"]:
        found += [one["id"] for one in page["items"]]
        page = await changes(family, limit="3", after=page["cursor"])
    found += [one["id"] for one in page["items"]]
    assert found == ["1", "2", "3", "4"]
    assert await changes(family, after=page["cursor"]) == {"items": [], "cursor": "4", "more": False}


async def test_nobody_elses(tiny: RunningGateway, town: TinyTown) -> None:
    """Another account has a log of its own, and cannot ask about this one's children."""
    family, other = await tiny.family(), await tiny.family("ivan")
    await looked(tiny, family)
    await looked(tiny, other)
    town.edit = on_first_lesson(better)
    await looked(tiny, family)
    assert (await changes(other))["items"] == []
    answer = await other.parent.get("/v1/changes", params={"child_id": family.child_ids[0]})
    assert answer.json()["code"] == "child_unknown"
    assert (await tiny.client.get("/v1/changes")).json()["code"] == "not_signed_in"
    assert (await tiny.client.get("/v1/changes/stream")).json()["code"] == "not_signed_in"


@pytest.mark.parametrize("cursor", ["-1", "x", "9" * 30, "1.5", ""])
async def test_no_cursor_of_ours(tiny: RunningGateway, cursor: str) -> None:
    """A malformed cursor is named."""
    family = await tiny.family()
    answer = await family.parent.get("/v1/changes", params={"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_an_unlinked_diary_leaves_no_log(tiny: RunningGateway, town: TinyTown) -> None:
    """What was seen through a link goes with it, and linking again begins in silence."""
    family = await tiny.family()
    await looked(tiny, family)
    town.edit = on_first_lesson(better)
    await looked(tiny, family)
    await family.parent.delete(f"/v1/connections/{family.connection_id}")
    assert (await changes(family))["items"] == []


async def test_an_older_answer_knows_no_better(tiny: RunningGateway, town: TinyTown) -> None:
    """An answer that was long on its way does not undo what a later question has brought."""
    family = await tiny.family()
    await looked(tiny, family)
    town.held = asyncio.Event()
    slow = asyncio.create_task(family.read("days", since="2026-09-15", until="2026-09-16"))
    while not town.calls["days"] > 2:  # noqa: ASYNC110  the town has no event for it
        await asyncio.sleep(0.01)
    held, town.held = town.held, None
    town.edit = on_first_lesson(better)
    tiny.clock.move(timedelta(minutes=10))
    assert (await family.read("week")).status_code == 200
    town.edit = lambda day: day  # what the slow answer was made of
    held.set()
    await slow
    assert [one["kind"] for one in (await changes(family))["items"]] == ["changed"]


async def test_the_watch_sees_what_nobody_reads(tiny: RunningGateway, town: TinyTown) -> None:
    """It looks at the last, the present and the next week of every diary, and a broken one stops no other."""
    family, other = await tiny.family(), await tiny.family("ivan")
    await look_into_everything(tiny.gateway)
    town.edit = on_first_lesson(better, date(2026, 9, 9))
    tiny.clock.move(timedelta(minutes=10))
    await look_into_everything(tiny.gateway)
    assert len((await changes(family))["items"]) == 2
    assert len((await changes(other))["items"]) == 1
    town.edit, town.trouble = on_first_lesson(better, date(2026, 9, 23)), RegionDown("down")
    tiny.clock.move(timedelta(minutes=10))
    await look_into_everything(tiny.gateway)
    town.trouble = None
    tiny.clock.move(timedelta(minutes=10))
    await look_into_everything(tiny.gateway)
    assert len((await changes(other))["items"]) == 3  # last week's edit was undone, next week's made


async def next_event(lines: Any) -> dict[str, str]:
    """Read one event of a stream, comments left out."""
    event: dict[str, str] = {}
    async for line in lines:
        if not line and event:
            return event
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            event[name] = value
    raise AssertionError("the stream ended")


async def test_a_stream_tells_as_it_happens(tiny: RunningGateway, town: TinyTown) -> None:
    """A change comes by itself, with a cursor; who comes back with it gets what came meanwhile."""
    family = await tiny.family()
    await looked(tiny, family)
    headers = dict(family.parent.headers)
    async with on_a_socket(tiny) as url, httpx2.AsyncClient(base_url=url, headers=headers) as client:
        async with client.stream("GET", "/v1/changes/stream") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            town.edit = on_first_lesson(better)
            await looked(tiny, family)
            first = await next_event(stream.aiter_lines())
            assert (first["event"], first["id"]) == ("change", "1")
            assert json.loads(first["data"])["after"]["display"] == "5+"
        async with client.stream("GET", "/v1/changes/stream", headers={"Last-Event-ID": "1"}) as stream:
            assert (await next_event(stream.aiter_lines()))["id"] == "2"


async def test_a_stream_hears_what_another_process_writes(
    settings: Settings, town: TinyTown, clock: MovableClock, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: it does not look by itself before an hour is over."""
    monkeypatch.setattr(service, "_LOOK_EVERY", timedelta(hours=1))
    several = settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    plugins = tiny_plugins(town)
    async with running(several, plugins, clock) as here, running(several, plugins, clock) as there:
        family = await here.family()
        await looked(here, family)
        headers = dict(family.parent.headers)
        async with (
            on_a_socket(there) as url,
            httpx2.AsyncClient(base_url=url, headers=headers) as client,
            client.stream("GET", "/v1/changes/stream") as stream,
        ):
            town.edit = on_first_lesson(better)
            await looked(here, family)
            assert (await next_event(stream.aiter_lines()))["id"] == "1"


async def test_a_stream_ends_with_its_session(tiny: RunningGateway) -> None:
    """A withdrawn session gets no more of it."""
    family = await tiny.family()
    account_id = (await family.parent.get("/v1/me")).json()["id"]
    headers = dict(family.parent.headers)
    async with (
        on_a_socket(tiny) as url,
        httpx2.AsyncClient(base_url=url, headers=headers) as client,
        client.stream("GET", "/v1/changes/stream") as stream,
    ):
        await family.parent.delete("/v1/sessions/current")
        await tiny.gateway.changes.bells.ring(account_id)
        assert [line async for line in stream.aiter_lines() if line.startswith("data")] == []


async def test_an_account_follows_by_a_few_streams(tiny: RunningGateway) -> None:
    """Each looks into the log every few seconds: one more is refused until another has ended."""
    family = await tiny.family()
    headers = {"Authorization": family.parent.headers["Authorization"]}
    async with (
        on_a_socket(tiny) as url,
        httpx2.AsyncClient(base_url=url, headers=headers) as client,
        AsyncExitStack() as streams,
    ):
        opened = [
            await streams.enter_async_context(client.stream("GET", "/v1/changes/stream")) for _ in range(11)
        ]
        assert [stream.status_code for stream in opened] == [200] * 10 + [429]
        await streams.aclose()
        seen = set[int]()
        async with asyncio.timeout(10):  # until the gateway has noticed
            while 200 not in seen:
                async with client.stream("GET", "/v1/changes/stream") as stream:
                    seen.add(stream.status_code)
                await asyncio.sleep(0.05)
        assert seen <= {200, 429}


async def test_a_family_that_leaves_takes_no_others_look(tiny: RunningGateway, town: TinyTown) -> None:
    """Erased in the middle of a look, it has no children to look at any more; the look goes on and ends."""
    town.children["ivan"] = [a_child("petya", "Пётр"), a_child("masha", "Мария")]
    family = await tiny.family("ivan")
    town.held = asyncio.Event()
    looking = asyncio.create_task(look_into_everything(tiny.gateway))
    await town.waits.wait()
    erasing = asyncio.create_task(family.parent.delete("/v1/me"))
    while (await family.parent.get("/v1/me")).is_success:  # noqa: ASYNC110  erased long before it answers
        await asyncio.sleep(0)
    town.held.set()
    assert (await erasing).status_code == 200
    await looking
