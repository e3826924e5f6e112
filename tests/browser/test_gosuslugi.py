"""A parent signs in to the gateway with Gosuslugi, in a real browser, with real signatures."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import Stack

pytestmark = pytest.mark.anyio


async def _begin(stack: Stack) -> tuple[str, str]:
    answer = await stack.parent.post("/v1/sign-in/gosuslugi")
    assert answer.status_code == 201, answer.text
    begun = answer.json()
    return begun["key"], begun["step"]["url"]


async def _go(page: Page, url: str) -> None:
    await page.goto(url)
    await page.get_by_role("link", name="Продолжить").click()


async def _to_esia(page: Page, url: str) -> None:
    await _go(page, url)
    await expect(page.locator("body")).to_contain_text("SANDBOX")


async def _sign_in(page: Page, login: str) -> None:
    await page.get_by_label(re.compile("Телефон")).fill(f"{login}@esia.test")
    await page.get_by_label("Пароль").fill("sandbox-esia")
    await page.get_by_role("button", name="Войти").click()


async def _consent(page: Page, word: str = "Предоставить") -> None:
    await page.get_by_role("button", name=word).click()
    await page.wait_for_url("**/v1/callback*")


async def _enter(stack: Stack, page: Page, login: str) -> dict[str, str]:
    """Walk the whole door and open the session with the code the last page shows."""
    key, url = await _begin(stack)
    await _to_esia(page, url)
    await _sign_in(page, login)
    await _consent(page)
    return await _open(stack, page, key)


async def _open(stack: Stack, page: Page, key: str) -> dict[str, str]:
    code = await page.get_by_role("status").inner_text()
    answer = await stack.parent.post("/v1/sign-in/gosuslugi/session", json={"key": key, "code": code})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _account(stack: Stack, opened: dict[str, str]) -> str:
    headers = {"Authorization": f"Bearer {opened['secret']}"}
    return (await stack.parent.get("/v1/me", headers=headers)).json()["id"]


async def test_gosuslugi_opens_an_account_and_finds_it_again(stack: Stack, page: Page) -> None:
    """The first sign-in makes an account, the second finds it; ЕСИА asks nothing twice."""
    first = await _enter(stack, page, "moscow_mother")
    key, url = await _begin(stack)
    await _go(page, url)
    await page.wait_for_url("**/v1/callback*")
    again = await _open(stack, page, key)
    assert await _account(stack, first) == await _account(stack, again)


async def test_a_second_factor_is_asked_at_gosuslugi(stack: Stack, page: Page) -> None:
    """The one-time code is typed at ЕСИА's own page; the gateway never sees it."""
    _, url = await _begin(stack)
    await _to_esia(page, url)
    await _sign_in(page, "second_factor")
    code = await page.locator("#sandbox-code").inner_text()
    await page.get_by_label(re.compile("Код")).fill(code)
    await page.get_by_role("button", name="Продолжить").click()
    await _consent(page)
    await expect(page.get_by_role("heading")).not_to_contain_text("не")


async def test_refused_consent_is_a_sentence_and_a_way_on(stack: Stack, page: Page) -> None:
    """Saying no ends on a page that says what happened and lets the parent try again."""
    _, url = await _begin(stack)
    await _to_esia(page, url)
    await _sign_in(page, "moscow_mother")
    await _consent(page, "Отказать")
    await expect(page.get_by_role("heading")).to_contain_text("Доступ не предоставлен")


async def test_the_back_button_and_a_replayed_callback_open_nothing_twice(stack: Stack, page: Page) -> None:
    """Coming back to a callback that was used says so, and the finished sign-in stands."""
    entered = await _enter(stack, page, "dnevnik_mother")
    used = page.url
    await page.goto("about:blank")
    await page.goto(used)
    await expect(page.locator("main")).to_contain_text(re.compile("заново|истекло"))
    assert await _account(stack, entered)


