"""The page an invitation's link leads to, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Page, expect
from tests.api.running import MovableClock, on_a_socket, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.anyio

SECRET = "dgi_" + "a" * 43


@pytest.fixture
async def url(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    """A gateway on a real socket."""
    settings = settings_for(tmp_path_factory.mktemp("invited"))
    async with running(settings, tiny_plugins(TinyTown(MovableClock()))) as gate, on_a_socket(gate) as url:
        yield f"{url}/invitation"


async def test_the_whole_invitation_is_shown_and_copied(url: str, page: Page) -> None:
    """What stands behind the `#` is put before her eyes, can be copied, and is asked of no server."""
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{url}#{SECRET}")
    await expect(page.locator("#invitation")).to_have_text(f"{url}#{SECRET}")
    await page.get_by_role("button", name="Скопировать").click()
    await expect(page.get_by_role("button")).to_have_text("Скопировано")
    assert await page.evaluate("navigator.clipboard.readText()") == f"{url}#{SECRET}"
    assert [address.partition("#")[0] for address in asked] == [url]
    assert broken == []


async def test_an_address_cut_short_is_told(url: str, page: Page) -> None:
    """Without an invitation in its address the page says so, and offers nothing to copy."""
    for address in (url, f"{url}#", f"{url}#{SECRET[:20]}", f"{url}#<img src=x onerror=alert(1)>"):
        await page.goto("about:blank")
        await page.goto(address)
        await expect(page.locator("#invitation")).to_contain_text("откройте ссылку")
        await expect(page.get_by_role("button")).to_have_count(0)


async def test_without_scripts_the_address_bar_does(url: str, chromium: Browser) -> None:
    """With scripts off the page tells to copy the address itself."""
    async with await chromium.new_context(java_script_enabled=False) as context:
        page = await context.new_page()
        await page.goto(f"{url}#{SECRET}")
        await expect(page.locator("#invitation")).to_contain_text("из адресной строки")
        await expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("width", [320, DESKTOP["width"]])
async def test_it_fits_every_screen(url: str, page: Page, width: int) -> None:
    """Nothing is cut off on a small phone, nor on a wide screen."""
    await page.set_viewport_size({"width": width, "height": 700})
    await page.goto(f"{url}#{SECRET}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
