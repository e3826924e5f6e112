"""Many who ask for one answer wait for whoever makes it, but not for longer than that is worth."""

from __future__ import annotations

import asyncio

import pytest

from diary_api.hot.makers import Makers

pytestmark = pytest.mark.anyio
KEY = (b"who", b"/path", b"")


async def test_they_wait_until_it_is_made() -> None:
    """Then they look again."""
    makers = Makers(wait_s=30)
    makers.lasts(KEY)
    with makers.making(KEY):
        waiting = asyncio.create_task(makers.made(KEY, makers.patience()))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting
    assert not await makers.made(KEY, makers.patience())


async def test_they_do_not_wait_for_a_slow_one() -> None:
    """It may take as long as a request may: they have their own time, and need it."""
    makers = Makers(wait_s=0.01)
    makers.lasts(KEY)
    with makers.making(KEY):
        assert not await makers.made(KEY, makers.patience())


async def test_they_do_not_wait_for_one_after_another() -> None:
    """What is made and never kept would have each of a crowd wait for all before it."""
    makers = Makers(wait_s=0.05)
    makers.lasts(KEY)
    until, waited = makers.patience(), 0
    with makers.making(KEY):
        waiting = asyncio.create_task(makers.made(KEY, until))
        await asyncio.sleep(0)
    waited += await waiting
    await asyncio.sleep(0.06)
    with makers.making(KEY):
        waited += await makers.made(KEY, until)
    assert waited == 1
