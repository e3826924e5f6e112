"""A town and a gateway configured for its Gosuslugi, all on sockets of their own."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import structlog
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import delete, select
from starlette.types import ASGIApp
from tests.api.identities.window import Window

from diary_api import logs
from diary_api.app import create_app
from diary_api.cli.demo.families import OPTIONS
from diary_api.gateway import Gateway
from diary_api.settings import Settings
from diary_api.storage.tables import AccountRow, SignInRow, Table, UpstreamCallsRow
from diary_core.http import DoorLimits
from diary_sandbox.esia.systems import GATEWAY, Systems, TokenAlgorithm
from diary_sandbox.serve import Sandbox, running_sandbox

PATIENT: Final = DoorLimits(failures_max=100_000, calls_per_s=10_000, calls_burst=10_000, retry_wait_s=0.01)
"""Never rests: one test's troubles are not the next one's."""
WHO: Final = {"email": "olga@example.org", "password": "three quiet sparrows"}
_PAUSE: Final = timedelta(minutes=16)
"""After this a gateway has forgotten who began how often."""


_BY_ITSELF: Final = frozenset({"look_at", "renew_at"})
"""Columns that background work writes in its own time."""


@dataclass(frozen=True)
class Door:
    """One way through Gosuslugi, and somebody who may take it."""

    name: str
    login: str
    """At Gosuslugi, before the `@`."""
    region: str | None = None
    """None: it is the gateway's own door."""
    method: str = "gosuslugi"
    button: str | None = None
    """Words to press on the diary's page."""


ENTER: Final = Door("enter", "region_mother")
PROVE: Final = Door("prove", "region_mother")
DNEVNIK: Final = Door("dnevnik", "dnevnik_mother", "53")
NODE: Final = Door("node", "region_mother", "50")
CITY: Final = Door("city", "moscow_mother", "77", "mos_ru", "Войти через Госуслуги")
BY_ADDRESS: Final = {"region": DNEVNIK.region, "method": "gosuslugi_address"}
"""What an app begins with, that brings the address the region's entry has ended on."""
DOORS: Final = (ENTER, CITY, DNEVNIK, NODE, PROVE)


@dataclass(frozen=True)
class Begun:
    """A sign-in that waits for its browser."""

    door: Door
    link: str
    key: str | None = None
    """Of the gateway's own door."""
    connection_id: str | None = None


