"""The plugin in front of the sandbox, and a parent's browser that walks its sign-in pages."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx2
from bs4 import BeautifulSoup
from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.http import DoorLimits, open_client
from diary_core.model import Enrolment
from diary_core.provider import Channel, Instance
from diary_core.sign_in import Callback, Redirect, Reply, SignedIn, Step
from diary_core.testing import MemoryStore, open_diary
from diary_mrko import sudir
from diary_mrko.diary import MrkoDiary
from diary_mrko.legacy.diary import MrkoLegacyDiary
from diary_mrko.provider import MrkoProvider
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.serve import Sandbox, running_sandbox

CALLBACK: Final = Callback(url="http://127.0.0.1:9/v1/callback", state="5d1c2f0e-0000-4000-8000-000000000001")
OPTIONS: Final = {
    "initial_token": SecretStr("SANDBOX-INITIAL-TOKEN"),
    "software_statement": SecretStr("e30.e30.c2ln"),
}
_LIMITS: Final = DoorLimits(calls_per_s=10_000, calls_burst=10_000, failures_max=1_000, hold_max_s=1e-6)


@dataclass
class Town:
    """A running sandbox with the plugin pointed at it."""

    sandbox: Sandbox
    provider: MrkoProvider
    http: httpx2.AsyncClient

    def now(self) -> datetime:
        """Return the present moment in the town."""
        return self.sandbox.clock.now()

    def instance(self, slug: str = "moscow") -> Instance:
        """Return a server where the sandbox stands for it."""
        return self.provider.instance(slug).at(self.sandbox.hosts)

    def channel(self, slug: str = "moscow", options: Mapping[str, SecretStr] = OPTIONS) -> Channel:
        """Return everything the provider may use."""
        return Channel(instance=self.instance(slug), http=self.http, now=self.now, options=options)

    def fail(self, kind: FaultKind, path: str = "*", **more: object) -> None:
        """Break something on purpose."""
        self.sandbox.faults.add(Fault(kind, path=path, **more))  # pyright: ignore[reportArgumentType]  as `Fault` takes them

    def asked(self, host: str) -> Mapping[str, int]:
        """Return how often each path of a host was asked for."""
        return self.sandbox.state.requests.get(host, {})

    async def go_through(
        self, method: str, login: str, password: str, *, slug: str = "moscow", button: str | None = None
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Begin a redirect, sign in on its pages, and return what was carried and the callback's query."""
        step = await self.provider.begin(self.channel(slug), method, CALLBACK)
        assert isinstance(step, Redirect)
        return step.carry, await walk(step.url, login, password, button=button)

    async def sign_in(
        self,
        method: str = "mos_ru",
        login: str = "moscow",
        password: str = "sandbox-mos",
        slug: str = "moscow",
    ) -> Step:
        """Sign in from the first step to the one after the callback."""
        name = f"{login}@example.test" if method == "mos_ru" else login
        carry, query = await self.go_through(method, name, password, slug=slug)
        return await self.provider.answer(self.channel(slug), method, carry, Reply(values=query))

    async def credentials(self, login: str = "moscow") -> Credentials:
        """Return the credentials of a Moscow parent."""
        step = await self.sign_in(login=login)
        assert isinstance(step, SignedIn)
        return step.credentials

    async def allow(self, client_id: str, proof: sudir.Proof) -> Mapping[str, str]:
        """Sign in on the city's page for an app installation, and return the callback's query."""
        url = sudir.authorize_url(
            self.channel(), client_id, redirect_uri=CALLBACK.url, state=CALLBACK.state, proof=proof
        )
        return await walk(url, "moscow@example.test", "sandbox-mos")

    def open(self, credentials: Credentials, *, slug: str = "moscow") -> tuple[MrkoDiary, MemoryStore]:
        """Open the full diary, with the store its credentials are kept in."""
        store = MemoryStore(credentials)
        diary = open_diary(
            self.provider, self.instance(slug), "mos_ru", store, http=self.http, now=self.now, options=OPTIONS
        )
        assert isinstance(diary, MrkoDiary)
        return diary, store

    def open_legacy(self, credentials: Credentials) -> tuple[MrkoLegacyDiary, MemoryStore]:
        """Open the diary behind an МРКО account."""
        store = MemoryStore(credentials)
        diary = open_diary(self.provider, self.instance(), "mrko", store, http=self.http, now=self.now)
        assert isinstance(diary, MrkoLegacyDiary)
        return diary, store

    async def first_child(self, login: str = "moscow") -> tuple[MrkoDiary, Enrolment]:
        """Return a fresh diary of a parent, and its first child."""
        diary, store = self.open(await self.credentials(login))
        child = (await diary.enrolments()).items[0]
        fresh, _ = self.open(store.credentials)
        return fresh, child


@asynccontextmanager
async def running_town(now: datetime | None = None) -> AsyncGenerator[Town]:
    """Run the sandbox with the plugin in front of it."""
    async with running_sandbox(now=now) as sandbox:
        http = open_client(sandbox.hosts.values(), limits=_LIMITS, name="mrko/test", sleep=_at_once)
        async with http:
            yield Town(sandbox, MrkoProvider(), http)


async def _at_once(seconds: float) -> None:
    del seconds


async def walk(url: str, login: str, password: str, *, button: str | None = None) -> Mapping[str, str]:
    """Open a sign-in page, fill in its forms, and return the query the browser is sent back with.

    Args:
        url: Where to start.
        login: To type.
        password: To type.
        button: Words of a link to follow, once, before any form is filled in.

    Raises:
        AssertionError: A page says no, in its own words.
    """
    async with httpx2.AsyncClient(trust_env=False) as browser:
        response = await browser.get(url)
        for _ in range(12):
            if response.is_redirect:
                target = response.url.join(response.headers["location"])
                if str(target).startswith(CALLBACK.url):
                    return dict(target.params)
                response = await browser.get(target)
                continue
            if button is not None:
                link = BeautifulSoup(response.text, "html.parser").find("a", string=button)
                assert link is not None, response.text
                response, button = await browser.get(response.url.join(str(link["href"]))), None
                continue
            response = await browser.send(_filled(browser, response, login, password))
    raise AssertionError("the pages lead nowhere")


def _filled(
    browser: httpx2.AsyncClient, response: httpx2.Response, login: str, password: str
) -> httpx2.Request:
    page = BeautifulSoup(response.text, "html.parser")
    form, error = page.select_one("form[method=post]"), page.select_one("blockquote, .error")
    if form is None or (error is not None and error.get_text(strip=True)):
        raise AssertionError(page.get_text(" ", strip=True))
    known = {"login": login, "password": password}
    code = page.select_one("#sandbox-code")
    typed = code.get_text() if code else ""
    data = {
        str(field["name"]): known.get(str(field["name"])) or str(field.get("value") or typed)
        for field in form.select("input[name]")
    }
    if button := form.select_one("button[name]"):
        data[str(button["name"])] = str(button["value"])
    action = response.url.join(str(form.get("action") or ""))
    return browser.build_request("POST", action, data=data)
