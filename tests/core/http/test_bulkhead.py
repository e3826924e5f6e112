"""One instance that hangs takes its own room and nobody else's."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.core.http.upstream import running_upstream

from diary_core.errors import RegionBusy
from diary_core.http import DoorLimits, OwnTurns, open_client

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio


async def test_so_many_go_at_once_and_so_many_wait(upstream: Upstream, open_door: OpenDoor) -> None:
    """The others are refused at once, and told when to come again."""
    begun, let_go = 0, asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        nonlocal begun
        begun += 1
        await let_go.wait()
        await upstream.says()(writer)

    upstream.answers(answer)
    http = await open_door(calls_at_once=2, calls_waiting_max=3, bucket_wait_max_s=4)
    calls = [asyncio.create_task(http.get(upstream.url)) for _ in range(10)]
    refused, going = await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
    while begun < 2:  # noqa: ASYNC110  told by no event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    refused = {call for call in calls if call.done()}
    assert (len(refused), len(going), begun) == (5, 5, 2)
    errors = [call.exception() for call in refused]
    assert {(type(error), getattr(error, "retry_after", None)) for error in errors} == {
        (RegionBusy, timedelta(seconds=4))
    }
    let_go.set()
    answers = await asyncio.gather(*(call for call in calls if call not in refused))
    assert {answer.status_code for answer in answers} == {200}


async def test_room_that_does_not_come_is_not_waited_for(upstream: Upstream, open_door: OpenDoor) -> None:
    """Nobody waits longer for room than for a turn."""
    upstream.answers(upstream.drips(every_s=30))
    http = await open_door(calls_at_once=1, bucket_wait_max_s=0.1)
    first = asyncio.create_task(http.get(upstream.url))
    await asyncio.sleep(0.05)
    with pytest.raises(RegionBusy):
        await http.get(upstream.url)
    first.cancel()


async def test_who_leaves_makes_room(upstream: Upstream, open_door: OpenDoor) -> None:
    """Whether under way or in line."""
    upstream.answers(upstream.drips(every_s=30))
    http = await open_door(calls_at_once=2, calls_waiting_max=2)
    calls = [asyncio.create_task(http.get(upstream.url)) for _ in range(4)]
    await asyncio.sleep(0.1)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    upstream.answers(upstream.says())
    answers = await asyncio.gather(*(http.get(upstream.url) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4


async def test_a_hanging_instance_starves_no_other(upstream: Upstream) -> None:
    """Of 500 askers of a dead one a bounded part waits, the rest know at once; the other answers as ever."""
    connected = 0

    async def hang(_writer: asyncio.StreamWriter) -> None:
        nonlocal connected
        connected += 1
        await asyncio.Event().wait()

    limits, turns = DoorLimits(calls_per_s=10_000, calls_burst=10_000), OwnTurns()
    async with (
        running_upstream() as dead,
        open_client([dead.url], limits=limits, name="invented/dead", turns=turns) as to_dead,
        open_client([upstream.url], limits=limits, name="invented/town", turns=turns) as to_other,
    ):
        dead.answers(hang)
        upstream.answers(upstream.says())
        askers = [asyncio.create_task(to_dead.get(dead.url)) for _ in range(500)]
        while connected < limits.calls_at_once:  # noqa: ASYNC110  told by no event
            await asyncio.sleep(0.01)
        answers = [await to_other.get(upstream.url) for _ in range(20)]
        answers += await asyncio.gather(*(to_other.get(upstream.url) for _ in range(30)))
        assert Counter(answer.status_code for answer in answers) == {200: 50}
        assert connected == limits.calls_at_once
        outcomes = Counter(type(asker.exception()) for asker in askers if asker.done())
        assert outcomes == {RegionBusy: 500 - limits.calls_at_once - limits.calls_waiting_max}
        for asker in askers:
            asker.cancel()
        await asyncio.gather(*askers, return_exceptions=True)
