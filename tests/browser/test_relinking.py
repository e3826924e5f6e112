"""A linked diary is mended in place when the diary has forgotten everyone, and taken back without a trace."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import httpx2
import pytest
from playwright.async_api import Page, expect
from tests.browser.doors import DNEVNIK, MOSCOW, NODE, Door, begin_link, known_ids, linked_children
from tests.browser.stack import Stack
from tests.more import quick_first

pytestmark = pytest.mark.anyio


async def _walked(door: Door, page: Page, connection: dict[str, Any]) -> None:
    """Go from the link to the last page."""
    await door.to_gosuslugi(page, connection["pending"]["step"]["url"])
    await door.through(page)
    await expect(page.get_by_role("heading")).to_have_text(door.heading)


@pytest.mark.parametrize(
    ("door", "signs_out_at"),
    quick_first([(MOSCOW, "school.mos.ru"), (DNEVNIK, None), (NODE, "authedu.mosreg.ru")]),
    ids=str,
)
async def test_a_link_is_mended_in_place_and_taken_back(
    stack: Stack, parent: httpx2.AsyncClient, page: Page, door: Door, signs_out_at: str | None
) -> None:
    """The same connection, children and enrolments after a new sign-in; unlinked, it has no secrets left.

    The diary is told that the session is over, where a call for that is known: of Дневник.ру none is.
    """
    linked = await begin_link(parent, door.region or "", door.method)
    place = f"/v1/connections/{linked['id']}"
    await _walked(door, page, linked)
    before = await known_ids(parent)
    assert await linked_children(parent, linked["id"]) == door.expected

    stack.town.freshen()
    assert (await parent.post(f"{place}/refresh")).json()["code"] == "login_required"
    assert (await parent.get(place)).json()["state"] == "reauth_required"
    again = await parent.post(f"{place}/sign-in", json={"method": door.method})
    await _walked(door, page, again.json())
    assert await known_ids(parent) == before
    assert await linked_children(parent, linked["id"]) == door.expected
    assert (await parent.get(f"/v1/children/{before[0][1]}/week")).status_code == 200

    (secret,) = _kept_sealed(stack, linked["id"])
    assert secret is not None
    assert _in_files(stack, secret) != []
    assert (await parent.delete(place)).status_code == 204
    assert stack.town.asked(signs_out_at, "GET /v3/auth/logout") == (0 if signs_out_at is None else 1)
    assert _kept_sealed(stack, linked["id"]) == [None]
    assert _in_files(stack, secret) == []
    shown = (await parent.get(place)).json()
    assert (shown["state"], shown["pending"]) == ("revoked", None)
    assert await known_ids(parent) == []


def _kept_sealed(stack: Stack, connection_id: str) -> list[bytes | None]:
    """Return the sealed credentials of a connection, read from the file of the database."""
    with closing(sqlite3.connect(f"file:{stack.folder / 'diary.db'}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT credentials_sealed FROM connections WHERE id = ?", (connection_id,))
        return [sealed for (sealed,) in found]


def _in_files(stack: Stack, secret: bytes) -> list[str]:
    """Return the files of the database that hold some bytes, its log included."""
    return [file.name for file in stack.folder.glob("diary.db*") if secret in file.read_bytes()]
