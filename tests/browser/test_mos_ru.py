"""A parent links Moscow's diary in a real browser."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import Stack

pytestmark = pytest.mark.anyio


async def _begin(stack: Stack) -> tuple[str, str]:
    begun = (await stack.parent.post("/v1/connections", json={"region": "77", "method": "mos_ru"})).json()
    return begun["id"], begun["pending"]["step"]["url"]


async def _sign_in(page: Page, login: str) -> None:
    await page.get_by_label(re.compile("Телефон")).fill(login)
    await page.get_by_label("Пароль").fill("sandbox-mos")
    await page.get_by_role("button", name="Войти").click()


async def test_the_page_of_mos_ru_links_the_diary(stack: Stack, page: Page) -> None:
    """Confirming, signing in at the diary and coming back ends on a page that says so."""
    connection, url = await _begin(stack)
    await page.goto(url)
    await expect(page.get_by_role("heading")).to_contain_text("Подключить")
    await page.get_by_role("link", name="Продолжить").click()
    await expect(page.locator("body")).to_contain_text("SANDBOX")
    await _sign_in(page, "moscow@example.test")
    await page.wait_for_url(f"{stack.url}/v1/callback*")
    await expect(page.get_by_role("heading")).to_contain_text("подключён")
    linked = (await stack.parent.get(f"/v1/connections/{connection}")).json()
    assert linked["state"] == "active"
    children = (await stack.parent.get("/v1/children")).json()["items"]
    assert [child["name"]["first"] for child in children] == ["Артём", "Варвара"]


async def test_a_wrong_password_is_told_and_tried_again(stack: Stack, page: Page) -> None:
    """The diary's own page tells of a wrong password, and the same window goes on to the end."""
    _, url = await _begin(stack)
    await page.goto(url)
    await page.get_by_role("link", name="Продолжить").click()
    await page.get_by_label(re.compile("Телефон")).fill("moscow@example.test")
    await page.get_by_label("Пароль").fill("wrong")
    await page.get_by_role("button", name="Войти").click()
    await expect(page.locator("body")).to_contain_text("парол")
    await _sign_in(page, "moscow@example.test")
    await page.wait_for_url(f"{stack.url}/v1/callback*")


async def test_an_account_without_a_diary_gets_a_sentence(stack: Stack, page: Page) -> None:
    """What the school must mend is said in Russian, with a way to try again."""
    _, url = await _begin(stack)
    await page.goto(url)
    await page.get_by_role("link", name="Продолжить").click()
    await _sign_in(page, "nodiary@example.test")
    await page.wait_for_url(f"{stack.url}/v1/callback*")
    await expect(page.locator("main")).to_contain_text("классному руководителю")
    await expect(page.get_by_role("link", name=re.compile("ещё раз"))).to_be_visible()


async def test_another_browser_cannot_finish_it(stack: Stack, page: Page, browser: Browser) -> None:
    """A callback address carried into another browser links nothing."""
    connection, url = await _begin(stack)
    await page.goto(url)
    await page.get_by_role("link", name="Продолжить").click()
    form = urljoin(page.url, await page.locator("form").get_attribute("action"))
    typed: dict[str, str | float | bool] = {"login": "moscow@example.test", "password": "sandbox-mos"}
    sent = await page.request.post(form, form=typed, max_redirects=0)
    while "/v1/callback" not in sent.headers["location"]:
        sent = await page.request.get(urljoin(sent.url, sent.headers["location"]), max_redirects=0)
    async with await browser.new_context(locale="ru-RU") as other:
        thief = await other.new_page()
        await thief.goto(sent.headers["location"])
        await expect(thief.locator("main")).to_contain_text("в другом браузере")
    assert (await stack.parent.get(f"/v1/connections/{connection}")).json()["state"] == "awaiting_user"
