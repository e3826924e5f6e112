"""What is answered from memory is what the router would have answered, to the last header."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import timedelta

import httpx2
import pytest

from diary_core.errors import RegionDown
from tests.api.hot.gateways import as_seen
from tests.api.running import LinkedFamily, RunningGateway, running, settings_for
from tests.api.statements import listening, statements
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio


async def _heated(gate: RunningGateway) -> LinkedFamily:
    """Have a week asked for, found in the database, and so kept in memory."""
    family = await gate.family()
    for _ in range(2):
        assert (await family.read("week")).status_code == 200
    assert len(gate.gateway.hot) == 1
    return family


async def test_a_hit_asks_the_database_nothing(tiny: RunningGateway) -> None:
    """The third look at a week is answered before the router, and word for word as the second."""
    family = await tiny.family()
    await family.read("week")
    second = await family.read("week")
    with statements(tiny) as asked:
        third = await family.read("week")
    assert asked == []
    assert as_seen(third) == as_seen(second)
    assert third.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize("tag", ["{tag}", '"other", {tag}', "W/{tag}", "*", '"other"', "", "W/*", "{tag}x"])
async def test_tags_are_read_as_the_router_reads_them(tiny: RunningGateway, tag: str) -> None:
    """Listed, weak, any, none that fits: 304 or the bytes, with the same headers, hot and cold."""
    family = await _heated(tiny)
    address = f"/v1/children/{family.child_ids[0]}/week"
    known = {"If-None-Match": tag.format(tag=(await family.read("week")).headers["etag"])}
    hot = await family.parent.get(address, headers=known)
    tiny.gateway.hot.drop_everything()
    assert as_seen(hot) == as_seen(await family.parent.get(address, headers=known))


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "DELETE"])
async def test_only_plain_reads_are_answered(tiny: RunningGateway, method: str) -> None:
    """Any other method goes to the router."""
    family = await _heated(tiny)
    address = f"/v1/children/{family.child_ids[0]}/week"
    assert (await family.parent.request(method, address)).status_code == 405


async def test_a_hit_is_logged_as_any_other_call(tiny: RunningGateway, log: io.StringIO) -> None:
    """With the route's template, the status and an id; never with the address or the key."""
    family = await _heated(tiny)
    log.truncate(log.seek(0))
    answer = await family.read("week")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "request"]
    shown = {name: line[name] for name in ("route", "method", "status", "outcome", "request_id")}
    assert shown == {
        "route": "/v1/children/{child_id}/week",
        "method": "GET",
        "status": 200,
        "outcome": "ok",
        "request_id": answer.headers["x-request-id"],
    }
    assert family.child_ids[0] not in log.getvalue()


@pytest.mark.parametrize(
    "headers",
    [[], [("Authorization", "Bearer dgs_nobody")], [("Authorization", "{own}"), ("Authorization", "{own}")]],
)
async def test_a_key_of_another_opens_nothing(tiny: RunningGateway, headers: list[tuple[str, str]]) -> None:
    """Without the key, with another or with two, the router decides, and it asks for the session."""
    family = await _heated(tiny)
    own = family.parent.headers["Authorization"]
    given = httpx2.Headers([(name, value.format(own=own)) for name, value in headers])
    with statements(tiny) as asked:
        await tiny.client.get(f"/v1/children/{family.child_ids[0]}/week", headers=given)
    assert len(asked) > 0 or not headers


async def test_fresh_is_as_long_hot_as_cold(tiny: RunningGateway, town: TinyTown) -> None:
    """An answer in memory ends with its freshness, and with the session."""
    family = await _heated(tiny)
    tiny.clock.move(timedelta(seconds=301))
    assert (await family.read("week")).json()["as_of"] == "2026-09-16T09:05:01Z"
    for _ in range(2):
        await family.read("school")
    tiny.clock.move(timedelta(days=31))
    assert (await family.read("school")).status_code == 401


async def test_the_present_week_ends_at_the_schools_midnight(tiny: RunningGateway) -> None:
    """A request without a date means another week after Sunday's midnight, also within five minutes."""
    tiny.clock.now = tiny.clock.now.fromisoformat("2026-09-20T16:58:00+00:00")
    family = await _heated(tiny)
    tiny.clock.move(timedelta(minutes=3))
    assert (await family.read("week")).json()["items"][0]["date"] == "2026-09-21"