@dataclass(frozen=True)
class Stack:
    """A town, a gateway configured for its Gosuslugi, and all the gateway logs."""

    sandbox: Sandbox
    url: str
    folder: Path
    log: io.StringIO
    told: Mapping[str, Any]  # as the control door tells it
    """What the sandbox publishes of its Gosuslugi."""
    algorithm: TokenAlgorithm
    """How ЕСИА signs tokens for the gateway."""
    app: FastAPI
    opened: AsyncExitStack
    """Closed with the stack."""
    answers: list[httpx2.Response] = field(default_factory=list[httpx2.Response])
    """Everything the gateway has answered to a client of ours."""

    @property
    def gateway(self) -> Gateway:
        """The gateway from inside, to look at what it keeps."""
        return self.app.state.gateway

    async def client(self, **headers: str) -> httpx2.AsyncClient:
        """Return a client of the gateway that shares nothing with another."""

        async def heard(response: httpx2.Response) -> None:
            self.answers.append(response)

        made = httpx2.AsyncClient(
            base_url=self.url,
            trust_env=False,
            verify=False,  # nothing here is encrypted, and reading the certificates takes a while
            timeout=30,
            headers=headers,
            event_hooks={"response": [heard]},
        )
        return await self.opened.enter_async_context(made)

    async def window(self) -> Window:
        """Open a browser window with no cookies."""
        window = await self.opened.enter_async_context(Window(self.url))

        async def heard(response: httpx2.Response) -> None:
            if str(response.url).startswith(self.url):
                self.answers.append(response)

        window.http.event_hooks = {"response": [heard]}
        return window

    async def parent(self, email: str = WHO["email"]) -> httpx2.AsyncClient:
        """Make an account with a password, and sign in to it."""
        client, who = await self.client(), {**WHO, "email": email}
        assert (await client.post("/v1/accounts", json=who)).status_code in {201, 409}
        return _signed_in(client, await client.post("/v1/sessions", json=who))

    async def begun(self, door: Door, parent: httpx2.AsyncClient | None = None) -> Begun:
        """Begin to go through a door."""
        client = parent or await self.client()
        if door is ENTER:
            made = (await client.post("/v1/sign-in/gosuslugi")).json()
            return Begun(door, made["step"]["url"], key=made["key"])
        if door is PROVE:
            answer = await client.post("/v1/me/identities", json={"provider": "gosuslugi"})
            return Begun(door, answer.json()["step"]["url"])
        body = {"region": door.region, "method": door.method}
        answer = await client.post("/v1/connections", json=body)
        assert answer.status_code == 201, answer.text
        return Begun(door, answer.json()["pending"]["step"]["url"], connection_id=answer.json()["id"])

    async def at_address(self, parent: httpx2.AsyncClient, login: str) -> tuple[dict[str, Any], str]:
        """Begin as an app does at Дневник.ру; return the connection and the address a browser ends on."""
        answer = await parent.post("/v1/connections", json=BY_ADDRESS)
        assert answer.status_code == 201, answer.text
        return answer.json(), await self.address(answer.json(), login)

    async def address(self, begun: Mapping[str, Any], login: str) -> str:  # as the API shows a connection
        """Go where a step that asks for an address says, and return the address a browser ends on."""
        entry = begun["pending"]["step"]["fields"][0]["hint"]["en"].split()[1].rstrip(",")
        end = f"{self.sandbox.url('login.dnevnik.ru')}/esia/auth?"
        return await (await self.window()).go(entry, login, stop_at=end)

    async def again(self, parent: httpx2.AsyncClient, connection_id: str, door: Door) -> Begun:
        """Begin to sign in anew to a diary that is linked already."""
        answer = await parent.post(f"/v1/connections/{connection_id}/sign-in", json={"method": door.method})
        assert answer.is_success, answer.text
        return Begun(door, answer.json()["pending"]["step"]["url"], connection_id=connection_id)

    async def arrived(self, begun: Begun, window: Window, **typed: str) -> str:
        """Walk to the callback, and return its address, not called yet."""
        return await window.go(begun.link, begun.door.login, button=begun.door.button, **typed)

    async def entered(self, login: str, window: Window | None = None) -> httpx2.AsyncClient:
        """Sign in to the gateway as a person of the town."""
        client, own = await self.client(), window or await self.window()
        begun = await self.begun(ENTER, client)
        page = await own.back(await own.go(begun.link, login))
        shown = re.search(r'id="code">([^<]+)<', page.text)
        assert shown, page.text
        session = await client.post(
            "/v1/sign-in/gosuslugi/session", json={"key": begun.key, "code": shown[1]}
        )
        return _signed_in(client, session)

    async def linked(
        self, parent: httpx2.AsyncClient, door: Door, window: Window | None = None, **typed: str
    ) -> dict[str, Any]:
        """Go all the way through a diary's door, and return the connection as it then is."""
        begun, own = await self.begun(door, parent), window or await self.window()
        await own.back(await self.arrived(begun, own, **typed))
        return await self.connection(parent, begun)

    async def connection(self, parent: httpx2.AsyncClient, begun: Begun) -> dict[str, Any]:
        """Return a connection as it is now."""
        return (await parent.get(f"/v1/connections/{begun.connection_id}")).json()

    async def control(self, path: str, **body: object) -> dict[str, Any]:
        """Change something of ЕСИА through the control door."""
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.sandbox.control_url}/_sandbox/esia/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def kept(self, begun_id: str | None = None) -> dict[str, list[dict[str, Any]]]:  # as stored
        """Return all that is stored by table, without sign-ins and the connection that one is to open."""
        found: dict[str, list[dict[str, Any]]] = {}
        async with self.gateway.storage.reading() as session:
            for table in Table.metadata.sorted_tables:
                if table.name == UpstreamCallsRow.__tablename__:
                    continue  # what was asked of a diary is counted, whatever came of it
                columns = [column for column in table.columns if column.name not in _BY_ITSELF]
                found[table.name] = [
                    dict(row) for row in (await session.execute(select(*columns))).mappings()
                ]
        assert [row for row in found.pop(SignInRow.__tablename__) if row["phase"] == "taken"] == []
        mine = [row for row in found["connections"] if row["id"] == begun_id]
        assert [row for row in mine if row["credentials_sealed"] or row["state"] != "awaiting_user"] == []
        found["connections"] = [row for row in found["connections"] if row not in mine]
        return found

    def to_mend(self) -> list[dict[str, Any]]:  # as logged
        """Return what the log has for the operator, oldest first."""
        lines = [line for line in self.log.getvalue().splitlines() if "to be mended" in line]
        return [json.loads(line) for line in lines]

    async def forget(self) -> None:
        """Erase every account, end every trouble, and let a quarter of an hour pass."""
        async with self.gateway.storage.writing() as session:
            await session.execute(delete(SignInRow))
            await session.execute(delete(AccountRow))
        self.answers.clear()
        self.sandbox.faults.clear()
        self.sandbox.clock.advance(_PAUSE)
        self.end_sessions()

    def end_sessions(self) -> None:
        """Have every server of the town forget who is signed in, and every token."""
        self.sandbox.state.store.clear()
        _choose(self.sandbox, self.algorithm)


