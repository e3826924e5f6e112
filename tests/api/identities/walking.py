"""Going to the identity service and back, as a program that plays the browser."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from tests.api.identities.state_service import StateOffice
from tests.api.running import RunningGateway

from diary_core.identity import Identity

JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class OnTheWay:
    """A browser at the identity service."""

    key: str | None
    link: str
    browser: httpx2.AsyncClient
    state: str

    async def back(self, **query: str) -> httpx2.Response:
        """Come back with a code, an error, or whatever."""
        return await self.browser.get("/v1/callback", params={"state": self.state, **query}, headers=JSON)


async def sent(gate: RunningGateway, link: str, key: str | None = None) -> OnTheWay:
    """Open a link in a fresh browser and go where it leads."""
    browser = gate.another_client()
    gone = await browser.get(link, headers=JSON)
    assert gone.status_code == 303, gone.text
    return OnTheWay(key, link, browser, parse_qs(urlsplit(gone.headers["location"]).query)["state"][0])


async def to_enter(gate: RunningGateway) -> OnTheWay:
    """Begin to sign in, and go to the service."""
    begun = (await gate.client.post("/v1/sign-in/state")).json()
    return await sent(gate, begun["step"]["url"], begun["key"])


async def to_prove(gate: RunningGateway, parent: httpx2.AsyncClient) -> OnTheWay:
    """Begin to prove, and go to the service."""
    begun = (await parent.post("/v1/me/identities", json={"provider": "state"})).json()
    return await sent(gate, begun["step"]["url"])


async def redeemed(gate: RunningGateway, key: str | None, code: str) -> httpx2.Response:
    """Ask for the session."""
    return await gate.client.post("/v1/sign-in/state/session", json={"key": key, "code": code})


async def entered(gate: RunningGateway, office: StateOffice, person: Identity) -> httpx2.AsyncClient:
    """Sign in as a person, and return a client with the session."""
    way = await to_enter(gate)
    done = await way.back(code=office.consent(person))
    assert done.status_code == 200, done.text
    session = await redeemed(gate, way.key, done.json()["code"])
    assert session.status_code == 201, session.text
    return gate.another_client(Authorization=f"Bearer {session.json()['secret']}")


async def proven(
    gate: RunningGateway, office: StateOffice, parent: httpx2.AsyncClient, person: Identity
) -> httpx2.Response:
    """Prove that a person owns the account of a session."""
    way = await to_prove(gate, parent)
    return await way.back(code=office.consent(person))