async def test_another_browser_cannot_bring_the_callback(stack: Stack, page: Page, browser: Browser) -> None:
    """An address with the code, carried to another browser, opens no session."""
    await _enter(stack, page, "region_mother")
    async with await browser.new_context(locale="ru-RU") as other:
        thief = await other.new_page()
        await thief.goto(page.url)
        await expect(thief.locator("main")).to_contain_text(re.compile("браузер|истекло"))


async def test_a_forged_and_a_missing_state_are_refused(stack: Stack, page: Page) -> None:
    """Nothing is done with a state we did not give out."""
    for query in ("code=x&state=00000000-0000-4000-8000-000000000000", "code=x"):
        answer = await page.goto(f"{stack.url}/v1/callback?{query}")
        assert answer is not None
        assert 400 <= answer.status < 500
        await expect(page.get_by_role("heading")).to_be_visible()


async def _link(stack: Stack, page: Page, region: str, method: str) -> str:
    """Begin to link a diary and open its own door."""
    begun = await stack.parent.post("/v1/connections", json={"region": region, "method": method})
    assert begun.status_code == 201, begun.text
    await _go(page, begun.json()["pending"]["step"]["url"])
    return begun.json()["id"]


async def _linked(stack: Stack, page: Page, connection: str) -> list[str]:
    """Wait for the last page, and return the first names of the children that came."""
    await page.wait_for_url("**/v1/callback*")
    await expect(page.get_by_role("heading")).to_contain_text("подключён")
    shown = (await stack.parent.get(f"/v1/connections/{connection}")).json()
    assert shown["state"] == "active"
    children = (await stack.parent.get("/v1/children")).json()["items"]
    return [one["name"]["first"] for one in children if one["connection_id"] == connection]


async def test_a_regional_node_is_linked_by_its_own_door(stack: Stack, page: Page) -> None:
    """The node of «Моя школа» sends the browser to Госуслуги and back to us with its own code."""
    connection = await _link(stack, page, "50", "gosuslugi")
    await _sign_in(page, "region_mother")
    await _agree(page)
    assert await _linked(stack, page, connection) == ["Злата"]


async def test_a_dnevnik_ru_region_is_linked_by_its_own_door(stack: Stack, page: Page) -> None:
    """The region's entry finds the parent by СНИЛС and name, and its consent page leads back to us."""
    connection = await _link(stack, page, "29", "gosuslugi")
    await _sign_in(page, "dnevnik_mother")
    await _agree(page)
    assert sorted(await _linked(stack, page, connection)) == ["Алёна", "Семён"]


async def test_moscow_is_linked_by_the_button_on_its_page(stack: Stack, page: Page) -> None:
    """In Moscow Госуслуги is a button of the city's own page; the way back is the same."""
    connection = await _link(stack, page, "77", "mos_ru")
    await page.get_by_role("link", name=re.compile("Госуслуги")).click()
    await _sign_in(page, "moscow_mother")
    await _agree(page)
    assert await _linked(stack, page, connection) == ["Артём", "Варвара"]


async def test_linking_again_keeps_the_connection_and_its_children(stack: Stack, page: Page) -> None:
    """A second walk through the same door repairs the link in place."""
    connection = await _link(stack, page, "50", "gosuslugi")
    await _sign_in(page, "region_mother")
    await _agree(page)
    await _linked(stack, page, connection)
    before = (await stack.parent.get("/v1/children")).json()["items"]
    again = await stack.parent.post(f"/v1/connections/{connection}/sign-in", json={})
    await _go(page, again.json()["pending"]["step"]["url"])
    await _linked(stack, page, connection)
    assert (await stack.parent.get("/v1/children")).json()["items"][0]["id"] == before[0]["id"]


async def _agree(page: Page) -> None:
    """Press every «yes» between Госуслуги and the way back."""
    for _ in range(4):
        await page.wait_for_load_state()
        if "/v1/callback" in page.url:
            return
        yes = page.get_by_role("button", name=re.compile("Предоставить|Разрешить|Продолжить|Доверять"))
        if await yes.count():
            await yes.first.click()
