"""`diary link` in a terminal: it opens the browser, waits for it, and asks for the rest where it began."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family
from tests.browser.doors import DNEVNIK, NODE, entered, linked_children
from tests.browser.stack import Stack
from tests.browser.terminal import Terminal, linking

pytestmark = pytest.mark.anyio


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """A browser of the system's: it writes down what it was told to open."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/new && mv {tmp_path}/new {tmp_path}/opened\n')
    program.chmod(0o700)
    return program


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
    """The owner is proven, so the diary's login is one more step: typed unseen, then children are named."""
    mother = await entered(family, page, "dnevnik_mother")
    async with linking(stack.url, mother, DNEVNIK.region, BROWSER=f"{opener} %s") as terminal:
        await walking.go(page, await _opened(opener, terminal))
        await walking.agree(page)
        await expect(page.get_by_role("heading")).to_have_text("Остался ещё один шаг")
        await terminal.until("Дневник не сообщает, чей он. Войдите один раз логином и паролем")
        for label, typed in (("Логин", "obraztsova"), ("Пароль", "sandbox-dnevnik")):
            await terminal.until(f"{label}: ")
            terminal.type(typed)
        assert await terminal.ended() == 0
        assert "sandbox-dnevnik" not in terminal.shown
        assert (
            "Подключено: Дневник.ру: Архангельская область — владелец подтверждён логином" in terminal.shown
        )
        assert [name for name in ("Семён", "Алёна") if name not in terminal.shown] == []


@pytest.mark.slow
async def test_a_close_name_wants_the_birth_date(
    stack: Stack, family: Family, page: Page, opener: Path
) -> None:
    """The page and the terminal say why; a wrong date is asked for again, the right one makes the link."""
    father = await entered(family, page, "close_name")
    (told,) = [one for one in stack.town.told["accounts"] if one["login"] == "close_name@esia.test"]
    async with linking(stack.url, father, NODE.region, BROWSER=f"{opener} %s") as terminal:
        await walking.go(page, await _opened(opener, terminal))
        await walking.agree(page)
        await expect(page.get_by_role("heading")).to_have_text("Остался ещё один шаг")
        await expect(page.locator("main")).to_contain_text("записано немного по-разному")
        assert await page.get_by_role("listitem").all_inner_texts() == ["Ваша дата рождения"]
        await terminal.until("записано немного по-разному. Введите свою дату рождения")
        await terminal.until("Ваша дата рождения (ДД.ММ.ГГГГ): ")
        terminal.type("01.01.1900")
        await terminal.until("Дата рождения не совпала.")
        await page.reload()
        await expect(page.locator("main")).to_contain_text("Дата рождения не совпала.")
        assert (await father.get("/v1/children")).json()["items"] == []
        terminal.type(f"{date.fromisoformat(told['born']):%d.%m.%Y}")
        assert await terminal.ended() == 0
        assert "владелец подтверждён: СНИЛС и дата рождения" in terminal.shown
    await page.reload()
    await expect(page.locator("main")).to_contain_text("Дневник ваш: совпали СНИЛС и дата рождения.")
    (linked,) = (await father.get("/v1/connections")).json()["items"]
    assert linked["identity"] == "proven_by_birth_date"
    assert await linked_children(father, linked["id"]) == ["Злата"]


@pytest.mark.slow
async def test_giving_up_and_refusing_are_told(
    stack: Stack, family: Family, page: Page, opener: Path
) -> None:
    """Ctrl-C leaves the sign-in to its browser; a refusal ends the command with what to do about it."""
    parent = await family.parent()
    async with linking(stack.url, parent, DNEVNIK.region, "--no-browser") as terminal:
        await terminal.until("Ждём, пока браузер вернётся")
        terminal.interrupt()
        assert await terminal.ended() == 130
        assert "Прервано.\r\nВход, открытый в браузере, можно закончить там до " in terminal.shown
    async with linking(stack.url, parent, DNEVNIK.region, BROWSER=f"{opener} %s") as terminal:
        await walking.go(page, await _opened(opener, terminal))
        await walking.sign_in(page, DNEVNIK.login)
        await walking.consent(page)
        await walking.press(page, page.get_by_role("button", name="Не разрешать"))
        assert await terminal.ended() == 1
        assert (
            "Входим заново: Дневник.ру: Архангельская область.\r\n" in terminal.shown
        )  # nothing to keep yet
        assert "Не подключено: Дневник.ру: Архангельская область. Доступ не предоставлен." in terminal.shown
        assert "нажмите «Предоставить»" in terminal.shown
    await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
    await walking.press(page, page.get_by_role("link", name="Продолжить"))
    await walking.agree(page)
    (linked,) = (await parent.get("/v1/connections")).json()["items"]
    assert await linked_children(parent, linked["id"]) == DNEVNIK.expected
