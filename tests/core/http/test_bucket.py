"""No more calls go to a host than politeness allows."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from diary_core.errors import RegionBusy, TryLater
from diary_core.http import OwnTurns

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio


async def test_calls_beyond_the_burst_wait_for_their_turn(upstream: Upstream, open_door: OpenDoor) -> None:
    """Two go at once, the four after them at twenty a second."""
    upstream.answers(upstream.says())
    http = await open_door(calls_burst=2, calls_per_s=20)
    began = time.monotonic()
    await asyncio.gather(*(http.get(upstream.url) for _ in range(6)))
    assert 0.19 < time.monotonic() - began < 1


async def test_a_queue_too_long_is_refused(upstream: Upstream, open_door: OpenDoor) -> None:
    """Who cannot have a turn in time is told so at once and for how long; the server hears nothing of it."""
    upstream.answers(upstream.says())
    http = await open_door(calls_burst=1, calls_per_s=0.01, bucket_wait_max_s=90)
    await http.get(upstream.url)
    with pytest.raises(RegionBusy) as caught:
        await http.get(upstream.url)
    assert caught.value.retry_after is not None
    assert timedelta(seconds=90) < caught.value.retry_after <= timedelta(seconds=100)
    assert len(upstream.calls) == 1


async def test_a_retry_takes_its_turn_too(upstream: Upstream, open_door: OpenDoor) -> None:
    """Every attempt counts."""
    upstream.answers(upstream.says(b"", status=503), upstream.says())
    http = await open_door(calls_burst=1, calls_per_s=10)
    began = time.monotonic()
    await http.get(upstream.url)
    assert time.monotonic() - began > 0.09


async def test_who_leaves_the_queue_blocks_nobody(upstream: Upstream, open_door: OpenDoor) -> None:
    """A parent who gives up waiting takes no turn from the next one."""
    upstream.answers(upstream.says())
    http = await open_door(calls_burst=1, calls_per_s=10)
    await http.get(upstream.url)
    waiting = [asyncio.create_task(http.get(upstream.url)) for _ in range(5)]
    await asyncio.sleep(0.01)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    began = time.monotonic()
    await http.get(upstream.url)
    assert time.monotonic() - began < 0.3


@pytest.mark.parametrize("status", [429, 433, 503])
async def test_a_pause_a_host_asks_for_is_kept(upstream: Upstream, open_door: OpenDoor, status: int) -> None:
    """Nobody calls before it is over, by whatever door; each is told how long it lasts yet."""
    turns = OwnTurns()
    doors = [await open_door(turns=turns, attempts_max=1) for _ in range(2)]
    upstream.answers(upstream.says(b"", status=status, headers={"Retry-After": "1"}), upstream.says())
    with pytest.raises(TryLater):
        await doors[0].get(upstream.url)
    for http in doors:
        with pytest.raises(RegionBusy) as caught:
            await http.post(upstream.url)
        assert caught.value.retry_after is not None
        assert timedelta(0) < caught.value.retry_after <= timedelta(seconds=1)
    assert len(upstream.calls) == 1
    await asyncio.sleep(1)
    assert (await doors[1].get(upstream.url)).status_code == 200


async def test_a_pause_is_kept_by_those_in_line(upstream: Upstream, open_door: OpenDoor) -> None:
    """Who had a turn already when the host asked for a pause does not use it."""
    upstream.answers(upstream.says(b"", status=429, headers={"Retry-After": "60"}))
    http = await open_door(calls_burst=1, calls_per_s=10)
    outcomes = await asyncio.gather(*(http.get(upstream.url) for _ in range(4)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {RegionBusy}
    assert len(upstream.calls) == 1


async def test_no_pause_is_without_end(upstream: Upstream, open_door: OpenDoor) -> None:
    """A host that asks for a day is asked again sooner."""
    upstream.answers(upstream.says(b"", status=429, headers={"Retry-After": "86400"}), upstream.says())
    http = await open_door(hold_max_s=0.05)
    with pytest.raises(RegionBusy):
        await http.get(upstream.url)
    with pytest.raises(RegionBusy) as caught:
        await http.get(upstream.url)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after <= timedelta(seconds=0.05)
    await asyncio.sleep(0.06)
    assert (await http.get(upstream.url)).status_code == 200


async def test_a_pause_does_not_keep_the_probe_away(upstream: Upstream, open_door: OpenDoor) -> None:
    """A host that failed too often and asked for a pause is probed once both are over."""
    upstream.answers(upstream.says(b"", status=503, headers={"Retry-After": "1"}), upstream.says())
    http = await open_door(failures_max=1, rest_s=0.01, attempts_max=1)
    with pytest.raises(TryLater):
        await http.get(upstream.url)
    await asyncio.sleep(0.02)
    for _ in range(3):
        with pytest.raises(RegionBusy):
            await http.get(upstream.url)
    await asyncio.sleep(1)
    assert (await http.get(upstream.url)).status_code == 200
