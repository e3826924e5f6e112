"""What was done with an account is written down with the deed, and told to its owner alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from diary_api.cli.events import WORDS
from diary_api.events.kinds import EventKind
from diary_api.middleware.client_address import network_of
from diary_api.retention import Retention
from diary_api.settings import Settings
from diary_api.storage.tables import AccountEventRow
from tests.api.absences.telling import DAY
from tests.api.grants.giving import trusted
from tests.api.identities.state_service import StateOffice, a_person, plugins_with
from tests.api.identities.walking import entered, proven
from tests.api.running import EMAIL, PASSWORD, MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio
WRONG = {"email": EMAIL, "password": "not the password"}


class Ticking(MovableClock):
    """A clock that goes on a little whenever it is looked at, so that one thing comes after another."""

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
async def gate(settings: Settings) -> AsyncGenerator[RunningGateway]:
    async with running(settings, clock=Ticking()) as gateway:
        yield gateway


async def events(client: httpx2.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await client.get("/v1/me/events", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def kinds(client: httpx2.AsyncClient) -> list[str]:
    """Return what happened, oldest first."""
    return [one["kind"] for one in reversed(await events(client))]


async def test_a_life_of_an_account(settings: Settings, town: TinyTown) -> None:
    """Every kind of event is written by the deed it is named after; no other is there."""
    town.places, office = [], StateOffice()
    async with running(settings, plugins_with(town, office), Ticking()) as gate:
        family = await gate.family()
        parent, child = family.parent, family.child_ids[0]
        token = (await parent.post("/v1/tokens", json={"name": "Кухня", "scopes": ["diary:read"]})).json()
        await parent.delete(f"/v1/tokens/{token['id']}")
        nina = await trusted(gate, family)
        await parent.patch(nina.address, json={"called": "Бабушка"})
        await nina.person.delete(f"/v1/me/grants/{nina.grant_id}")
        again = await trusted(gate, family, email="other@example.org")
        await parent.delete(again.address)
        for shown in (True, False):
            await parent.put(f"/v1/children/{child}/class-standing", json={"shown": shown})
        town.notices = {}
        told = await parent.post(
            f"/v1/children/{child}/absence-notices", json={"since": DAY, "reason_code": "3"}
        )
        await parent.delete(f"/v1/children/{child}/absence-notices/{told.json()['items'][0]['id']}")
        await proven(gate, office, parent, a_person())
        identity = (await parent.get("/v1/me")).json()["identities"][0]["id"]
        await parent.delete(f"/v1/me/identities/{identity}")
        await parent.get("/v1/me/export")
        again_at = f"/v1/connections/{family.connection_id}"
        await parent.post(f"{again_at}/sign-in", json={})
        await parent.post(f"{again_at}/steps", json={"values": {"login": "olga", "password": "kestrel-9"}})
        await parent.delete(again_at)
        await gate.client.post("/v1/sessions", json=WRONG)
        by_state = await entered(gate, office, a_person(subject="2"))
        await by_state.put("/v1/me/password", json={"email": "i@example.org", "password": PASSWORD})
        await by_state.patch("/v1/me/password", json={"current": PASSWORD, "new": "four quiet sparrows"})
        other = await gate.parent()
        await other.delete("/v1/sessions/current")
        found = await kinds(parent)
        assert [kind for kind in EventKind if kind not in {*found, *await kinds(by_state)}] == []
        assert found[:3] == ["account_made", "signed_in", "diary_linked"]
        assert await kinds(nina.person) == ["account_made", "signed_in", "grant_accepted", "grant_given_back"]
        assert [one["about"]["name"] for one in await events(nina.person)] == [None] * 4
        assert (await events(by_state))[-2]["about"]["way"] == "state"


async def test_an_event_tells_what_and_how(gate: RunningGateway) -> None:
    """A sign-in tells the way and the network; a token its name, also when it is gone."""
    parent = await gate.parent()
    made = {"name": "Кухня", "scopes": ["diary:read"]}
    token = (await parent.post("/v1/tokens", json=made)).json()["id"]
    await parent.delete(f"/v1/tokens/{token}")
    revoked, issued, signed_in, _ = await events(parent)
    told = [(one["about"]["key_id"], one["about"]["name"]) for one in (revoked, issued)]
    assert told == [(token, "Кухня")] * 2
    assert (signed_in["about"]["way"], signed_in["about"]["network"]) == ("password", "127.0.0.0/24")


async def test_failed_sign_ins_are_counted_not_piled_up(gate: RunningGateway) -> None:
    """A flood of guesses is one line an hour; guesses at nobody's e-mail are written nowhere."""
    parent = await gate.parent()
    for _ in range(9):
        await gate.client.post("/v1/sessions", json=WRONG)
        await gate.client.post("/v1/sessions", json={**WRONG, "email": "nobody@example.org"})
    gate.clock.move(timedelta(hours=1))
    await gate.client.post("/v1/sessions", json=WRONG)
    failed = [one for one in await events(parent) if one["kind"] == "sign_in_failed"]
    assert [one["count"] for one in failed] == [1, 9]
    async with gate.gateway.storage.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AccountEventRow)) == 4


