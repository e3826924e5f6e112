"""Unlinking a diary at one process while another still writes about the family: nothing of it is left."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from diary_api.storage.tables import AnswerRow, ConnectionRow
from tests.api.grants.giving import invite
from tests.api.hot.gateways import Both
from tests.api.pausing import pausing
from tests.api.running import PASSWORDS, LinkedFamily, RunningGateway

pytestmark = pytest.mark.anyio


def _at(gate: RunningGateway, family: LinkedFamily) -> LinkedFamily:
    """Return the same parent at another process."""
    parent = gate.another_client(Authorization=family.parent.headers["Authorization"])
    return LinkedFamily(parent, family.connection_id, family.child_ids)


async def _unlink(family: LinkedFamily) -> None:
    assert (await family.parent.delete(f"/v1/connections/{family.connection_id}")).status_code == 204


async def test_a_sign_in_that_ends_meanwhile_leaves_no_credentials(both: Both) -> None:
    """Whichever is first: the link is withdrawn, and what opens the diary is erased."""
    one, other = both
    parent = await one.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    elsewhere = _at(other, LinkedFamily(parent, link["id"], []))
    filled = {"values": {"login": "olga", "password": PASSWORDS["olga"]}}
    with pausing(other, "UPDATE connections SET state") as pause:
        signing_in = parent.post(f"/v1/connections/{link['id']}/steps", json=filled)
        await pause.meanwhile(_unlink(elsewhere), signing_in)
    async with one.gateway.storage.reading() as session:
        row = await session.get(ConnectionRow, link["id"])
    assert row is not None
    assert (row.state, row.credentials_sealed) == ("revoked", None)


async def test_children_that_are_listed_meanwhile_are_not_shown(both: Both) -> None:
    """The list came before the withdrawal, and is written down after it."""
    family = await both[0].family()
    with pausing(both[0], "UPDATE enrolments") as pause:
        listing = family.parent.post(f"/v1/connections/{family.connection_id}/refresh")
        await pause.meanwhile(listing, _unlink(_at(both[1], family)))
    assert (await family.parent.get("/v1/children")).json()["items"] == []


async def test_an_answer_that_comes_meanwhile_is_not_kept(both: Both) -> None:
    """What was read through a link is erased with it, to the last answer."""
    family = await both[0].family()
    with pausing(both[0], "INSERT INTO answers") as pause:
        await pause.meanwhile(family.read("terms"), _unlink(_at(both[1], family)))
    async with both[0].gateway.storage.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AnswerRow)) == 0


async def test_a_grant_that_is_given_meanwhile_lets_nobody_in(both: Both) -> None:
    """It ends with the others: linking the diary again must not bring it back."""
    family = await both[0].family()
    with pausing(both[0], "INSERT INTO grants") as pause:
        await pause.meanwhile(invite(both[0], family), _unlink(_at(both[1], family)))
    link = f"/v1/connections/{family.connection_id}"
    filled = {"values": {"login": "olga", "password": PASSWORDS["olga"]}}
    assert (await family.parent.post(f"{link}/sign-in", json={})).status_code == 200
    assert (await family.parent.post(f"{link}/steps", json=filled)).status_code == 200
    grants = (await family.parent.get(f"/v1/children/{family.child_ids[0]}/grants")).json()["items"]
    assert [grant["state"] for grant in grants] == ["unlinked"]
