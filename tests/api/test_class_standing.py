"""The place in the class is told to the child's own parent alone, and only once they ask for it."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import httpx2
import pytest

from diary_core.model import ClassStanding, Subject
from tests.api.grants.giving import trusted
from tests.api.running import LinkedFamily, RunningGateway
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio

PLACE = ClassStanding(
    subject=Subject(id="1", name="Математика"),
    place=3,
    average=Decimal("4.57"),
    class_size=26,
    class_average=Decimal("3.8162"),
)


@pytest.fixture
async def family(tiny: RunningGateway, town: TinyTown) -> LinkedFamily:
    """A family whose diary ranks the class."""
    town.places = [PLACE]
    return await tiny.family()


def address(family: LinkedFamily, child: int = 0) -> str:
    return f"/v1/children/{family.child_ids[child]}/class-standing"


async def choose(family: LinkedFamily, *, shown: bool, child: int = 0) -> httpx2.Response:
    return await family.parent.put(address(family, child), json={"shown": shown})


async def code_of(family: LinkedFamily, child: int = 0) -> str:
    answer = await family.read("class-standing", child)
    return "told" if answer.status_code == 200 else answer.json()["code"]


async def kept(family: LinkedFamily) -> int:
    """Count the answers about the class that the export holds."""
    export = (await family.parent.get("/v1/me/export")).json()
    return [one["kind"] for one in export["answers"]].count("class_standing")


async def test_it_is_off_until_it_is_turned_on(family: LinkedFamily, town: TinyTown) -> None:
    """Off, the diary is not even asked, and the refusal says how to turn it on; on, it is told as it is."""
    refused = await family.read("class-standing")
    assert (refused.status_code, refused.json()["code"]) == (409, "class_standing_off")
    assert "PUT /v1/children/{child_id}/class-standing" in refused.json()["remedy"]
    assert town.calls["class_standing"] == 0
    chosen = await choose(family, shown=True)
    assert (chosen.status_code, chosen.json()) == (200, {"shown": True})
    answer = await family.read("class-standing")
    assert answer.json()["items"] == [PLACE.model_dump(mode="json")]
    assert answer.headers["etag"]


async def test_each_child_is_chosen_for(family: LinkedFamily) -> None:
    """One child's choice is not another's, and it is told with the child and in the export."""
    await choose(family, shown=True)
    assert [await code_of(family, child) for child in (0, 1)] == ["told", "class_standing_off"]
    export = (await family.parent.get("/v1/me/export")).json()
    listed = (await family.parent.get("/v1/children")).json()
    for told in (export["children"], listed["items"]):
        assert {one["id"]: one["class_standing_shown"] for one in told} == {
            family.child_ids[0]: True,
            family.child_ids[1]: False,
        }


async def test_turned_off_nothing_of_the_class_is_kept(family: LinkedFamily, town: TinyTown) -> None:
    """Neither what was told nor what is being told at that moment; turned on again it is asked anew."""
    await choose(family, shown=True)
    assert await code_of(family) == "told"
    assert await kept(family) == 1
    await choose(family, shown=False)
    assert (await code_of(family), await kept(family)) == ("class_standing_off", 0)
    await choose(family, shown=True)
    town.held = asyncio.Event()
    late = asyncio.create_task(code_of(family))
    await town.waits.wait()
    await choose(family, shown=False)
    town.held.set()
    await late
    assert await kept(family) == 0


async def test_no_grant_opens_it(tiny: RunningGateway, family: LinkedFamily) -> None:
    """With every right there is, a trusted person neither reads nor chooses, nor learns of the choice."""
    await choose(family, shown=True)
    nina = await trusted(tiny, family)
    assert (await nina.read("class-standing")).json()["code"] == "right_missing"
    assert ("class_standing", "right_missing", 1) in await nina.uses()
    chosen = await nina.person.put(address(family), json={"shown": False})
    assert (chosen.status_code, chosen.json()["code"]) == (404, "child_unknown")
    assert (await nina.person.get(f"/v1/children/{nina.child_id}")).json()["class_standing_shown"] is False
    assert await code_of(family) == "told"


async def test_a_token_that_reads_does_not_choose(tiny: RunningGateway, family: LinkedFamily) -> None:
    """It takes a right to manage the account."""
    outcomes: list[int] = []
    for scope in ("diary:read", "account:manage"):
        token = (await family.parent.post("/v1/tokens", json={"name": "x", "scopes": [scope]})).json()
        holder = tiny.another_client(Authorization=f"Bearer {token['secret']}")
        outcomes.append((await holder.put(address(family), json={"shown": True})).status_code)
    assert outcomes == [403, 200]


async def test_unlinked_and_linked_again_it_is_off(family: LinkedFamily) -> None:
    """Nothing but ids outlives a link."""
    await choose(family, shown=True)
    parent, connection_id = family.parent, family.connection_id
    await parent.delete(f"/v1/connections/{connection_id}")
    await parent.post(f"/v1/connections/{connection_id}/sign-in", json={})
    filled = {"values": {"login": "olga", "password": "kestrel-9"}}
    assert (await parent.post(f"/v1/connections/{connection_id}/steps", json=filled)).status_code == 200
    assert await code_of(family) == "class_standing_off"


async def test_what_a_diary_has_not_is_not_offered(tiny: RunningGateway) -> None:
    """Nobody is told to turn on what cannot be; turning it off is always possible."""
    family = await tiny.family()
    assert await code_of(family) == "not_supported"
    assert (await choose(family, shown=True)).json()["code"] == "not_supported"
    assert (await choose(family, shown=False)).json() == {"shown": False}