async def test_pages(gate: RunningGateway) -> None:
    """Page by page every event comes once, newest first; a strange cursor is refused."""
    parent, ivan = await gate.parent(), await gate.parent("ivan@example.org")
    for _ in range(5):
        await parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})
    whole = [one["id"] for one in await events(parent)]
    paged: list[str] = []
    query: dict[str, str] = {"limit": "3"}
    while True:
        page = (await parent.get("/v1/me/events", params=query)).json()
        paged += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert (paged, len(whole)) == (whole, 7)
    for cursor in ("x", "evt_" + "a" * 26, whole[0]):
        answer = await ivan.get("/v1/me/events", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_only_its_owner_reads_it(gate: RunningGateway) -> None:
    """Strangers are refused, tokens without the right too; others see their own."""
    parent, ivan = await gate.parent(), await gate.parent("ivan@example.org")
    made = {"name": "x", "scopes": ["diary:read"]}
    token = (await parent.post("/v1/tokens", json=made)).json()["secret"]
    reader = gate.another_client(Authorization=f"Bearer {token}")
    assert (await gate.client.get("/v1/me/events")).status_code == 401
    assert (await reader.get("/v1/me/events")).status_code == 403
    assert await kinds(ivan) == ["account_made", "signed_in"]


async def test_it_is_taken_along_and_forgotten(gate: RunningGateway, settings: Settings) -> None:
    """The export has it, with itself as the first; what is old is swept; an erased account leaves none."""
    parent = await gate.parent()
    export = (await parent.get("/v1/me/export")).json()
    assert [one["kind"] for one in export["events"]] == ["export_taken", "signed_in", "account_made"]
    gate.clock.move(settings.retention.events + timedelta(days=1))
    await Retention(gate.gateway.storage, settings, gate.clock).sweep()
    fresh = await gate.parent()
    assert await kinds(fresh) == ["signed_in"]
    assert (await fresh.delete("/v1/me")).status_code == 200
    async with gate.gateway.storage.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AccountEventRow)) == 0


async def test_a_deed_that_fails_leaves_no_event(gate: RunningGateway) -> None:
    """Neither a refused deed nor an undone one is written down."""
    parent = await gate.parent()
    before = await kinds(parent)
    await parent.delete("/v1/tokens/key_" + "a" * 26)
    await parent.post("/v1/tokens", json={"name": "x", "scopes": ["nonsense"]})
    await gate.client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
    assert await kinds(parent) == before


def test_every_kind_has_russian_words() -> None:
    """The command line can tell whatever happens."""
    assert [kind for kind in EventKind if kind not in WORDS] == []


@pytest.mark.parametrize(
    ("client", "network"),
    [("192.0.2.7", "192.0.2.0/24"), ("2001:db8:1:2::/64", "2001:db8:1::/48"), ("unknown", None), ("", None)],
)
def test_a_network_tells_no_household(client: str, network: str | None) -> None:
    """Of an address only its network is kept."""
    assert network_of(client) == network
