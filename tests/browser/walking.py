"""What a person does in a browser between two pages of ours."""

from __future__ import annotations

import re
from typing import Final

from playwright.async_api import Locator, Page

ESIA_PASSWORD: Final = "sandbox-esia"
_YES: Final = re.compile("^(Предоставить|Разрешить)$")


async def press(page: Page, what: Locator) -> None:
    """Press a link or a button, and wait for the page it leads to."""
    async with page.expect_navigation(wait_until="domcontentloaded"):
        await what.click()


async def go(page: Page, url: str) -> None:
    """Open a link of the gateway, and go on where it leads."""
    await page.goto(url)
    await press(page, page.get_by_role("link", name="Продолжить"))


async def sign_in(page: Page, login: str) -> None:
    """Fill in the form of Gosuslugi."""
    await page.get_by_label(re.compile("Телефон")).fill(f"{login}@esia.test")
    await page.get_by_label("Пароль").fill(ESIA_PASSWORD)
    await press(page, page.get_by_role("button", name="Войти"))


async def confirm(page: Page) -> None:
    """Type the code of the second factor, which the sandbox shows where a phone would."""
    await page.get_by_label(re.compile("Код")).fill(await page.locator("#sandbox-code").inner_text())
    await press(page, page.get_by_role("button", name="Продолжить"))


async def refuse(page: Page) -> None:
    """Press «no» at Gosuslugi."""
    await press(page, page.get_by_role("button", name="Отказать"))


async def consent(page: Page) -> None:
    """Press «yes», at Gosuslugi or at a diary."""
    await press(page, page.get_by_role("button", name=_YES))


async def agree(page: Page) -> None:
    """Press every «yes» on the way until back at the gateway."""
    while not is_back(page):
        await consent(page)


async def type_login(page: Page, login: str, password: str) -> None:
    """Fill in a diary's own form."""
    await page.get_by_label("Логин").fill(login)
    await page.get_by_label("Пароль", exact=True).fill(password)
    await press(page, page.get_by_role("button", name=re.compile("Войти|Связать")))


def is_back(page: Page) -> bool:
    """Tell whether the browser is at one of the gateway's last pages."""
    return re.search("/v1/(callback|sign-ins/[^/]+/outcome)", page.url) is not None
