"""Turns at a host: the same rule alone and among processes, and its own while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import timedelta
from uuid import uuid4

import pytest

from diary_api.shared.turns import turns_over
from diary_core.errors import RegionBusy
from diary_core.http import OwnTurns, Pace, Turns
from tests.api.shared.pairs import two
from tests.services import redis_running

pytestmark = pytest.mark.anyio

SLOW = Pace(calls_per_s=0.1, burst=3, wait_max_s=15)
"""A turn every ten seconds after three at once: nothing here depends on how fast the machine is."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def pair(url: str | None) -> AsyncGenerator[tuple[Turns, Turns]]:
    async with two(url, OwnTurns, turns_over) as turns:
        yield turns


@pytest.fixture
def host() -> str:
    return f"{uuid4().hex}.example.org"


async def refused(turns: Turns, line: str, host: str, pace: Pace = SLOW) -> timedelta:
    """Return for how long a turn is refused."""
    with pytest.raises(RegionBusy) as caught:
        await turns.reserve(line, host, pace)
    assert caught.value.retry_after is not None
    return caught.value.retry_after


async def test_turns_are_taken_together(pair: tuple[Turns, Turns], host: str) -> None:
    """The burst at once, the next in ten seconds, and nobody is let in who would wait too long."""
    one, other = pair
    waits = [await turns.reserve("a", host, SLOW) for turns in (one, other, one, other)]
    assert waits[:3] == [0, 0, 0]
    assert 5 < waits[3] <= 10
    for turns in pair:
        assert timedelta(seconds=15) < await refused(turns, "a", host) <= timedelta(seconds=20)
    assert await other.reserve("b", host, SLOW) == 0


async def test_a_turn_given_back_is_free(pair: tuple[Turns, Turns], host: str) -> None:
    """Who leaves the line leaves a place in it, whichever process the next one asks."""
    one, other = pair
    for _ in range(4):
        await one.reserve("a", host, SLOW)
    await refused(other, "a", host)
    await one.give_back("a", host, SLOW)
    assert 5 < await other.reserve("a", host, SLOW) <= 10


async def test_a_refusal_takes_no_turn(pair: tuple[Turns, Turns], host: str) -> None:
    """However many are refused, the wait for the next turn does not grow."""
    one, _ = pair
    for _ in range(4):
        await one.reserve("a", host, SLOW)
    assert max([await refused(one, "a", host) for _ in range(20)]) <= timedelta(seconds=20)


async def test_a_pause_is_for_everybody(pair: tuple[Turns, Turns], host: str) -> None:
    """Every line of the host and every process keeps it; a shorter one later does not shorten it."""
    one, other = pair
    await one.hold(host, MINUTE)
    await other.hold(host, MINUTE / 60)
    for turns in pair:
        for line in ("a", "b"):
            assert timedelta(seconds=50) < await refused(turns, line, host) <= MINUTE
        with pytest.raises(RegionBusy):
            await turns.check(host)
    assert await other.reserve("a", f"other.{host}", SLOW) == 0


async def test_a_pause_ends(pair: tuple[Turns, Turns], host: str) -> None:
    """By itself."""
    one, other = pair
    await one.hold(host, timedelta(milliseconds=50))
    await asyncio.sleep(0.1)
    await other.check(host)
    assert await other.reserve("a", host, SLOW) == 0


async def test_without_redis_each_takes_turns_by_itself(host: str) -> None:
    """When it goes nobody waits for it and nobody fails; a pause this process has heard of is kept."""
    with ExitStack() as server:
        async with two(server.enter_context(redis_running()), OwnTurns, turns_over) as (one, other):
            for _ in range(4):
                await one.reserve("a", host, SLOW)
            await one.hold(f"paused.{host}", MINUTE)
            server.close()
            async with asyncio.timeout(20):
                assert [await other.reserve("a", host, SLOW) for _ in range(3)] == [0, 0, 0]
                assert 5 < await other.reserve("a", host, SLOW) <= 10
                await other.give_back("a", host, SLOW)
                await refused(one, "a", f"paused.{host}")
                await other.hold(host, MINUTE)
                await refused(other, "a", host)
