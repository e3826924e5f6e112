"""A sign-in outlives a restart of the gateway, and not its own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family, OpenBrowser
from tests.browser.doors import DOORS, NODE, Door, Way
from tests.browser.stack import Stack, Town, a_stack

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


@pytest.fixture
def stack(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A gateway yet to be served, in front of the same town."""
    town.freshen()
    return a_stack(town, tmp_path_factory.mktemp("lasting"))


@pytest.fixture
async def family(stack: Stack) -> AsyncGenerator[Family]:
    """Nobody yet; they go with the gateway."""
    async with AsyncExitStack() as opened:
        yield Family(stack.url, opened)


async def test_a_restart_in_the_middle(stack: Stack, family: Family, open_browser: OpenBrowser) -> None:
    """Killed while parents are at Gosuslugi, the gateway takes them all back when it runs again."""
    walks: list[tuple[Door, Page, Way]] = []
    with stack.served() as server:
        for door in DOORS:
            way, page = await door.begin(family), await (await open_browser()).new_page()
            await door.to_gosuslugi(page, way.link)
            walks.append((door, page, way))
        server.kill()
    with stack.served():
        for door, page, way in walks:
            await door.through(page)
            await expect(page.get_by_role("heading")).to_have_text(door.heading)
            assert await way.came_of_it(page) == door.expected


async def test_a_sign_in_that_came_too_late(stack: Stack, family: Family, open_browser: OpenBrowser) -> None:
    """The browser has kept whose it was: the page says that its time is over, and its button begins anew."""
    life_s = 6
    with stack.served(DIARY_SIGN_IN_LIFETIME=f"PT{life_s}S"):
        way, page = await NODE.begin(family), await (await open_browser()).new_page()
        await NODE.to_gosuslugi(page, way.link)
        until = time.monotonic() + life_s
        await walking.sign_in(page, NODE.login)
        await asyncio.sleep(until - time.monotonic())
        await walking.agree(page)
        await expect(page.get_by_role("heading")).to_have_text("Этот вход больше не действует")
        assert not await way.waits()
        await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
        await walking.press(page, page.get_by_role("link", name="Продолжить"))
        assert await way.came_of_it(page) == NODE.expected
