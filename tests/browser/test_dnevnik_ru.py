"""Door 2: a region of Дневник.ру is linked through its own entry of Gosuslugi."""

from __future__ import annotations

import httpx2
import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family
from tests.browser.doors import DNEVNIK, begin_link, entered, known_ids, linked_children
from tests.more import quick_first

pytestmark = pytest.mark.anyio

REGION, METHOD = DNEVNIK.region or "", DNEVNIK.method


async def _to_the_diary(page: Page, parent: httpx2.AsyncClient, login: str) -> str:
    """Begin, sign in at Gosuslugi, and consent there; return the id of the connection."""
    begun = await begin_link(parent, REGION, METHOD)
    await walking.go(page, begun["pending"]["step"]["url"])
    await walking.sign_in(page, login)
    await walking.consent(page)
    return begun["id"]


async def _shown(page: Page) -> list[str]:
    """Return what the last page lists: a child, then class and school."""
    await expect(page.get_by_role("heading")).to_have_text("Дневник подключён")
    await expect(page.locator("main")).to_contain_text("Дневник.ру: Архангельская область")
    await expect(page.get_by_role("link", name="выйти")).to_be_visible()
    return await page.get_by_role("listitem").all_inner_texts()


@pytest.mark.parametrize(
    ("login", "children"),
    quick_first(
        [
            ("dnevnik_mother", ["Семён\n8А, МБОУ Школа № 9905", "Алёна\n5Б, МБОУ Школа № 9905"]),
            ("dnevnik_father", ["Семён\n8А, МБОУ Школа № 9905", "Алёна\n5Б, МБОУ Школа № 9905"]),
            ("yo_written_e", ["Тимур\n11А, МБОУ Школа № 9907", "Зарина\n1Б, МБОУ Школа № 9906"]),
        ]
    ),
    ids=["confirmed", "standard", "yo_written_e"],
)
async def test_equal_snils_and_name_link_at_once(
    parent: httpx2.AsyncClient, page: Page, login: str, children: list[str]
) -> None:
    """Confirmed or standard, «ё» or «е»: the diary knows its parent; the page tells children and school."""
    connection = await _to_the_diary(page, parent, login)
    await walking.agree(page)
    assert await _shown(page) == children
    assert await linked_children(parent, connection) == [child.split("\n")[0] for child in children]


@pytest.mark.parametrize(
    ("login", "why", "diary_login", "child"),
    quick_first(
        [
            ("simplified", "нет СНИЛС", "grachyov", "Полина"),
            ("double_surname", "не совпали", "snegiryov", "Пётр"),
        ]
    ),
    ids=["simplified", "double_surname"],
)
async def test_without_a_match_the_diarys_login_is_typed_once(
    parent: httpx2.AsyncClient, page: Page, login: str, why: str, diary_login: str, child: str
) -> None:
    """The region's site says why, takes login and password, and needs them never again."""
    connection = await _to_the_diary(page, parent, login)
    await expect(page.locator("main")).to_contain_text(why)
    await walking.type_login(page, diary_login, "sandbox-dnevnik")
    await walking.agree(page)
    assert await linked_children(parent, connection) == [child]
    before = await known_ids(parent)
    again = (await parent.post(f"/v1/connections/{connection}/sign-in", json={})).json()
    await walking.go(page, again["pending"]["step"]["url"])
    assert walking.is_back(page)
    assert await linked_children(parent, connection) == [child]
    assert await known_ids(parent) == before


@pytest.mark.parametrize("login", quick_first(["teen", "not_matched", "child"]))
async def test_whom_the_diary_does_not_know_is_told_there(
    parent: httpx2.AsyncClient, page: Page, login: str
) -> None:
    """The region's site explains it; here nothing is linked, and the sign-in goes on waiting."""
    connection = await _to_the_diary(page, parent, login)
    await expect(page.locator("main")).to_contain_text("не совпали с теми, что внесла школа")
    shown = (await parent.get(f"/v1/connections/{connection}")).json()
    assert (shown["state"], shown["pending"]["step"]["step"]) == ("awaiting_user", "redirect")
    assert (await parent.get("/v1/children")).json()["items"] == []


