"""A town with every persona, its two Дневник.ру servers over ASGI, and parents signed in to them."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import httpx2
import pytest

from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.dnevnik import API_HOST, LOGIN_HOST, build
from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.faults import FaultRegistry
from diary_sandbox.state import SandboxState, Store
from diary_sandbox.world import DNEVNIK_HOST, Child, LoginKind, Parent, World

Json = dict[str, Any]
"""A body as it came; tests pick it apart freely."""
PASSWORD = "sandbox-dnevnik"
ALL_SCOPES = "CommonInfo,EducationalInfo,FriendsAndRelatives,ContactInfo,Files"
_FAMILIES = 40


@dataclass
class SignedIn:
    """A parent with a token and a client that sends it."""

    client: httpx2.AsyncClient
    parent: Parent
    children: tuple[Child, ...]

    async def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of a v2 read that must succeed."""
        response = await self.client.get(f"/v2/{path}", params=query or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def get_dict(self, path: str, **query: Any) -> Json:
        """Return the JSON object of a v2 read that must succeed."""
        return cast("Json", await self.get(path, **query))

    async def get_list(self, path: str, **query: Any) -> list[Json]:
        """Return the JSON array of objects of a v2 read that must succeed."""
        return cast("list[Json]", await self.get(path, **query))

    async def refusal(self, path: str, method: str = "GET", **query: Any) -> tuple[int, str]:
        """Return status and type of a v2 call that must fail."""
        response = await self.client.request(method, f"/v2/{path}", params=query or None)
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["type"]


SignIn = Callable[..., Awaitable[SignedIn]]


def new_state(now: datetime) -> SandboxState:
    """Return a fresh sandbox at a moment; equal moments make equal sandboxes."""
    clock = Clock(now)
    world = World(seed=7, families=_FAMILIES, year=2026, clock=clock)
    return SandboxState(world, clock, FaultRegistry(7, time.monotonic), Store(7))


@pytest.fixture
def state() -> SandboxState:
    """A fresh sandbox on a Monday noon in November."""
    return new_state(datetime(2026, 11, 23, 12, 0, tzinfo=MOSCOW))


@pytest.fixture
async def api(state: SandboxState) -> AsyncIterator[httpx2.AsyncClient]:
    """The API, asked as a careful client does."""
    transport = httpx2.ASGITransport(build(state, API_HOST))
    headers = {"accept": "application/json"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://api.test", headers=headers) as client:
        yield client


@pytest.fixture
async def site(state: SandboxState) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser on the sign-in site."""
    transport = httpx2.ASGITransport(build(state, LOGIN_HOST))
    async with httpx2.AsyncClient(transport=transport, base_url="http://login.test") as client:
        yield client


def credentials(username: str = "obraztsova", password: str = PASSWORD, **more: str) -> dict[str, str]:
    """Return the body of the password grant."""
    body = {
        "client_id": GATEWAY.client_id,
        "client_secret": GATEWAY.secret,
        "username": username,
        "password": password,
        "scope": ALL_SCOPES,
    }
    return body | more


@asynccontextmanager
async def signing_in(state: SandboxState) -> AsyncGenerator[SignIn]:
    """Give a way to sign parents in by password; each gets a client of their own."""
    clients: list[httpx2.AsyncClient] = []

    async def signed_in(username: str = "obraztsova", scope: str = ALL_SCOPES) -> SignedIn:
        transport = httpx2.ASGITransport(build(state, API_HOST))
        client = httpx2.AsyncClient(
            transport=transport, base_url="http://api.test", headers={"accept": "application/json"}
        )
        clients.append(client)
        body = credentials(username, scope=scope)
        response = await client.post("/v2/authorizations/bycredentials", json=body)
        assert response.status_code == 200, response.text
        client.headers["Access-Token"] = response.json()["accessToken"]
        login = state.world.login(LoginKind.DNEVNIK, username)
        assert login is not None
        parent = state.world.parent(login.parent_id)
        return SignedIn(client, parent, state.world.children_of(parent.id, DNEVNIK_HOST))

    yield signed_in
    for client in clients:
        await client.aclose()


@pytest.fixture
async def sign_in(state: SandboxState) -> AsyncIterator[SignIn]:
    """Sign parents in by password."""
    async with signing_in(state) as signed_in:
        yield signed_in


@pytest.fixture
async def mother(sign_in: SignIn) -> SignedIn:
    """The mother of two children in one school."""
    return await sign_in("obraztsova")
