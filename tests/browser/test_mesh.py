"""Door 3: МЭШ is linked through Gosuslugi, a regional node by its own entry, Moscow by a button."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.conftest import Family
from tests.browser.doors import MOSCOW, NODE, Door, begin_link, entered, linked_children
from tests.more import quick_first

pytestmark = pytest.mark.anyio


async def _at_gosuslugi(door: Door, page: Page, parent: httpx2.AsyncClient) -> dict[str, Any]:
    """Begin, and go to Gosuslugi; return the connection."""
    begun = await begin_link(parent, door.region or "", door.method)
    await door.to_gosuslugi(page, begun["pending"]["step"]["url"])
    return begun


@pytest.mark.parametrize(
    ("door", "login", "diary", "children"),
    quick_first(
        [
            (NODE, "region_mother", "«Моя школа», Московская область", ["Злата\n7-А, МБОУ Школа № 9904"]),
            (NODE, "yo_written_e", "«Моя школа», Московская область", ["Камила\n9-Б, МБОУ Школа № 9904"]),
            (
                MOSCOW,
                "moscow_mother",
                "Дневник МЭШ, Москва",
                ["Артём\n7-Б, ГБОУ Школа № 9901", "Варвара\n3-А, ГБОУ Школа № 9902"],
            ),
            (MOSCOW, "yo_written_e", "Дневник МЭШ, Москва", ["Марат\n6-А, ГБОУ Школа № 9908"]),
        ]
    ),
    ids=["node", "node-yo", "moscow", "moscow-yo"],
)
async def test_a_proven_owner_links_at_once(
    family: Family, page: Page, door: Door, login: str, diary: str, children: list[str]
) -> None:
    """The diary tells the СНИЛС: with an equal name, «ё» or «е», it is the owner's own; the page says so."""
    owner = await entered(family, page, login)
    connection = (await _at_gosuslugi(door, page, owner))["id"]
    await walking.agree(page)
    await expect(page.get_by_role("heading")).to_have_text("Дневник подключён")
    await expect(page.locator("main")).to_contain_text(diary)
    await expect(page.locator("main")).to_contain_text("СНИЛС и имя в нём те же, что на Госуслугах")
    assert await page.get_by_role("listitem").all_inner_texts() == children
    assert await linked_children(owner, connection) == [child.split("\n")[0] for child in children]
    assert (await owner.get(f"/v1/connections/{connection}")).json()["identity"] == "proven"


@pytest.mark.parametrize(
    ("door", "login", "told"),
    quick_first(
        [
            (NODE, "simplified", "нет СНИЛС"),
            (MOSCOW, "not_matched", "с вашим СНИЛС не найдена"),
            (NODE, "teen", "недостаточно данных"),
            (NODE, "double_surname", "недостаточно данных"),
            (NODE, "child", "недостаточно данных"),
            (NODE, "trusted_nanny", "Вы не предоставили доступ"),
            (MOSCOW, "trusted_nanny", "Вы не предоставили доступ"),
        ],
        quick=2,
    ),
    ids=str,
)
async def test_whom_the_diary_does_not_know_is_told_there(
    parent: httpx2.AsyncClient, page: Page, door: Door, login: str, told: str
) -> None:
    """The diary's own page explains it; here nothing is linked, and the sign-in goes on waiting."""
    connection = (await _at_gosuslugi(door, page, parent))["id"]
    await walking.sign_in(page, login)
    await walking.consent(page)
    await expect(page.locator("body")).to_contain_text(told)
    shown = (await parent.get(f"/v1/connections/{connection}")).json()
    assert (shown["state"], shown["pending"]["step"]["step"]) == ("awaiting_user", "redirect")


async def test_what_the_school_must_mend_is_said_on_our_page(parent: httpx2.AsyncClient, page: Page) -> None:
    """Moscow lets in whom no school knows; the page says what to do and who can help, and leads on."""
    connection = (await _at_gosuslugi(MOSCOW, page, parent))["id"]
    await walking.sign_in(page, "no_diary")
    await walking.agree(page)
    await expect(page.get_by_role("heading")).to_have_text("Недостаточно данных для доступа к дневнику")
    await expect(page.locator("main")).to_contain_text("классному руководителю")
    await expect(page.locator("main")).to_contain_text("Исправить это может школа.")
    shown = (await parent.get(f"/v1/connections/{connection}")).json()
    assert (shown["state"], shown["outcome"]) == ("awaiting_user", "not_enough_data")
    await walking.press(page, page.get_by_role("link", name="Попробовать ещё раз"))
    await expect(page.get_by_role("heading")).to_have_text("Подключить дневник?")


@pytest.mark.parametrize("door", quick_first([MOSCOW, NODE]), ids=str)
async def test_refused_consent_links_nothing_and_may_be_given_later(
    second_factor: None, parent: httpx2.AsyncClient, page: Page, door: Door
) -> None:
    """A code is asked for, then consent; a «no» ends on the diary's own page, and our link leads to more."""
    begun = await _at_gosuslugi(door, page, parent)
    await walking.sign_in(page, door.login)
    await walking.confirm(page)
    await walking.refuse(page)
    await expect(page.locator("body")).to_contain_text("Вы не предоставили доступ")
    assert (await parent.get(f"/v1/connections/{begun['id']}")).json()["state"] == "awaiting_user"
    await door.to_gosuslugi(page, begun["pending"]["step"]["url"])
    await walking.agree(page)
    assert await linked_children(parent, begun["id"]) == door.expected


async def test_anothers_diary_is_refused(family: Family, page: Page) -> None:
    """Whoever is proven to be one person cannot link the diary of another one, and is told so."""
    owner = await entered(family, page, "moscow_mother")
    await page.context.clear_cookies(name="ESIA_SESSION")
    connection = (await _at_gosuslugi(NODE, page, owner))["id"]
    await walking.sign_in(page, "region_mother")
    await walking.agree(page)
    await expect(page.get_by_role("heading")).to_have_text("Дневник принадлежит другому человеку")
    shown = (await owner.get(f"/v1/connections/{connection}")).json()
    assert (shown["state"], shown["outcome"]) == ("awaiting_user", "identity_mismatch")
    assert (await owner.get("/v1/children")).json()["items"] == []