async def test_of_two_profiles_the_parent_chooses_one(parent: httpx2.AsyncClient, page: Page) -> None:
    """One person is known to two schools; what is linked is the profile that was chosen, and no other."""
    connection = await _to_the_diary(page, parent, "two_profiles")
    await expect(page.get_by_role("heading")).to_have_text("Какой профиль открыть?")
    await walking.press(page, page.get_by_role("button", name="9907"))
    await walking.agree(page)
    assert await _shown(page) == ["Тимур\n11А, МБОУ Школа № 9907", "Зарина\n1Б, МБОУ Школа № 9906"]
    assert await linked_children(parent, connection) == ["Тимур", "Зарина"]


async def test_a_first_sign_in_is_finished_on_the_way(parent: httpx2.AsyncClient, page: Page) -> None:
    """Whoever was never in the diary activates the account with the school's password, and is then linked."""
    connection = await _to_the_diary(page, parent, "first_login")
    await expect(page.get_by_role("heading")).to_have_text("Первый вход")
    await walking.press(page, page.get_by_role("link", name="Войти с временным паролем"))
    await walking.type_login(page, "snegiryova", "sandbox-dnevnik")
    await page.get_by_label("Электронная почта").fill("tatyana@example.test")
    await page.get_by_label("Мобильный телефон").fill("+79000000000")
    for label in ("Новый пароль", "Новый пароль ещё раз"):
        await page.get_by_label(label, exact=True).fill("Sandbox-dnevnik-2")
    await walking.press(page, page.get_by_role("button", name="Сохранить и войти"))
    await walking.agree(page)
    assert await linked_children(parent, connection) == ["Пётр"]


@pytest.mark.parametrize("at", quick_first(["Gosuslugi", "diary"]))
async def test_refused_consent_links_nothing_and_may_be_given_later(
    second_factor: None, parent: httpx2.AsyncClient, page: Page, at: str
) -> None:
    """After a code, a «no» at Gosuslugi ends at the region's site, one at the diary here; a new try works."""
    begun = await begin_link(parent, REGION, METHOD)
    await walking.go(page, begun["pending"]["step"]["url"])
    await walking.sign_in(page, "dnevnik_mother")
    await walking.confirm(page)
    if at == "Gosuslugi":
        await walking.refuse(page)
        await expect(page.locator("main")).to_contain_text("Вы не предоставили доступ")
        await walking.go(page, begun["pending"]["step"]["url"])
    else:
        await walking.consent(page)
        await walking.press(page, page.get_by_role("button", name="Не разрешать"))
        await expect(page.get_by_role("heading")).to_have_text("Доступ не предоставлен")
        await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
        await walking.press(page, page.get_by_role("link", name="Продолжить"))
    assert (await parent.get(f"/v1/connections/{begun['id']}")).json()["state"] == "awaiting_user"
    await walking.agree(page)
    assert await linked_children(parent, begun["id"]) == ["Семён", "Алёна"]


async def test_a_proven_owner_types_the_diarys_login_once(family: Family, page: Page) -> None:
    """The diary tells no СНИЛС: its own login is one more step, the page says why, and it is remembered."""
    mother = await entered(family, page, "dnevnik_mother")
    connection = (await begin_link(mother, REGION, METHOD))["id"]
    for turn in ("first", "again"):
        if turn == "again":
            await mother.post(f"/v1/connections/{connection}/sign-in", json={"method": METHOD})
        shown = (await mother.get(f"/v1/connections/{connection}")).json()
        await walking.go(page, shown["pending"]["step"]["url"])
        await walking.agree(page)
        if turn == "first":
            await expect(page.get_by_role("heading")).to_have_text("Остался ещё один шаг")
            await expect(page.locator("main")).to_contain_text("Дневник не сообщает, чей он")
            assert await page.get_by_role("listitem").all_inner_texts() == ["Логин", "Пароль"]
            body = {"values": {"login": "obraztsova", "password": "sandbox-dnevnik"}}
            await mother.post(f"/v1/connections/{connection}/steps", json=body)
            await page.reload()
        await expect(page.locator("main")).to_contain_text("вы вошли в него его собственным логином")
        assert await linked_children(mother, connection) == ["Семён", "Алёна"]
        shown = (await mother.get(f"/v1/connections/{connection}")).json()
        assert shown["identity"] == "proven_by_login"
