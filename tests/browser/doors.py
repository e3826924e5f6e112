"""The doors Gosuslugi opens: into the gateway, a region of Дневник.ру, a node of «Моя школа», and Moscow."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from playwright.async_api import Page
from tests.browser import walking
from tests.browser.conftest import Family


@dataclass(frozen=True)
class Way:
    """A sign-in that was begun, and waits for a browser."""

    link: str
    """To be opened in the browser."""
    came_of_it: Callable[[Page], Awaitable[Any]]
    """Asks the API what has come of it, the browser being back: who entered, or whose diary was linked."""
    waits: Callable[[], Awaitable[bool]]
    """Asks the API whether nothing has come of it yet."""


@dataclass(frozen=True)
class Door:
    """One of the doors."""

    name: str
    region: str | None
    method: str
    login: str
    """Whose account at Gosuslugi opens it."""
    heading: str
    """What the last page says."""
    expected: Any
    """What comes of it."""

    def __str__(self) -> str:
        return self.name

    async def begin(self, family: Family) -> Way:
        """Begin as a new parent."""
        return await (_enter(family) if self.region is None else self._link(family))

    async def to_gosuslugi(self, page: Page, link: str) -> None:
        """Open a link and go on to the page of Gosuslugi."""
        await walking.go(page, link)
        await self.choose_gosuslugi(page)

    async def choose_gosuslugi(self, page: Page) -> None:
        """Press the button of Gosuslugi where it is one among others."""
        if self.method == "mos_ru":
            await walking.press(page, page.get_by_role("link", name=re.compile("Госуслуги")))

    async def through(self, page: Page) -> None:
        """Sign in at Gosuslugi, and agree until back at the gateway."""
        await walking.sign_in(page, self.login)
        await walking.agree(page)

    async def _link(self, family: Family) -> Way:
        parent = await family.parent()
        connection = await begin_link(parent, self.region or "", self.method)

        async def came_of_it(_: Page) -> Any:
            return await linked_children(parent, connection["id"])

        async def waits() -> bool:
            shown = (await parent.get(f"/v1/connections/{connection['id']}")).json()
            return shown["state"] == "awaiting_user" and shown["pending"] is not None

        return Way(connection["pending"]["step"]["url"], came_of_it, waits)


ENTER: Final = Door("enter", None, "gosuslugi", "moscow_mother", "Почти готово: введите код", "confirmed")
DNEVNIK: Final = Door("dnevnik", "29", "gosuslugi", "dnevnik_mother", "Дневник подключён", ["Семён", "Алёна"])
NODE: Final = Door("node", "50", "gosuslugi", "region_mother", "Дневник подключён", ["Злата"])
MOSCOW: Final = Door("moscow", "77", "mos_ru", "moscow_mother", "Дневник подключён", ["Артём", "Варвара"])
DOORS: Final = (ENTER, DNEVNIK, NODE, MOSCOW)


async def begin_link(parent: httpx2.AsyncClient, region: str, method: str) -> dict[str, Any]:
    """Begin to link a diary, and return the connection."""
    begun = await parent.post("/v1/connections", json={"region": region, "method": method})
    assert begun.status_code == 201, begun.text
    return begun.json()


async def linked_children(parent: httpx2.AsyncClient, connection_id: str) -> list[str]:
    """Return the first names that came by a linked diary, which must be readable."""
    shown = (await parent.get(f"/v1/connections/{connection_id}")).json()
    assert (shown["state"], shown["outcome"], shown["pending"]) == ("active", "ok", None)
    children = (await parent.get("/v1/children")).json()["items"]
    return [one["name"]["first"] for one in children if one["connection_id"] == connection_id]


async def known_ids(parent: httpx2.AsyncClient) -> list[tuple[str, str, list[str]]]:
    """Return the ids under which the children of an account are known: connection, child, enrolments."""
    children = (await parent.get("/v1/children")).json()["items"]
    return [(one["connection_id"], one["id"], [each["id"] for each in one["enrolments"]]) for one in children]


async def begin_to_enter(family: Family) -> tuple[str, str]:
    """Begin to sign in to the gateway; return the key and the link."""
    begun = await (await family.client()).post("/v1/sign-in/gosuslugi")
    assert begun.status_code == 201, begun.text
    return begun.json()["key"], begun.json()["step"]["url"]


async def open_session(family: Family, page: Page, key: str) -> httpx2.AsyncClient:
    """Open the session with the code the last page shows."""
    body = {"key": key, "code": await page.get_by_role("status").inner_text()}
    opened = await (await family.client()).post("/v1/sign-in/gosuslugi/session", json=body)
    assert opened.status_code == 201, opened.text
    return await family.client(opened.json()["secret"])


async def entered(family: Family, page: Page, login: str) -> httpx2.AsyncClient:
    """Sign a person of the town in to the gateway, from the link to the session."""
    key, link = await begin_to_enter(family)
    await walking.go(page, link)
    await walking.sign_in(page, login)
    await walking.agree(page)
    return await open_session(family, page, key)


async def _enter(family: Family) -> Way:
    key, link = await begin_to_enter(family)

    async def came_of_it(page: Page) -> Any:
        me = (await (await open_session(family, page, key)).get("/v1/me")).json()
        return me["identities"][0]["level"]

    async def waits() -> bool:
        asked = {"key": key, "code": "XXXX-XXXX"}
        refused = await (await family.client()).post("/v1/sign-in/gosuslugi/session", json=asked)
        return refused.json()["code"] == "conflict"

    return Way(link, came_of_it, waits)
