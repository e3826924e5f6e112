"""`diary link` in a terminal: it opens the browser, waits for it, and asks for the rest where it began."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family
from tests.browser.doors import DNEVNIK, entered, known_ids, linked_children
from tests.browser.stack import Stack
from tests.browser.terminal import Terminal, in_a_terminal

pytestmark = pytest.mark.anyio


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """A browser of the system's: it writes down what it was told to open."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/new && mv {tmp_path}/new {tmp_path}/opened\n')
    program.chmod(0o700)
    return program


@asynccontextmanager
async def _linking(stack: Stack, parent: httpx2.AsyncClient, opener: Path) -> AsyncGenerator[Terminal]:
    environment = {
        "BROWSER": f"{opener} %s",
        "DIARY_URL": stack.url,
        "DIARY_TOKEN": parent.headers["Authorization"].removeprefix("Bearer "),
    }
    link = (sys.executable, "-m", "diary_api", "link", "29", "gosuslugi")
    async with in_a_terminal(*link, **environment) as terminal:
        yield terminal


async def _opened(opener: Path, terminal: Terminal) -> str:
    """Return what the command has had opened."""
    await terminal.until("/v1/sign-ins/")
    opened = opener.with_name("opened")
    async with asyncio.timeout(10):
        while not opened.exists():  # noqa: ASYNC110  a file has no event for it
            await asyncio.sleep(0.05)
    url = opened.read_text()
    opened.unlink()
    return url


async def test_it_opens_the_browser_and_asks_for_the_rest(
    stack: Stack, family: Family, page: Page, opener: Path
) -> None:
    """The owner is proven, so the diary's login is one more step: typed unseen, then the children are named.

    A second time the same link is mended in place, and nothing more is asked.
    """
    mother = await entered(family, page, "dnevnik_mother")
    async with _linking(stack, mother, opener) as terminal:
        await walking.go(page, await _opened(opener, terminal))
        await walking.agree(page)
        await expect(page.get_by_role("heading")).to_have_text("Остался ещё один шаг")
        for label, typed in (("Логин", "obraztsova"), ("Пароль", "sandbox-dnevnik")):
            await terminal.until(f"{label}: ")
            terminal.type(typed)
        assert await terminal.ended() == 0
        assert "sandbox-dnevnik" not in terminal.shown
        assert (
            "Подключено: Дневник.ру: Архангельская область — владелец подтверждён логином" in terminal.shown
        )
        assert [name for name in ("Семён", "Алёна") if name not in terminal.shown] == []
    before = await known_ids(mother)
    async with _linking(stack, mother, opener) as terminal:
        await walking.go(page, await _opened(opener, terminal))
        assert await terminal.ended() == 0
        assert "Дети и история останутся на месте" in terminal.shown
    assert await known_ids(mother) == before


async def test_a_refusal_is_told_and_changes_nothing(
    stack: Stack, family: Family, page: Page, opener: Path
) -> None:
    """The command ends with what happened and what to do, once for a new link and once for a working one."""
    parent = await family.parent()
    async with _linking(stack, parent, opener) as terminal:
        await walking.go(page, await _opened(opener, terminal))
        await walking.sign_in(page, DNEVNIK.login)
        await walking.consent(page)
        await walking.press(page, page.get_by_role("button", name="Не разрешать"))
        assert await terminal.ended() == 1
        assert "Не подключено: Дневник.ру: Архангельская область. Доступ не предоставлен." in terminal.shown
        assert "нажмите «Предоставить»" in terminal.shown
    await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
    await walking.press(page, page.get_by_role("link", name="Продолжить"))
    await walking.agree(page)
    (linked,) = (await parent.get("/v1/connections")).json()["items"]
    assert await linked_children(parent, linked["id"]) == DNEVNIK.expected