@asynccontextmanager
async def running_stack(
    folder: Path, *, algorithm: TokenAlgorithm = TokenAlgorithm.GOST, limits: DoorLimits = PATIENT
) -> AsyncGenerator[Stack]:
    """Run a town and a gateway in front of it.

    Args:
        folder: For the database, the keys and ЕСИА's files.
        algorithm: How ЕСИА signs tokens for the gateway; RS256 costs the tests half the time.
        limits: Of the gateway's way out.
    """
    async with (
        running_sandbox(families=12) as sandbox,
        stack_on(sandbox, folder, algorithm=algorithm, limits=limits) as stack,
    ):
        yield stack


@asynccontextmanager
async def stack_on(
    sandbox: Sandbox,
    folder: Path,
    *,
    algorithm: TokenAlgorithm,
    limits: DoorLimits = PATIENT,
    moved: Mapping[str, str] | None = None,
) -> AsyncGenerator[Stack]:
    """Run a gateway in front of a town, some of whose hosts may stand elsewhere for it."""
    _choose(sandbox, algorithm)
    async with httpx2.AsyncClient(trust_env=False) as http:
        told = (await http.get(f"{sandbox.control_url}/_sandbox/esia")).json()
    log, root = io.StringIO(), logging.getLogger()
    before = (root.handlers[:], root.level)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = _settings(folder, url, sandbox, told).model_copy(
            update={"upstream": limits, "upstream_hosts": dict(moved or {})}
        )
        logs.configure(settings, log)
        app = create_app(settings, clock=sandbox.clock.now)
        try:
            async with serving(app, listener), AsyncExitStack() as opened:
                # the real hashing costs a tenth of a second; one test of its own pays it
                object.__setattr__(app.state.gateway.accounts.passwords, "_hasher", PasswordHasher(1, 8, 1))
                yield Stack(sandbox, url, folder, log, told, algorithm, app, opened)
        finally:
            root.handlers[:], root.level = before
            structlog.reset_defaults()


def _signed_in(client: httpx2.AsyncClient, session: httpx2.Response) -> httpx2.AsyncClient:
    assert session.status_code == 201, session.text
    client.headers["Authorization"] = f"Bearer {session.json()['secret']}"
    return client


def _choose(sandbox: Sandbox, algorithm: TokenAlgorithm) -> None:
    """Have ЕСИА sign the gateway's tokens by an algorithm."""
    systems = Systems(sandbox.state)
    system = systems.find(GATEWAY)
    assert system
    systems.register(replace(system, algorithm=algorithm))


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncGenerator[None]:
    """Serve an application on a bound socket."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    task = asyncio.create_task(server.serve([listener]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        await task


def _settings(folder: Path, url: str, sandbox: Sandbox, told: Mapping[str, Any]) -> Settings:
    options: dict[str, dict[str, SecretStr]] = {}
    for name, value in OPTIONS.items():
        _, plugin, option = name.split("__")
        options.setdefault(plugin, {})[option] = SecretStr(value)
    options["gosuslugi"] = {name: SecretStr(told[name]) for name in ("client_id", "token_algorithm")}
    for option, name in (
        ("key_file", "key"),
        ("certificate_file", "certificate"),
        ("trusted_certificates", "trusted_certificates"),
    ):
        (folder / name).write_text(told[name])
        (folder / name).chmod(0o600)
        options["gosuslugi"][option] = SecretStr(str(folder / name))
    return Settings(
        database_url=SecretStr(f"sqlite+aiosqlite:///{folder}/diary.db"),
        key_file=folder / "diary.keys",
        public_url=url,
        sandbox_url=sandbox.control_url,
        options=options,
        log_level="debug",
    )
