"""A person of the town at Gosuslugi, on the way from a region's entry and back to the diary."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx2

from .browser import Browser
from .town import Town


async def at_gosuslugi(browser: Browser, url: str, login: str, answer: str = "allow") -> httpx2.Response:
    """Sign in at Gosuslugi and answer its consent page; return what the diary shows then."""
    page = await browser.open(url)
    page = await browser.submit(page, login=f"{login}@esia.test", password="sandbox-esia")
    return await browser.submit(page, answer=answer) if "Предоставить" in page.text else page


async def ended_on(town: Town, login: str, **link_page: str) -> str:
    """Return the address the region's entry ends on.

    Where the diary knows no account of the person, its page is answered, by going on without one unless told.
    """
    async with Browser() as browser:
        entry = f"{town.sandbox.url('login.dnevnik.ru')}/login/esia/novgorod"
        page = await at_gosuslugi(browser, entry, login)
        if "Свяжите дневник с Госуслугами" in page.text:
            page = await browser.submit(page, **(link_page or {"answer": "skip"}))
    return str(page.url)


def task_of(address: str) -> str:
    """Return the task in such an address."""
    return parse_qs(urlsplit(address).query)["taskId"][0]
