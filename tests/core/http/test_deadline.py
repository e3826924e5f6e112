"""The time of whoever asks goes with the call, and nothing is begun that cannot end in it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import RegionBusy, RegionDown, RegionSlow
from diary_core.http import deadline
from diary_core.testing import MemoryStore

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio

SOON = timedelta(seconds=0.1)


async def test_a_call_ends_with_the_time_of_its_asker(upstream: Upstream, open_door: OpenDoor) -> None:
    """Though the door itself would wait longer; also in a task begun meanwhile. The server sees us leave."""
    gone = asyncio.Event()
    upstream.answers(upstream.stalls_after(b"", gone))
    http = await open_door()
    with deadline.within(SOON), pytest.raises(RegionSlow):
        await asyncio.create_task(http.get(upstream.url))
    async with asyncio.timeout(5):
        await gone.wait()


async def test_the_shorter_time_holds(upstream: Upstream, open_door: OpenDoor) -> None:
    """A part of the work may have less time than the whole, never more."""
    upstream.answers(upstream.drips(every_s=30))
    http = await open_door()
    began = time.monotonic()
    with deadline.within(SOON), deadline.within(timedelta(hours=1)), pytest.raises(RegionSlow):
        await http.get(upstream.url)
    with deadline.within(timedelta(hours=1)), deadline.within(SOON), pytest.raises(RegionSlow):
        await http.get(upstream.url)
    assert time.monotonic() - began < 1.5


async def test_nothing_is_sent_when_no_time_is_left(upstream: Upstream, open_door: OpenDoor) -> None:
    """A call nobody waits for any more does not trouble the diary."""
    upstream.answers(upstream.says())
    http = await open_door()
    with deadline.within(timedelta()), pytest.raises(RegionSlow):
        await http.get(upstream.url)
    assert upstream.calls == []


async def test_no_turn_is_waited_for_that_comes_too_late(upstream: Upstream, open_door: OpenDoor) -> None:
    """Who cannot be served in time is told so at once."""
    upstream.answers(upstream.says())
    http = await open_door(calls_burst=1, calls_per_s=0.2)
    await http.get(upstream.url)
    with deadline.within(timedelta(seconds=2)), pytest.raises(RegionBusy):
        await http.get(upstream.url)
    assert len(upstream.calls) == 1


async def test_no_retry_comes_too_late(upstream: Upstream, open_door: OpenDoor) -> None:
    """What the last attempt brought is the answer, told before the time is over."""
    upstream.answers(upstream.says(b"", status=503, headers={"Retry-After": "3"}))
    naps: list[float] = []
    http = await open_door(naps=naps)
    with deadline.within(timedelta(seconds=2)), pytest.raises(RegionDown):
        await http.get(upstream.url)
    assert naps == []


async def test_little_time_says_nothing_about_the_host(upstream: Upstream, open_door: OpenDoor) -> None:
    """A host is not left alone because somebody was in a hurry."""
    upstream.answers(upstream.drips(every_s=30), upstream.says())
    http = await open_door(failures_max=1)
    with deadline.within(SOON), pytest.raises(RegionSlow):
        await http.get(upstream.url)
    assert (await http.get(upstream.url)).status_code == 200


async def test_what_goes_on_behind_has_its_own_time(upstream: Upstream, open_door: OpenDoor) -> None:
    """A delivery begun within a request outlives the time of the request."""
    upstream.answers(upstream.says())
    http = await open_door()
    with deadline.within(timedelta()):
        with deadline.lifted():
            behind = asyncio.create_task(http.get(upstream.url))
        assert deadline.left_s() == 0
        assert (await behind).status_code == 200


async def test_a_renewal_has_its_own_time() -> None:
    """A spent token is traded to the end, however little time its first asker had."""
    left: list[float] = []

    async def renew(spent: Credentials) -> Credentials:
        left.append(deadline.left_s())
        return spent.model_copy(update={"expires_at": None})

    dying = Credentials(secrets={"access": SecretStr("a")}, expires_at=datetime(2026, 9, 16, tzinfo=UTC))
    keeper = CredentialKeeper(MemoryStore(dying), renew, lambda: datetime(2026, 9, 16, tzinfo=UTC))
    with deadline.within(SOON):
        await keeper.current()
    assert left == [float("inf")]
