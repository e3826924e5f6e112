"""A gateway of the tests' own: a fresh database file, a clock that can be moved, a client over ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from diary_api.app import create_app
from diary_api.connections.states import State
from diary_api.gateway import Gateway
from diary_api.settings import Refreshing, Settings
from diary_api.storage.key_file import load_or_create
from diary_api.storage.tables import ConnectionRow
from diary_core.plugins import Plugins, load
from tests.api.databases import Database, by_default

PUBLIC_URL = "https://diary.example.org"
EMAIL, PASSWORD = "olga@example.org", "three quiet sparrows"
PASSWORDS = {"olga": "kestrel-9", "ivan": "heron-7"}
"""Of the tests' own diary system."""


@dataclass
class MovableClock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 9, 16, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass(frozen=True)
class LinkedFamily:
    """A parent with a linked diary."""

    parent: httpx2.AsyncClient
    connection_id: str
    child_ids: list[str]

    async def read(self, what: str, child: int = 0, /, **query: str) -> httpx2.Response:
        """Ask about one of the children."""
        return await self.parent.get(f"/v1/children/{self.child_ids[child]}/{what}", params=query)

    async def state(self) -> tuple[str, str | None]:
        """Return the state of the connection and the outcome of its last run."""
        shown = (await self.parent.get(f"/v1/connections/{self.connection_id}")).json()
        return shown["state"], shown["outcome"]


@dataclass(frozen=True)
class RunningGateway:
    """A gateway, and a stranger's client to it."""

    app: FastAPI
    gateway: Gateway
    clock: MovableClock
    client: httpx2.AsyncClient

    def another_client(self, **headers: str) -> httpx2.AsyncClient:
        """Return a client that shares nothing with the first one, cookies included."""
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app), base_url=PUBLIC_URL, headers=headers
        )

    async def parent(self, email: str = EMAIL) -> httpx2.AsyncClient:
        """Make an account and return a client that is signed in to it."""
        body = {"email": email, "password": PASSWORD}
        assert (await self.client.post("/v1/accounts", json=body)).status_code in {201, 409}
        session = (await self.client.post("/v1/sessions", json=body)).json()
        return self.another_client(Authorization=f"Bearer {session['secret']}")

    async def family(
        self,
        login: str = "olga",
        *,
        method: str = "password",
        email: str | None = None,
        region: str = "54",
    ) -> LinkedFamily:
        """Make an account and link the tests' own diary to it."""
        parent = await self.parent(email or f"{login}@example.org")
        connection = (await parent.post("/v1/connections", json={"region": region, "method": method})).json()
        filled = {"values": {"login": login, "password": PASSWORDS[login]}}
        answer = await parent.post(f"/v1/connections/{connection['id']}/steps", json=filled)
        assert answer.status_code == 200, answer.text
        children = (await parent.get("/v1/children")).json()["items"]
        return LinkedFamily(parent, connection["id"], [child["id"] for child in children])


@asynccontextmanager
async def on_a_socket(gate: RunningGateway) -> AsyncGenerator[str, None]:
    """Serve a running gateway over real HTTP too, and give its address: streams need one."""
    config = uvicorn.Config(gate.app, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await serving


@cache
def described_paths() -> Mapping[str, Any]:  # as JSON has it
    """Return the routes the description lists, by path; described once, for it takes a second."""
    return create_app(Settings(), plugins=load({})).openapi()["paths"]


def settings_for(folder: Path, database: Database | None = None, /, **changed: Any) -> Settings:
    """Return settings that touch nothing outside a folder, where an empty database waits with its keys."""
    keys = folder / "diary.keys"
    if not keys.exists():
        load_or_create(keys, datetime.now(UTC))
    given: dict[str, Any] = {
        "database_url": SecretStr((database or by_default)(folder)),
        "key_file": keys,
        "public_url": PUBLIC_URL,
        "requests_at_once": 1_000,  # tests ask more at once than parents do, and faster
        "requests_per_s_of_account": 0,
        "requests_per_s_of_address": 0,
        "refreshing": Refreshing(patience=timedelta(minutes=1)),  # whatever else the machine does
    }
    return Settings(**(given | changed))


@asynccontextmanager
async def running(
    settings: Settings, plugins: Plugins | None = None, clock: MovableClock | None = None
) -> AsyncGenerator[RunningGateway, None]:
    """Run a gateway in this loop; it lives and dies in one task of its own, as under a server."""
    moved = clock or MovableClock()
    app = create_app(settings, plugins=plugins, clock=moved)
    started, finished = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.router.lifespan_context(app):
            # the real hashing costs a tenth of a second; one test of its own pays it
            object.__setattr__(app.state.gateway.accounts.passwords, "_hasher", PasswordHasher(1, 8, 1))
            started.set()
            await finished.wait()

    life = asyncio.create_task(live())
    try:
        await asyncio.wait({life, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            await life
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
            yield RunningGateway(app, app.state.gateway, moved, client)
    finally:
        finished.set()
        await life


async def look_into_everything(gateway: Gateway) -> None:
    """Look into every diary that can be read without its parent, as the gateway does by itself."""
    async with gateway.storage.reading() as session:
        links = (await session.scalars(select(ConnectionRow).order_by(ConnectionRow.account_id))).all()
    for link in links:
        if State(link.state) in {State.ACTIVE, State.DEGRADED}:
            await gateway.tasks.watch.look_into(link)
