"""Repairing a link in place, and taking it back: what stays, what is ended upstream, what is erased."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select
from tests.api.identities.stack import CITY, DNEVNIK, ENTER, NODE, PROVE, Door, Stack
from tests.more import quick_first

from diary_api.storage.tables import ConnectionRow, IdentityRow, SignInRow

pytestmark = pytest.mark.anyio
every_diary = pytest.mark.parametrize("door", quick_first([CITY, DNEVNIK, NODE]), ids=lambda door: door.name)
LOGOUTS = {"dnevnik": None, "node": "authedu.mosreg.ru", "city": "school.mos.ru"}
"""Who can be told that a session is over; of Дневник.ру no such call is known."""


async def children(parent: httpx2.AsyncClient) -> list[str]:
    return [child["id"] for child in (await parent.get("/v1/children")).json()["items"]]


def kept(folder: Path, secret: bytes) -> list[str]:
    """Return the files of the database that hold some bytes, its log included."""
    return [
        file.name
        for file in sorted(folder.iterdir())
        if file.name.startswith("diary.db") and secret in file.read_bytes()
    ]


@every_diary
async def test_linking_again_repairs_in_place(stack: Stack, door: Door) -> None:
    """The diary has ended every session: the same door mends the same link, with the same children."""
    parent = await stack.parent()
    linked = await stack.linked(parent, door)
    before = await children(parent)
    assert before != []
    stack.end_sessions()
    broken = await parent.post(f"/v1/connections/{linked['id']}/refresh")
    assert (broken.status_code, broken.json()["code"]) == (409, "login_required")
    shown = (await parent.get(f"/v1/connections/{linked['id']}")).json()
    assert shown["state"] == "reauth_required"
    begun, window = await stack.again(parent, linked["id"], door), await stack.window()
    assert await children(parent) == before
    await window.back(await stack.arrived(begun, window))
    mended = await stack.connection(parent, begun)
    assert (mended["id"], mended["state"], mended["outcome"]) == (linked["id"], "active", "ok")
    assert await children(parent) == before
    assert (await parent.get(f"/v1/children/{before[0]}/week")).status_code == 200


@every_diary
async def test_a_failed_repair_leaves_the_link_as_it_was(stack: Stack, door: Door) -> None:
    """Refused consent, a wrong code, a dropped sign-in: a working link goes on working."""
    parent = await stack.parent()
    linked = await stack.linked(parent, door)
    before = await children(parent)
    begun, window = await stack.again(parent, linked["id"], door), await stack.window()
    address = await stack.arrived(begun, window)
    page = await window.back(address.replace("code=", "code=x"))
    assert page.status_code == 409
    await stack.again(parent, linked["id"], door)
    assert (await parent.delete(f"/v1/connections/{linked['id']}/sign-in")).status_code == 204
    shown = (await parent.get(f"/v1/connections/{linked['id']}")).json()
    assert (shown["state"], shown["outcome"], shown["pending"]) == ("active", "ok", None)
    assert await children(parent) == before
    assert (await parent.get(f"/v1/children/{before[0]}/week")).status_code == 200


@every_diary
async def test_taking_a_link_back_erases_its_secrets(stack: Stack, door: Door) -> None:
    """Not one sealed byte of it is left in the file, and the session upstream is ended where it can be."""
    parent = await stack.parent()
    linked = await stack.linked(parent, door)
    child = (await children(parent))[0]
    await parent.get(f"/v1/children/{child}/week")
    async with stack.gateway.storage.reading() as session:
        row = await session.get(ConnectionRow, linked["id"])
        flows = (await session.scalars(select(SignInRow.flow_sealed))).all()
    assert row is not None
    assert row.credentials_sealed is not None
    secrets = [row.credentials_sealed, *flows]
    assert [kept(stack.folder, secret) != [] for secret in secrets] == [True] * len(secrets)
    stack.sandbox.state.requests.clear()
    assert (await parent.delete(f"/v1/connections/{linked['id']}")).status_code == 204
    assert [kept(stack.folder, secret) for secret in secrets] == [[]] * len(secrets)
    host = LOGOUTS[door.name]
    asked = stack.sandbox.state.requests.get(host or "", {})
    assert asked.get("GET /v3/auth/logout", 0) == (0 if host is None else 1)
    shown = (await parent.get(f"/v1/connections/{linked['id']}")).json()
    assert (shown["state"], shown["identity"], shown["pending"]) == ("revoked", "unproven", None)
    assert await children(parent) == []


@every_diary
async def test_a_link_taken_back_may_be_made_anew(stack: Stack, door: Door) -> None:
    """Under the same id, by the same door."""
    parent = await stack.parent()
    linked = await stack.linked(parent, door)
    await parent.delete(f"/v1/connections/{linked['id']}")
    begun, window = await stack.again(parent, linked["id"], door), await stack.window()
    await window.back(await stack.arrived(begun, window))
    assert (await stack.connection(parent, begun))["state"] == "active"
    assert await children(parent) != []


@pytest.mark.parametrize("how", ["identity", "account"])
async def test_a_removed_identity_is_gone_from_the_file(stack: Stack, how: str) -> None:
    """Profile and keyed hashes, removed alone or with all else; the person may then come anew."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(PROVE, parent)
    await window.back(await stack.arrived(begun, window))
    async with stack.gateway.storage.reading() as session:
        (row,) = (await session.scalars(select(IdentityRow))).all()
    assert row.snils_index is not None
    secrets = [row.profile_sealed, row.subject_index.encode(), row.snils_index.encode()]
    assert [kept(stack.folder, secret) != [] for secret in secrets] == [True] * len(secrets)
    place = f"/v1/me/identities/{row.id}" if how == "identity" else "/v1/me"
    assert (await parent.delete(place)).is_success
    assert [kept(stack.folder, secret) for secret in secrets] == [[]] * len(secrets)
    assert (await stack.entered(ENTER.login)) is not None
