"""Failing hosts rest by one rule alone and among processes, and one call of them all probes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import timedelta
from uuid import uuid4

import pytest

from diary_api.shared.circuits import circuits_over
from diary_core.errors import RegionResting
from diary_core.http import Circuits, Outcome, OwnCircuits, Rest
from tests.api.shared.pairs import two
from tests.services import redis_running

pytestmark = pytest.mark.anyio

LONG = Rest(failures_max=3, rest_s=60, probe_max_s=60)
SHORT = Rest(failures_max=3, rest_s=0.05, probe_max_s=60)


@pytest.fixture
async def pair(url: str | None) -> AsyncGenerator[tuple[Circuits, Circuits]]:
    async with two(url, OwnCircuits, circuits_over) as circuits:
        yield circuits


@pytest.fixture
def line() -> str:
    return f"invented/town {uuid4().hex}"


async def fail(circuits: Circuits, line: str, rest: Rest, times: int = 1) -> None:
    """Have some calls fail."""
    for _ in range(times):
        probing = await circuits.enter(line, rest)
        await circuits.left(line, rest, Outcome.FAILED, probing=probing)


async def probes(circuits: Circuits, line: str, rest: Rest) -> bool | None:
    """Ask to call: whether as the probe, or None when it is refused."""
    try:
        return await circuits.enter(line, rest)
    except RegionResting:
        return None


async def test_failures_are_counted_together(pair: tuple[Circuits, Circuits], line: str) -> None:
    """Those of several processes in a row make a host rest, for all of them; another line goes on."""
    one, other = pair
    await fail(one, line, LONG, 2)
    assert await probes(other, line, LONG) is False
    await fail(other, line, LONG)
    assert [await probes(circuits, line, LONG) for circuits in pair] == [None, None]
    with pytest.raises(RegionResting) as caught:
        await other.enter(line, LONG)
    assert caught.value.retry_after is not None
    assert timedelta(seconds=50) < caught.value.retry_after <= timedelta(minutes=1)
    assert await probes(other, f"{line}2", LONG) is False


async def test_a_good_answer_starts_the_count_anew(pair: tuple[Circuits, Circuits], line: str) -> None:
    """Whichever process has had it."""
    one, other = pair
    for _ in range(3):
        await fail(one, line, LONG, 2)
        await other.left(line, LONG, Outcome.GOOD, probing=await other.enter(line, LONG))
    assert [await probes(circuits, line, LONG) for circuits in pair] == [False, False]


async def test_one_call_of_all_probes(pair: tuple[Circuits, Circuits], line: str) -> None:
    """After the rest; what it brings decides for everybody."""
    one, other = pair
    await fail(one, line, SHORT, 3)
    await asyncio.sleep(0.1)
    asked = await asyncio.gather(*(probes(circuits, line, SHORT) for circuits in (*pair, *pair, *pair)))
    assert sorted(asked, key=str) == [None] * 5 + [True]
    await one.left(line, LONG, Outcome.FAILED, probing=True)
    assert [await probes(circuits, line, LONG) for circuits in pair] == [None, None]
    await heal(one, line)
    assert [await probes(circuits, line, LONG) for circuits in (other, one)] == [False, False]


async def heal(circuits: Circuits, line: str) -> None:
    """Have a call that was under way come to a good end."""
    await circuits.left(line, LONG, Outcome.GOOD, probing=True)


async def test_a_probe_that_says_nothing_lets_another_go(pair: tuple[Circuits, Circuits], line: str) -> None:
    """Cancelled, or kept back on our side; so does one that was lost with its process."""
    one, other = pair
    await fail(one, line, SHORT, 3)
    await asyncio.sleep(0.1)
    assert await probes(one, line, SHORT) is True
    assert await probes(other, line, SHORT) is None
    await one.left(line, SHORT, Outcome.NOTHING, probing=True)
    brief = SHORT._replace(probe_max_s=0.05)
    assert await probes(other, line, brief) is True
    await asyncio.sleep(0.1)
    assert await probes(one, line, brief) is True


async def test_without_redis_each_goes_by_what_it_has_seen(line: str) -> None:
    """Nobody waits for it and nobody fails: who saw the failures keeps the rest."""
    with ExitStack() as server:
        async with two(server.enter_context(redis_running()), OwnCircuits, circuits_over) as (one, other):
            await fail(one, line, LONG, 3)
            assert await probes(other, line, LONG) is None
            server.close()
            async with asyncio.timeout(20):
                assert await probes(one, line, LONG) is None
                assert await probes(other, line, LONG) is False
                await fail(other, line, LONG, 3)
                assert await probes(other, line, LONG) is None
