"""The page that describes the API works in a real browser, with nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.stack import Stack
from tests.more import quick_first

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


@pytest.mark.parametrize("width", quick_first([390, 1280]))
async def test_words_of_code_do_not_lie_on_each_other(stack: Stack, page: Page, width: int) -> None:
    """In the introduction each line of code ends before the next one begins, on a phone as well."""
    await page.set_viewport_size({"width": width, "height": 800})
    await page.goto(f"{stack.url}/docs")
    await expect(page.locator(".info li code").first).to_be_visible()
    boxes = await page.evaluate(
        """() => [...document.querySelectorAll(".info code")].flatMap(
            code => [...code.getClientRects()].map(box => [box.left, box.right, box.top, box.bottom]))"""
    )
    covered = [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if min(one[1], other[1]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[2], other[2]) > 1
    ]
    assert covered == []
