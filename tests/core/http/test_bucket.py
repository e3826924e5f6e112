"""No more calls go to a host than politeness allows."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from diary_core.errors import RegionBusy

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
    """Who cannot have a turn in time is told so, and the server hears nothing of it."""
    upstream.answers(upstream.says())
    http = await open_door(calls_burst=1, calls_per_s=0.1, bucket_wait_max_s=0.05)
    await http.get(upstream.url)
    with pytest.raises(RegionBusy):
        await http.get(upstream.url)
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
