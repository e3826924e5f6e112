"""Whatever is done on the way, and whoever meddles with it, each door opens once and to the right one."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family, OpenBrowser
from tests.browser.doors import DNEVNIK, DOORS, NODE, Door, Way
from tests.browser.stack import Stack
from tests.more import quick_first

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("door", quick_first(DOORS, quick=2), ids=str)]
JSON = {"Accept": "application/json"}
FORGED = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def way(door: Door, family: Family) -> Way:
    """A sign-in through the door, begun by a new parent."""
    return await door.begin(family)


async def _stands(door: Door, page: Page, way: Way) -> None:
    """Make sure that the page says so, and the API with it."""
    await expect(page.get_by_role("heading")).to_have_text(door.heading)
    assert await way.came_of_it(page) == door.expected


@asynccontextmanager
async def _held_back(page: Page) -> AsyncGenerator[list[str]]:
    """Keep callbacks from the gateway, and give their addresses; only Chromium's own door sees a redirect."""
    held: list[str] = []
    chromium: Any = await page.context.new_cdp_session(page)  # its messages have no types

    async def hold(paused: dict[str, Any]) -> None:
        held.append(paused["request"]["url"])
        await chromium.send("Fetch.fulfillRequest", {"requestId": paused["requestId"], "responseCode": 200})

    chromium.on("Fetch.requestPaused", hold)
    await chromium.send("Fetch.enable", {"patterns": [{"urlPattern": "*/v1/callback*"}]})
    yield held
    await chromium.send("Fetch.disable")


async def test_the_back_button(door: Door, page: Page, way: Way) -> None:
    """Going back on the way leads to our page and on again; going back at the end shows the end."""
    await door.to_gosuslugi(page, way.link)
    while way.link not in page.url:
        await page.go_back(wait_until="domcontentloaded")
    await walking.press(page, page.get_by_role("link", name="Продолжить"))
    await door.choose_gosuslugi(page)
    await door.through(page)
    end = page.url
    while page.url == end:
        await page.go_back(wait_until="domcontentloaded")
    await page.goto(way.link)
    await _stands(door, page, way)


async def test_two_tabs_at_once(door: Door, page: Page, way: Way) -> None:
    """Both tabs go to Gosuslugi; one finishes, the other one is told the same, and nothing is done twice."""
    other = await page.context.new_page()
    for tab in (page, other):
        await door.to_gosuslugi(tab, way.link)
    await door.through(other)
    if door in (DNEVNIK, NODE):
        await walking.sign_in(page, door.login)
        await walking.agree(page)
    else:  # Gosuslugi, or the city, answers one request once
        await page.goto(way.link)
    assert page.url == other.url
    await _stands(door, page, way)


async def test_a_replayed_callback(door: Door, page: Page, way: Way) -> None:
    """A callback that comes twice is refused to a program, and shows a person what came of the first."""
    callbacks: list[str] = []
    page.on("request", lambda sent: callbacks.append(sent.url) if "/v1/callback" in sent.url else None)
    await door.to_gosuslugi(page, way.link)
    await door.through(page)
    (callback,) = callbacks
    replayed = await page.request.get(callback, headers=JSON)
    assert (replayed.status, (await replayed.json())["code"]) == (409, "sign_in_expired")
    await page.goto(callback)
    await _stands(door, page, way)


async def test_a_callback_that_is_not_ours(
    door: Door, page: Page, way: Way, open_browser: OpenBrowser, stack: Stack
) -> None:
    """In another browser, with a forged state or without one it does nothing; the true one still does."""
    await door.to_gosuslugi(page, way.link)
    async with _held_back(page) as held:
        await door.through(page)
    (callback,) = held
    thief = await (await open_browser()).new_page()
    for window, url in (
        (thief, callback),
        (page, re.sub(r"state=[^&]+", f"state={FORGED}", callback)),
        (page, re.sub(r"state=[^&]+&?", "", callback)),
        (page, f"{stack.url}/v1/callback"),
    ):
        answer = await window.goto(url)
        assert answer is not None
        assert answer.status == 409
        await expect(window.get_by_role("heading")).to_have_text("Вход начат в другом браузере")
        assert await way.waits()
    await page.goto(callback)
    await _stands(door, page, way)
