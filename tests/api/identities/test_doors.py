"""The three doors of Gosuslugi, walked from page to page through the running sandbox."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import structlog
import uvicorn
from pydantic import SecretStr

from diary_api import logs
from diary_api.app import create_app
from diary_api.cli.demo.browser import Browser
from diary_api.cli.demo.families import OPTIONS
from diary_api.settings import Settings
from diary_sandbox.serve import Sandbox, running_sandbox

pytestmark = pytest.mark.anyio
NOVGOROD, MOSCOW_OBLAST = "53", "50"


@dataclass(frozen=True)
class Stack:
    """A town, a gateway configured for its Gosuslugi, and all the gateway logs."""

    sandbox: Sandbox
    url: str
    folder: Path
    log: io.StringIO
    told: dict[str, Any]
    """What the sandbox publishes of its Gosuslugi."""
    open: AsyncExitStack
    """Closed with the stack."""

    async def walk(self, link: str, login: str, **typed: str) -> str:
        """Go as a person from a link of the gateway until back at it; return the page shown there."""
        answers = {"login": f"{login}@esia.test", "password": "sandbox-esia", **typed}

        def walked() -> str:
            with Browser() as browser:
                return browser.walk(link, answers)

        return await asyncio.to_thread(walked)

    async def entered(self, login: str) -> httpx2.AsyncClient:
        """Sign in to the gateway as a person of the town."""
        client = await self.open.enter_async_context(
            httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=30)
        )
        begun = (await client.post("/v1/sign-in/gosuslugi")).json()
        page = await self.walk(begun["step"]["url"], login)
        shown = re.search(r'id="code">([^<]+)<', page)
        assert shown, page
        session = await client.post(
            "/v1/sign-in/gosuslugi/session", json={"key": begun["key"], "code": shown[1]}
        )
        assert session.status_code == 201, session.text
        client.headers["Authorization"] = f"Bearer {session.json()['secret']}"
        return client

    async def linked(self, parent: httpx2.AsyncClient, region: str, login: str) -> dict[str, Any]:
        """Link a region by Gosuslugi, and return the connection."""
        begun = await parent.post("/v1/connections", json={"region": region, "method": "gosuslugi"})
        assert begun.status_code == 201, begun.text
        await self.walk(begun.json()["pending"]["step"]["url"], login)
        return (await parent.get(f"/v1/connections/{begun.json()['id']}")).json()


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncGenerator[Stack]:
    """Run all of it on sockets of its own."""
    log = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    async with running_sandbox(families=20) as sandbox:
        async with httpx2.AsyncClient(trust_env=False) as http:
            told = (await http.get(f"{sandbox.control_url}/_sandbox/esia")).json()
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            settings = _settings(tmp_path, url, sandbox, told)
            logs.configure(settings, log)
            server = uvicorn.Server(
                uvicorn.Config(
                    create_app(settings, clock=sandbox.clock.now), log_config=None, access_log=False
                )
            )
            serving = asyncio.create_task(server.serve([listener]))
            while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
                await asyncio.sleep(0.05)
            try:
                async with AsyncExitStack() as opened:
                    yield Stack(sandbox, url, tmp_path, log, told, opened)
            finally:
                server.should_exit = True
                await serving
                root.handlers[:], root.level = before
                structlog.reset_defaults()


def _settings(folder: Path, url: str, sandbox: Sandbox, told: dict[str, Any]) -> Settings:
    options: dict[str, dict[str, SecretStr]] = {}
    for name, value in OPTIONS.items():
        _, plugin, option = name.split("__")
        options.setdefault(plugin, {})[option] = SecretStr(value)
    options["gosuslugi"] = {"client_id": SecretStr(told["client_id"])}
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


async def test_one_person_enters_and_links_a_node(stack: Stack) -> None:
    """Doors 1 and 3: the account is made, the node tells the СНИЛС, and the link is proven by it."""
    parent = await stack.entered("region_mother")
    me = (await parent.get("/v1/me")).json()
    assert [(one["provider"], one["level"]) for one in me["identities"]] == [("gosuslugi", "confirmed")]
    linked = await stack.linked(parent, MOSCOW_OBLAST, "region_mother")
    assert (linked["state"], linked["identity"]) == ("active", "proven")
    assert len((await parent.get("/v1/children")).json()["items"]) > 0


async def test_a_region_of_dnevnik_wants_its_login_once(stack: Stack) -> None:
    """Doors 1 and 2: its API tells no СНИЛС, so its own login proves the link; relinking keeps all."""
    parent = await stack.entered("dnevnik_mother")
    linked = await stack.linked(parent, NOVGOROD, "dnevnik_mother")
    assert linked["pending"]["step"]["step"] == "ask"
    steps = f"/v1/connections/{linked['id']}/steps"
    typed = {"values": {"login": "obraztsova", "password": "sandbox-dnevnik"}}
    done = (await parent.post(steps, json=typed)).json()
    assert (done["state"], done["identity"]) == ("active", "proven_by_login")
    children = (await parent.get("/v1/children")).json()["items"]
    again = (
        await parent.post(f"/v1/connections/{linked['id']}/sign-in", json={"method": "gosuslugi"})
    ).json()
    await stack.walk(again["pending"]["step"]["url"], "dnevnik_mother")
    shown = (await parent.get(f"/v1/connections/{linked['id']}")).json()
    assert (shown["state"], shown["pending"], shown["method"]) == ("active", None, "gosuslugi")
    assert (await parent.get("/v1/children")).json()["items"] == children


async def test_without_an_identity_gosuslugi_alone_links(stack: Stack) -> None:
    """A password account links a Дневник.ру region by its entry, with nothing more asked."""
    async with httpx2.AsyncClient(base_url=stack.url, trust_env=False, timeout=30) as parent:
        who = {"email": "olga@example.org", "password": "three quiet sparrows"}
        await parent.post("/v1/accounts", json=who)
        parent.headers["Authorization"] = (
            f"Bearer {(await parent.post('/v1/sessions', json=who)).json()['secret']}"
        )
        linked = await stack.linked(parent, NOVGOROD, "dnevnik_mother")
        assert (linked["state"], linked["identity"]) == ("active", "unproven")


async def test_a_stranger_at_the_nodes_door_is_refused(stack: Stack) -> None:
    """The mother's account does not take another person's diary."""
    parent = await stack.entered("moscow_mother")
    linked = await stack.linked(parent, MOSCOW_OBLAST, "region_mother")
    assert (linked["state"], linked["outcome"]) == ("awaiting_user", "identity_mismatch")


async def test_a_simplified_account_is_told_what_it_lacks(stack: Stack) -> None:
    """It signs in, but the diaries' doors of Gosuslugi are refused, with the reason."""
    parent = await stack.entered("simplified")
    assert [one["level"] for one in (await parent.get("/v1/me")).json()["identities"]] == ["simplified"]
    refused = await parent.post("/v1/connections", json={"region": NOVGOROD, "method": "gosuslugi"})
    assert (refused.status_code, refused.json()["code"]) == (409, "identity_too_weak")


