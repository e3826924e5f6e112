"""The page that describes the API works in a real browser, with nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.stack import Stack

pytestmark = pytest.mark.anyio


async def test_a_call_can_be_read_and_tried(stack: Stack, page: Page) -> None:
    """Every group of calls is shown, one is made from the page, and the page's own policy is never broken."""
    broken: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    described = await (await page.request.get(f"{stack.url}/openapi.json")).json()
    used = {tag for path in described["paths"].values() for call in path.values() for tag in call["tags"]}
    groups = used | {tag["name"] for tag in described["tags"]}
    await page.goto(f"{stack.url}/docs")
    await expect(page.locator(".opblock-tag-section")).to_have_count(len(groups))
    call = page.locator("#operations-regions-list_regions")
    await call.locator(".opblock-summary-control").click()
    await call.get_by_role("button", name="Try it out").click()
    await call.get_by_role("button", name="Execute").click()
    await expect(call.locator(".live-responses-table .response td.response-col_status")).to_contain_text(
        "200"
    )
    assert [url for url in asked if not url.startswith((stack.url, "data:"))] == []
    assert broken == []
