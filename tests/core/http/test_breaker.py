"""A host that keeps failing is left alone, probed once, and taken back when it is well."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest

from diary_core.errors import DiaryError, RegionBusy, RegionDown, RegionResting, RegionSlow
from diary_core.http import DoorLimits, open_client

if TYPE_CHECKING:
    from .conftest import Answer, OpenDoor, Upstream

pytestmark = pytest.mark.anyio

LIMITS = {"failures_max": 2, "rest_s": 0.1, "attempts_max": 1}


async def _wear_out(http: httpx2.AsyncClient, upstream: Upstream) -> None:
    upstream.answers(upstream.says(b"", status=500))
    for _ in range(2):
        with pytest.raises(RegionDown):
            await http.get(upstream.url)
    upstream.calls.clear()


async def test_a_failing_host_is_left_alone(upstream: Upstream, open_door: OpenDoor) -> None:
    """After so many failures in a row no call goes out, and the caller learns for how long."""
    http = await open_door(**LIMITS)
    await _wear_out(http, upstream)
    with pytest.raises(RegionResting) as caught:
        await http.post(upstream.url)
    assert upstream.calls == []
    assert caught.value.retry_after is not None
    assert timedelta(0) < caught.value.retry_after <= timedelta(seconds=0.1)


async def test_a_good_answer_starts_the_count_anew(upstream: Upstream, open_door: OpenDoor) -> None:
    """Single failures among good answers never add up; an answer of 404 is a good one."""
    http = await open_door(**LIMITS)
    for _ in range(4):
        upstream.answers(upstream.says(b"", status=500))
        with pytest.raises(RegionDown):
            await http.get(upstream.url)
        upstream.answers(upstream.says(status=404))
        await http.get(upstream.url)


async def test_a_probe_that_succeeds_takes_the_host_back(upstream: Upstream, open_door: OpenDoor) -> None:
    """After the rest one good answer is enough."""
    http = await open_door(**LIMITS)
    await _wear_out(http, upstream)
    upstream.answers(upstream.says())
    await asyncio.sleep(0.12)
    for _ in range(3):
        assert (await http.get(upstream.url)).status_code == 200


async def test_a_probe_that_fails_prolongs_the_rest(upstream: Upstream, open_door: OpenDoor) -> None:
    """One failure after the rest is enough to begin another."""
    http = await open_door(**LIMITS)
    await _wear_out(http, upstream)
    await asyncio.sleep(0.12)
    with pytest.raises(RegionDown):
        await http.get(upstream.url)
    with pytest.raises(RegionResting):
        await http.get(upstream.url)
    assert len(upstream.calls) == 1


async def test_only_one_call_probes(upstream: Upstream, open_door: OpenDoor) -> None:
    """A host that has just come back is not met by everybody who was waiting."""
    http = await open_door(**LIMITS, read_timeout_s=0.1)
    await _wear_out(http, upstream)
    upstream.answers(upstream.drips(every_s=30))
    await asyncio.sleep(0.12)
    outcomes = await asyncio.gather(*(http.get(upstream.url) for _ in range(20)), return_exceptions=True)
    assert sorted({type(outcome).__name__ for outcome in outcomes}) == ["RegionResting", "RegionSlow"]
    assert len(upstream.calls) == 1


async def test_a_cancelled_probe_says_nothing(upstream: Upstream, open_door: OpenDoor) -> None:
    """A parent who leaves during the probe neither heals nor blocks the host: the next call probes."""
    http = await open_door(**LIMITS)
    await _wear_out(http, upstream)
    upstream.answers(upstream.drips(every_s=30))
    await asyncio.sleep(0.12)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await http.get(upstream.url)
    upstream.answers(upstream.says(b"", status=500))
    with pytest.raises(RegionDown):
        await http.get(upstream.url)
    with pytest.raises(RegionResting):
        await http.get(upstream.url)


@pytest.mark.parametrize("trouble", ["drop", "silence", "drip"])
async def test_every_trouble_of_the_server_counts(
    upstream: Upstream, open_door: OpenDoor, trouble: str
) -> None:
    """Dropped connections, silence and slow drips wear a host out as statuses do."""
    answers: dict[str, Answer] = {
        "drop": upstream.hangs_up(),
        "silence": upstream.drips(every_s=30),
        "drip": upstream.drips(every_s=0.01),
    }
    upstream.answers(answers[trouble])
    http = await open_door(**LIMITS, read_timeout_s=0.05, attempt_timeout_s=0.1)
    for _ in range(2):
        with pytest.raises((RegionDown, RegionSlow)):
            await http.get(upstream.url)
    with pytest.raises(RegionResting):
        await http.get(upstream.url)


async def test_politeness_does_not_count(upstream: Upstream, open_door: OpenDoor) -> None:
    """A host that asks us to slow down is well."""
    upstream.answers(upstream.says(b"", status=429))
    http = await open_door(**LIMITS)
    for _ in range(5):
        with pytest.raises(RegionBusy):
            await http.get(upstream.url)


async def test_retries_stop_when_the_host_is_worn_out(upstream: Upstream, open_door: OpenDoor) -> None:
    """Attempts are counted, not calls: the third attempt of one call does not go out any more."""
    upstream.answers(upstream.says(b"", status=503))
    http = await open_door(failures_max=2, rest_s=30, attempts_max=5)
    with pytest.raises(RegionResting):
        await http.get(upstream.url)
    assert len(upstream.calls) == 2


async def test_hosts_rest_apart() -> None:
    """The sign-in server of an instance may fail without shutting its diary."""

    def reached(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(500 if request.url.host == "login.example.test" else 200)

    hosts = ("https://login.example.test", "https://diary.example.test")
    limits = DoorLimits(failures_max=1)
    async with open_client(
        hosts, limits=limits, name="invented/town", base=httpx2.MockTransport(reached)
    ) as http:
        for _ in range(3):
            with pytest.raises(DiaryError):
                await http.get(hosts[0])
        assert (await http.get(hosts[1])).status_code == 200
