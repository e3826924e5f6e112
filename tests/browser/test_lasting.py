"""A sign-in outlives a restart of the gateway, and not its own time, in browsers that run no scripts."""

from __future__ import annotations

import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family, OpenBrowser
from tests.browser.doors import DNEVNIK, DOORS, ENTER, NODE, Door, Way
from tests.browser.late_gateway import AHEAD
from tests.browser.stack import Stack, Town, a_stack
from tests.browser.terminal import linking

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


async def _at_gosuslugi(
    doors: tuple[Door, ...], family: Family, open_browser: OpenBrowser
) -> list[tuple[Door, Page, Way]]:
    """Begin at each door as a new parent, and go to Gosuslugi, each in a browser of its own."""
    walks: list[tuple[Door, Page, Way]] = []
    for door in doors:
        way, page = await door.begin(family), await (await open_browser()).new_page()
        await door.to_gosuslugi(page, way.link)
        walks.append((door, page, way))
    return walks


@pytest.mark.slow
async def test_a_restart_in_the_middle(stack: Stack, family: Family, open_browser: OpenBrowser) -> None:
    """Killed while parents are at Gosuslugi, the gateway takes them all back when it runs again."""
    with stack.served() as server:
        walks = await _at_gosuslugi(DOORS, family, open_browser)
        server.kill()
    with stack.served():
        for door, page, way in walks:
            await door.through(page)
            await expect(page.get_by_role("heading")).to_have_text(door.heading)
            assert await way.came_of_it(page) == door.expected


@pytest.mark.slow
async def test_a_sign_in_that_came_too_late(stack: Stack, family: Family, open_browser: OpenBrowser) -> None:
    """The browser has kept whose it was: the page says that its time is over, and its button begins anew.

    A terminal that has waited all that time says so too.
    """
    with stack.served("tests.browser.late_gateway") as server:
        walks = await _at_gosuslugi((ENTER, DNEVNIK, NODE), family, open_browser)
        async with linking(stack.url, await family.parent(), NODE.region, "--no-browser") as terminal:
            await terminal.until("Откройте в браузере: ")
            server.send_signal(signal.SIGUSR1)
            stack.town.order("clock", advance=f"PT{AHEAD.seconds}S")
            for door, page, way in walks:
                await door.through(page)
                await expect(page.get_by_role("heading")).to_have_text("Этот вход больше не действует")
                assert not await way.waits()
                await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
                await walking.press(page, page.get_by_role("link", name="Продолжить"))
                assert await way.came_of_it(page) == door.expected
            assert await terminal.ended() == 1
            assert "Не подключено: «Моя школа», Московская область." in terminal.shown
            assert "Этот вход больше не действует" in terminal.shown
