"""Erasing an account at one process while another still does something for it: both come to a good end."""

from __future__ import annotations

import httpx2
import pytest

from diary_api.own_data import belongings
from tests.api.grants.giving import trusted
from tests.api.hot.gateways import Both
from tests.api.pausing import pausing

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("deed", "before", "code"),
    [
        ("choose", "UPDATE children", "child_unknown"),
        ("revoke", "UPDATE grants", "grant_unknown"),
        ("give back", "UPDATE grants", "grant_unknown"),
    ],
)
async def test_what_is_erased_meanwhile_is_unknown(both: Both, deed: str, before: str, code: str) -> None:
    """To its owner, and to whoever was let in: and nothing is left of it."""
    one, other = both
    given = await trusted(one, await one.family())
    parent, account_id = given.family.parent, (await given.family.parent.get("/v1/me")).json()["id"]
    elsewhere = other.another_client(Authorization=parent.headers["Authorization"])
    erased: list[httpx2.Response] = []

    async def erase() -> None:
        erased.append(await elsewhere.delete("/v1/me"))

    with pausing(one, before) as pause:
        doing = {
            "choose": lambda: parent.put(
                f"/v1/children/{given.child_id}/class-standing", json={"shown": False}
            ),
            "revoke": lambda: parent.delete(given.address),
            "give back": lambda: given.person.delete(f"/v1/me/grants/{given.grant_id}"),
        }[deed]
        answer = await pause.meanwhile(doing(), erase(), at_most_s=30)
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert [answered.status_code for answered in erased] == [200]
    async with one.gateway.storage.reading() as session:
        assert not await belongings.count(session, account_id)
