"""Door 1: a person signs in to the gateway with Gosuslugi, in a real browser, with real signatures."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family
from tests.browser.doors import begin_to_enter, entered, open_session
from tests.more import quick_first

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("login", "level"),
    quick_first(
        [
            ("simplified", "simplified"),
            ("child", "child"),
            ("teen", "standard"),
            ("dnevnik_father", "standard"),
            ("two_profiles", "confirmed"),
            ("yo_written_e", "confirmed"),
            ("double_surname", "confirmed"),
        ],
        quick=2,
    ),
)
async def test_everyone_may_enter(family: Family, page: Page, login: str, level: str) -> None:
    """Whatever the account at Gosuslugi is worth, it opens one here; a diary's door asks what it is worth."""
    person = await entered(family, page, login)
    me = (await person.get("/v1/me")).json()
    assert (me["email"], [(one["provider"], one["level"]) for one in me["identities"]]) == (
        None,
        [("gosuslugi", level)],
    )
    begun = await person.post("/v1/connections", json={"region": "29", "method": "gosuslugi"})
    if level == "simplified":  # and grown up
        assert (begun.status_code, begun.json()["code"]) == (409, "identity_too_weak")
        assert "Подтвердите учётную запись на Госуслугах" in begun.json()["remedy"]
    else:
        assert begun.json()["pending"]["step"]["step"] == "redirect"


async def test_one_person_one_account_and_one_code(family: Family, page: Page) -> None:
    """A reloaded page shows the same code, then that it was taken; the next sign-in finds the account."""
    key, link = await begin_to_enter(family)
    await walking.go(page, link)
    await walking.sign_in(page, "moscow_mother")
    await walking.agree(page)
    code = await page.get_by_role("status").inner_text()
    await page.reload()
    await expect(page.get_by_role("status")).to_have_text(code)
    first = await open_session(family, page, key)
    await page.reload()
    await expect(page.get_by_role("heading")).to_have_text("Вы вошли")
    await expect(page.locator("body")).not_to_contain_text(code)
    key, link = await begin_to_enter(family)
    await walking.go(page, link)
    assert walking.is_back(page)  # Gosuslugi asks nothing twice
    again = await open_session(family, page, key)
    assert (await again.get("/v1/me")).json()["id"] == (await first.get("/v1/me")).json()["id"]


async def test_a_shared_computer_is_left(family: Family, page: Page) -> None:
    """The last page offers the way out of Gosuslugi; whoever comes next is asked for a password there."""
    await entered(family, page, "moscow_mother")
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="выйти").click()
    left = await opened.value
    await expect(left.get_by_role("heading")).to_have_text("Вы вышли")
    await left.close()
    await expect(page.get_by_role("status")).to_be_visible()
    await walking.go(page, (await begin_to_enter(family))[1])
    await expect(page.get_by_label("Пароль")).to_be_visible()


@pytest.mark.parametrize("login", quick_first(["second_factor", "totp"]))
async def test_whoever_declines_is_told_and_may_try_again(family: Family, page: Page, login: str) -> None:
    """A one-time code is typed at Gosuslugi alone; the page tells of the «no», and its button leads on."""
    key, link = await begin_to_enter(family)
    await walking.go(page, link)
    await walking.sign_in(page, login)
    await walking.confirm(page)
    await walking.refuse(page)
    await expect(page.get_by_role("heading")).to_have_text("Доступ не предоставлен")
    await expect(page.locator("main")).to_contain_text("Исправить это можете вы сами.")
    await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
    await walking.press(page, page.get_by_role("link", name="Продолжить"))
    await walking.agree(page)
    assert (await (await open_session(family, page, key)).get("/v1/me")).status_code == 200


async def test_whoever_always_declines_gets_no_account(family: Family, page: Page) -> None:
    """Pressing «yes» does not help who has no right to it: no code is shown, and no session opens."""
    key, link = await begin_to_enter(family)
    await walking.go(page, link)
    await walking.sign_in(page, "trusted_nanny")
    await walking.agree(page)
    await expect(page.locator("main")).to_contain_text("consent_refused")
    await expect(page.get_by_role("status")).to_have_count(0)
    anyone = await family.client()
    refused = await anyone.post("/v1/sign-in/gosuslugi/session", json={"key": key, "code": "XXXX-XXXX"})
    assert refused.json()["code"] == "sign_in_expired"


async def test_a_password_account_is_proven(family: Family, page: Page) -> None:
    """The account says whose it is from then on, and no second account may be the same person's."""
    first, second = await family.parent(), await family.parent()
    for owner in (first, second):
        begun = await owner.post("/v1/me/identities", json={"provider": "gosuslugi"})
        await walking.go(page, begun.json()["step"]["url"])
        if owner is first:
            await walking.sign_in(page, "region_mother")
            await walking.agree(page)
            await expect(page.get_by_role("heading")).to_have_text("Личность подтверждена")
    await expect(page.get_by_role("heading")).to_have_text(re.compile("уже связаны с другим аккаунтом"))
    assert [len((await one.get("/v1/me")).json()["identities"]) for one in (first, second)] == [1, 0]
