"""Several calls for one answer: one must come, the others leave a gap with its reason."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from diary_core.errors import (
    DiaryError,
    DisabledBySchool,
    LoginRequired,
    NotPermitted,
    NotSupported,
    RegionBusy,
    RegionChanged,
    RightMissing,
)
from diary_core.model import Reason, Unavailable
from diary_core.side_calls import AT_ONCE, attempt, attempt_each, together

pytestmark = pytest.mark.anyio


async def brings(value: str) -> str:
    return value


async def fails(error: Exception) -> str:
    raise error


async def test_what_comes_is_given() -> None:
    """Both kinds of calls give what they bring."""
    async with together() as tasks:
        base = tasks.create_task(brings("days"))
        side = tasks.create_task(attempt(brings("marks")))
    assert (base.result(), side.result()) == ("days", "marks")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotPermitted(), Reason.NOT_PERMITTED),
        (RightMissing(), Reason.NOT_PERMITTED),
        (DisabledBySchool(), Reason.DISABLED_BY_SCHOOL),
        (NotSupported(), Reason.UNSUPPORTED),
        (RegionBusy(), Reason.UPSTREAM_ERROR),
        (RegionChanged(), Reason.UPSTREAM_ERROR),
        (LoginRequired(), Reason.UPSTREAM_ERROR),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, DiaryError) else str(value),
)
async def test_a_side_call_that_fails_is_a_gap(error: DiaryError, reason: Reason) -> None:
    """The reason is that of the error; a refused session is the other service's trouble."""
    assert await attempt(fails(error)) == Unavailable(reason=reason)


async def test_a_fault_of_ours_is_no_gap() -> None:
    """Only errors of the tree become gaps."""
    with pytest.raises(KeyError):
        await attempt(fails(KeyError("x")))


async def test_the_base_call_raises_its_own_error_and_ends_the_others() -> None:
    """The error keeps its class and its cause, and nothing is left running."""
    ended = asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def refused() -> None:
        raise RegionBusy("later") from ValueError("429")

    async def both() -> None:
        async with together() as tasks:
            tasks.create_task(slow())
            tasks.create_task(refused())

    with pytest.raises(RegionBusy) as caught:
        await both()
    assert isinstance(caught.value.__cause__, ValueError)
    assert ended.is_set()


async def test_many_side_calls_go_a_few_at_a_time_in_their_order() -> None:
    """Each brings its thing or its gap; never are more under way than a few."""
    under_way = 0
    most = 0

    async def call(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        if number % 5 == 0:
            raise NotPermitted
        return number

    found = await attempt_each([partial(call, number) for number in range(100)])
    gap = Unavailable(reason=Reason.NOT_PERMITTED)
    assert found == [number if number % 5 else gap for number in range(100)]
    assert 1 < most <= AT_ONCE


async def test_no_side_calls_bring_nothing() -> None:
    """An empty list needs no loop."""
    assert await attempt_each([]) == []
