"""A parent links Moscow's diary by the city's own login, in a real browser."""

from __future__ import annotations

import re

import httpx2
import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.doors import begin_link, linked_children

pytestmark = pytest.mark.anyio


async def _sign_in(page: Page, login: str, password: str = "sandbox-mos") -> None:
    await page.get_by_label(re.compile("Телефон")).fill(login)
    await page.get_by_label("Пароль").fill(password)
    await walking.press(page, page.get_by_role("button", name="Войти"))


async def test_the_page_of_mos_ru_links_the_diary(parent: httpx2.AsyncClient, page: Page) -> None:
    """A wrong password is told there; the same window takes the right one, and the last page says so."""
    begun = await begin_link(parent, "77", "mos_ru")
    await walking.go(page, begun["pending"]["step"]["url"])
    await expect(page.locator("body")).to_contain_text("SANDBOX")
    await _sign_in(page, "moscow@example.test", "wrong")
    await expect(page.locator("body")).to_contain_text("парол")
    await _sign_in(page, "moscow@example.test")
    await expect(page.get_by_role("heading")).to_have_text("Дневник подключён")
    assert await linked_children(parent, begun["id"]) == ["Артём", "Варвара"]


async def test_an_account_without_a_diary_gets_a_sentence(parent: httpx2.AsyncClient, page: Page) -> None:
    """What the school must mend is said in Russian, with a way to try again."""
    begun = await begin_link(parent, "77", "mos_ru")
    await walking.go(page, begun["pending"]["step"]["url"])
    await _sign_in(page, "nodiary@example.test")
    await expect(page.locator("main")).to_contain_text("классному руководителю")
    await expect(page.get_by_role("link", name="Попробовать ещё раз")).to_be_visible()