async def test_a_decliner_gets_a_page_with_a_way_on(stack: Stack) -> None:
    """The page says that access was not given."""
    async with httpx2.AsyncClient(base_url=stack.url, trust_env=False, timeout=30) as client:
        begun = (await client.post("/v1/sign-in/gosuslugi")).json()
    page = await stack.walk(begun["step"]["url"], "trusted_nanny")
    assert "consent_refused" in page
    assert "Попробовать ещё раз" in page


async def test_an_app_brings_the_address_and_chooses(stack: Stack) -> None:
    """By address: two profiles of one person are shown, and the chosen one is linked."""
    async with httpx2.AsyncClient(base_url=stack.url, trust_env=False, timeout=30) as parent:
        who = {"email": "vera@example.org", "password": "three quiet sparrows"}
        await parent.post("/v1/accounts", json=who)
        parent.headers["Authorization"] = (
            f"Bearer {(await parent.post('/v1/sessions', json=who)).json()['secret']}"
        )
        begun = (
            await parent.post("/v1/connections", json={"region": NOVGOROD, "method": "gosuslugi_address"})
        ).json()
        entry = re.search(r"http\S+[^,\s]", begun["pending"]["step"]["fields"][0]["hint"]["en"])
        assert entry
        address = await _ended_on(entry[0], "two_profiles")
        steps = f"/v1/connections/{begun['id']}/steps"
        choice = (await parent.post(steps, json={"values": {"address": address}})).json()
        options = choice["pending"]["step"]["options"]
        assert len(options) == 2
        done = await parent.post(steps, json={"values": {"choice": options[1]["id"]}})
        assert done.json()["state"] == "active", done.text
        late = (
            await parent.post("/v1/connections", json={"region": NOVGOROD, "method": "gosuslugi_address"})
        ).json()
        used = await parent.post(f"/v1/connections/{late['id']}/steps", json={"values": {"address": address}})
        assert (used.status_code, used.json()["code"]) == (409, "sign_in_expired")


async def test_numbers_and_secrets_are_nowhere(stack: Stack) -> None:
    """After doors 1 and 3 no СНИЛС, name, subject, code or token stands in a log or in the database."""
    parent = await stack.entered("region_mother")
    await stack.linked(parent, MOSCOW_OBLAST, "region_mother")
    (person,) = [one for one in stack.told["accounts"] if one["login"] == "region_mother@esia.test"]
    last = person["name"].split()[0]
    digits = re.sub(r"\D", "", person["snils"])
    words = [person["snils"], digits, last, "eyJ", stack.told["key"].splitlines()[1]]
    files = [file.read_bytes() for file in stack.folder.iterdir() if file.name.startswith("diary.db")]
    found = [
        word for word in words for data in (*files, stack.log.getvalue().encode()) if word.encode() in data
    ]
    assert found == []
    assert str(person["oid"]).encode() not in b"".join(files)


async def _ended_on(entry: str, login: str) -> str:
    """Return the address a browser ends on that goes from an entry through Gosuslugi."""
    async with httpx2.AsyncClient(follow_redirects=True, trust_env=False, timeout=30) as browser:
        page = await browser.get(entry)
        for _ in range(4):
            if "taskId" in parse_qs(urlsplit(str(page.url)).query):
                break
            hidden = re.search(r'name="sign_in" value="([^"]+)"', page.text)
            assert hidden, page.text
            typed = {"login": f"{login}@esia.test", "password": "sandbox-esia"}
            where, form = (
                ("/login", typed)
                if 'name="password"' in page.text
                else (
                    "/login/consent",
                    {"answer": "allow"},
                )
            )
            page = await browser.post(str(page.url.join(where)), data={"sign_in": hidden[1], **form})
        return str(page.url)
