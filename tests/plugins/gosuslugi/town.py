"""The sandbox's ЕСИА, the gateway configured for it, and a person's browser."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import uuid4

import httpx2
from pydantic import SecretStr

from diary_core.http import DoorLimits, open_client
from diary_core.identity import Fact, Identity
from diary_core.provider import Channel
from diary_core.sign_in import Callback, Redirect, Reply
from diary_gosuslugi import GosuslugiIdentity
from diary_sandbox.hosts import HOSTS
from diary_sandbox.serve import Sandbox, running_sandbox

US: Final = "http://127.0.0.1:8000/v1/callback"
ALL: Final = frozenset(Fact)
QUICK: Final = DoorLimits(retry_wait_s=0.01, failures_max=1000, calls_per_s=1000, calls_burst=1000)
_HIDDEN: Final = re.compile(r'name="sign_in" value="([^"]+)"')
_CODE: Final = re.compile(r'id="sandbox-code">(\d+)<')


@dataclass(frozen=True)
class Town:
    """A running ЕСИА and the gateway's side of it."""

    sandbox: Sandbox
    http: httpx2.AsyncClient
    """The gateway's own door."""
    options: Mapping[str, SecretStr]
    """Of the system the sandbox has ready for a gateway."""

    def channel(self, **options: str) -> Channel:
        """The gateway's way to it, some options changed."""
        given = {**self.options, **{name: SecretStr(value) for name, value in options.items()}}
        instance = GosuslugiIdentity().instance(given)
        assert instance
        return Channel(instance.at(self.sandbox.hosts), self.http, self.sandbox.clock.now, given)

    async def walked(
        self,
        login: str = "moscow_mother",
        facts: Collection[Fact] = ALL,
        *,
        answer: str = "allow",
        **options: str,
    ) -> Identity:
        """Sign a person in, from the redirect to the identity."""
        provider, channel = GosuslugiIdentity(), self.channel(**options)
        redirect = await provider.begin(channel, Callback(url=US, state=str(uuid4())), facts)
        reply = await brought(redirect, login, answer=answer)
        return await provider.answer(channel, redirect.carry, reply)

    def trust(self, certificates: str) -> None:
        """Put other certificates where the gateway looks for ЕСИА's."""
        Path(self.options["trusted_certificates"].get_secret_value()).write_text(certificates)

    async def control(self, path: str, **body: object) -> dict[str, Any]:  # as the door answers
        """Change something through the control door."""
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.sandbox.control_url}/_sandbox/esia/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()


async def brought(redirect: Redirect, login: str = "moscow_mother", *, answer: str = "allow") -> Reply:
    """What a person's browser brings back: password, second factor and consent on the way."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        page = await _settled(browser, await browser.get(redirect.url))
        while not page.is_redirect:
            found = _HIDDEN.search(page.text)
            assert found, page.text
            form, where = {"sign_in": unescape(found[1])}, "/login"
            if code := _CODE.search(page.text):
                form["code"], where = code[1], "/login/code"
            elif 'name="password"' in page.text:
                form |= {"login": f"{login}@esia.test", "password": "sandbox-esia"}
            else:
                form["answer"], where = answer, "/login/consent"
            page = await _settled(browser, await browser.post(urljoin(str(page.url), where), data=form))
    return Reply(values=dict(parse_qsl(urlsplit(page.headers["location"]).query)))


@asynccontextmanager
async def a_town(folder: Path) -> AsyncGenerator[Town]:
    """Run ЕСИА alone, and write the files an operator would have."""
    hosts = [host for host in HOSTS if "esia.gosuslugi.ru" in host.names]
    async with running_sandbox(families=14, hosts=hosts) as sandbox:
        async with httpx2.AsyncClient(trust_env=False) as http:
            told = (await http.get(f"{sandbox.control_url}/_sandbox/esia")).json()
        options = {"client_id": SecretStr(told["client_id"])}
        for option, name in (
            ("key_file", "key"),
            ("certificate_file", "certificate"),
            ("trusted_certificates", "trusted_certificates"),
        ):
            (folder / name).write_text(told[name])
            options[option] = SecretStr(str(folder / name))
        (folder / "key").chmod(0o600)
        async with open_client([told["url"]], limits=QUICK, name="gosuslugi/sandbox") as door:
            yield Town(sandbox, door, options)


async def _settled(browser: httpx2.AsyncClient, answer: httpx2.Response) -> httpx2.Response:
    while answer.is_redirect and not answer.headers["location"].startswith(US):
        answer = await browser.get(urljoin(str(answer.url), answer.headers["location"]))
    return answer