async def test_stale_answers_stay_out(tiny: RunningGateway, town: TinyTown) -> None:
    """What is served for want of better is never given again unasked."""
    family = await _heated(tiny)
    tiny.clock.move(timedelta(hours=1))
    town.trouble = RegionDown("down")
    for _ in range(2):
        assert (await family.read("week")).json()["stale"]
    town.trouble = None
    assert not (await family.read("week")).json()["stale"]


async def test_memory_may_be_switched_off(tmp_path_factory: pytest.TempPathFactory, town: TinyTown) -> None:
    """With zero bytes nothing is kept."""
    settings = settings_for(tmp_path_factory.mktemp("cold"), hot={"limit_bytes": 0})
    async with running(settings, tiny_plugins(town)) as gate:
        family = await gate.family()
        for _ in range(3):
            assert (await family.read("week")).status_code == 200
        assert (len(gate.gateway.hot), gate.gateway.hot.size_bytes) == (0, 0)


async def test_of_a_crowd_one_makes_the_answer_anew(tiny: RunningGateway) -> None:
    """What has just ended costs the database as much for twenty askers as for one."""
    family = await _heated(tiny)
    tiny.gateway.hot.drop_everything()
    with statements(tiny) as alone:
        one = await family.read("week")
    tiny.gateway.hot.drop_everything()
    with statements(tiny) as together:
        answers = await asyncio.gather(*(family.read("week") for _ in range(20)))
    assert len(together) == len(alone) > 0
    assert [as_seen(answer) for answer in answers] == [as_seen(one)] * 20


async def test_nobody_waits_for_a_maker_in_vain(tiny: RunningGateway, town: TinyTown) -> None:
    """Once an answer lasts no more, all who ask are told so side by side."""
    family = await _heated(tiny)
    tiny.clock.move(timedelta(hours=1))
    town.trouble = RegionDown("down")
    answers = await asyncio.gather(*(family.read("week") for _ in range(5)))
    assert [answer.json()["stale_reason"] for answer in answers] == [RegionDown.code] * 5
    assert len(tiny.gateway.hot) == 0


async def test_whoever_waited_for_one_that_was_broken_off_is_answered(tiny: RunningGateway) -> None:
    """The next of them makes it."""
    family = await _heated(tiny)
    tiny.gateway.hot.drop_everything()
    with statements(tiny) as alone:
        await family.read("week")
    tiny.gateway.hot.drop_everything()
    first, *others = [asyncio.create_task(family.read("week")) for _ in range(4)]
    await asyncio.sleep(0)
    first.cancel()
    with statements(tiny) as together:
        answers = await asyncio.gather(*others)
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(together) <= 2 * len(alone)


async def test_an_asker_who_knows_it_already_fills_the_memory_too(tiny: RunningGateway) -> None:
    """What is renewed for 304 is kept whole, for those who do not know it."""
    family = await _heated(tiny)
    address = f"/v1/children/{family.child_ids[0]}/week"
    whole = await family.read("week")
    tiny.gateway.hot.drop_everything()
    unchanged = await family.parent.get(address, headers={"If-None-Match": whole.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert "content-length" not in unchanged.headers
    assert len(tiny.gateway.hot) == 1
    with statements(tiny) as asked:
        assert as_seen(await family.read("week")) == as_seen(whole)
    assert asked == []


async def test_news_that_came_between_is_no_end_of_lasting(tiny: RunningGateway) -> None:
    """What was touched while it was made anew is kept the next time, though its asker knows it already."""
    family = await _heated(tiny)
    address = f"/v1/children/{family.child_ids[0]}/week"
    known = {"If-None-Match": (await family.read("week")).headers["etag"]}
    tiny.gateway.hot.drop_everything()
    with listening(tiny, lambda _: tiny.gateway.hot.drop_everything()):
        assert (await family.parent.get(address, headers=known)).status_code == 304
    assert len(tiny.gateway.hot) == 0
    assert (await family.parent.get(address, headers=known)).status_code == 304
    with statements(tiny) as asked:
        assert (await family.parent.get(address, headers=known)).status_code == 304
    assert asked == []
