"""Neither names, links nor codes are found where they must not be; an erasure takes both sides along."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from diary_api.grants.rights import Right
from diary_api.storage.tables import GrantRow, GrantUseRow
from tests.api.grants.giving import CALLED, accept, ends_in, invite, trusted
from tests.api.running import RunningGateway
from tests.api.test_canaries import PLANTED, found_in, leaks_of
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio


async def live(gate: RunningGateway) -> tuple[list[str], list[str]]:
    """Go through everything a grant goes through; return its secrets, and the refusals that were told."""
    family = await gate.family()
    waiting, guessed = await invite(gate, family), await invite(gate, family)
    nina = await trusted(gate, family, {Right.LESSONS})
    other = await gate.parent("other@example.org")
    refusals = [
        await accept(other, guessed, code="AAAA-AAAA"),
        await accept(other, guessed, link=guessed["invitation"]["link"] + "x"),
        await accept(other, guessed, code="x" * 33),
        await accept(family.parent, guessed),
        await nina.read("marks", since="2026-09-14", until="2026-09-20"),
        await family.parent.patch(nina.address, json={"called": CALLED, "rights": ["marks"]}),
        await family.parent.post(
            f"/v1/children/{nina.child_id}/grants",
            json={"called": CALLED, "rights": [CALLED], "ends_at": ends_in(gate).isoformat()},
        ),
    ]
    await nina.read("week")
    await nina.person.get("/v1/children")
    await nina.uses()
    await family.parent.delete(nina.address)
    refusals.append(await nina.read("week"))
    secrets = [
        part
        for invited in (waiting, guessed)
        for part in (
            invited["invitation"]["link"].partition("#")[2],
            invited["invitation"]["code"],
            invited["invitation"]["code"].replace("-", ""),
        )
    ]
    assert [answer.status_code for answer in refusals if answer.status_code < 400] == []
    return [*secrets, CALLED, "Нина"], [answer.text for answer in refusals]


@pytest.mark.sqlite
async def test_the_database_tells_nothing_of_a_grant(tiny: RunningGateway, tmp_path: Path) -> None:
    """With invitations waiting and grants ended, its files hold no link, no code and no name."""
    secrets, _ = await live(tiny)
    assert leaks_of(tmp_path, (*PLANTED, "nina@example.org", *secrets)) == {}


async def test_the_log_tells_nothing_of_a_grant(log: io.StringIO, tiny: RunningGateway) -> None:
    """At its most talkative it holds neither secrets nor ids nor names."""
    secrets, _ = await live(tiny)
    assert found_in(log.getvalue(), (*PLANTED, "nina@example.org", *secrets)) == []
    assert re.findall(r"(?:acc|con|chd|enr|key|sin|grt|use)_[a-z2-7]{26}", log.getvalue()) == []


async def test_refusals_repeat_nothing_of_a_grant(tiny: RunningGateway) -> None:
    """No problem repeats a link, a code or a name."""
    secrets, refusals = await live(tiny)
    assert [found_in(refusal, (*PLANTED, *secrets)) for refusal in refusals] == [[]] * len(refusals)


async def test_she_sees_nothing_of_the_parent(tiny: RunningGateway, town: TinyTown) -> None:
    """Nothing she is told holds the parent's e-mail, logins, account, or what the parent calls her."""
    family = await tiny.family()
    account_id = (await family.parent.get("/v1/me")).json()["id"]
    nina = await trusted(tiny, family)
    told = [
        (await nina.person.get(path)).text
        for path in (
            "/v1/children",
            "/v1/me/grants",
            "/v1/me",
            "/v1/connections",
            f"/v1/children/{nina.child_id}",
            f"/v1/children/{nina.child_id}/week",
            f"/v1/children/{nina.child_id}/school",
        )
    ]
    hidden = (account_id, "olga@example.org", "canary-profile", CALLED)
    assert [found_in(text, hidden) for text in told] == [[]] * len(told)


@pytest.mark.parametrize("who", ["parent", "person"])
async def test_an_erasure_takes_the_grant_along(tiny: RunningGateway, who: str) -> None:
    """Whichever of the two erases the account, no row of the grant is left, and the other lives on."""
    family = await tiny.family()
    nina = await trusted(tiny, family)
    await nina.read("week")
    assert await nina.uses() == [("days", "ok", 1)]
    await nina.read("terms")
    erasing, staying = (family.parent, nina.person) if who == "parent" else (nina.person, family.parent)
    receipt = (await erasing.delete("/v1/me")).json()
    assert (receipt["erased"]["grants"], receipt["erased"]["grant_uses"]) == (1, 1)
    await tiny.gateway.grants.access.uses.write()
    async with tiny.gateway.storage.reading() as session:
        left = [
            await session.scalar(select(func.count()).select_from(table)) for table in (GrantRow, GrantUseRow)
        ]
    assert left == [0, 0]
    assert (await staying.get("/v1/me")).status_code == 200


async def test_a_waiting_invitation_dies_with_the_link(tiny: RunningGateway) -> None:
    """Nobody accepts an invitation to a child whose diary was unlinked since, linked again or not."""
    family = await tiny.family()
    invited = await invite(tiny, family)
    person = await tiny.parent("nina@example.org")
    await family.parent.delete(f"/v1/connections/{family.connection_id}")
    assert (await accept(person, invited)).json()["code"] == "invitation_refused"
    await family.parent.post(f"/v1/connections/{family.connection_id}/sign-in", json={})
    filled = {"values": {"login": "olga", "password": "kestrel-9"}}
    await family.parent.post(f"/v1/connections/{family.connection_id}/steps", json=filled)
    assert (await accept(person, invited)).json()["code"] == "invitation_refused"
    (shown,) = (await family.parent.get(f"/v1/children/{family.child_ids[0]}/grants")).json()["items"]
    assert shown["state"] == "unlinked"
