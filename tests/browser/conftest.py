"""A real browser in front of running servers: the sandbox, the gateway, and Debian's Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import httpx2
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    async_playwright,
    expect,
)
from tests.browser.stack import PASSWORD, Stack, Town, a_stack, a_town

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE: Final = {"width": 390, "height": 844}
DESKTOP: Final = {"width": 1280, "height": 800}
PATIENCE_MS: Final = 20_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
"""Root may not use Chromium's own sandbox, and nothing of it may look for the network."""
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Generator[Town]:
    """Run the sandbox for every test of this folder."""
    with a_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture(scope="session")
def gateway(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """Run one gateway for every test of this folder."""
    stack = a_stack(town, tmp_path_factory.mktemp("gateway"))
    with stack.served():
        yield stack


@pytest.fixture
def stack(gateway: Stack) -> Stack:
    """The running servers, the town as if nobody had been there before."""
    gateway.town.freshen()
    return gateway


@pytest.fixture
def second_factor(stack: Stack) -> None:
    """Have Gosuslugi ask everyone for a one-time code."""
    stack.town.order("faults", kind="second_factor")


@dataclass
class Family:
    """The parents of one test; their accounts are erased at its end."""

    url: str
    opened: AsyncExitStack
    parents: list[httpx2.AsyncClient] = field(default_factory=list[httpx2.AsyncClient])

    async def client(self, secret: str | None = None) -> httpx2.AsyncClient:
        """Return a parent's script: with the secret of a session, or one that has not signed in."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else None
        client = httpx2.AsyncClient(
            base_url=self.url,
            headers=headers,
            timeout=30,
            verify=False,  # there is no https here, and reading the certificates takes longer than the call
        )
        await self.opened.enter_async_context(client)
        if secret:
            self.parents.append(client)
        return client

    async def parent(self) -> httpx2.AsyncClient:
        """Make an account with a password, and sign in to it."""
        anyone = await self.client()
        who = {"email": f"olga{next(_NUMBERS)}@example.test", "password": PASSWORD}
        (await anyone.post("/v1/accounts", json=who)).raise_for_status()
        return await self.client((await anyone.post("/v1/sessions", json=who)).json()["secret"])


@pytest.fixture
async def family(stack: Stack) -> AsyncGenerator[Family]:
    """Nobody yet; whoever comes is erased at the end."""
    async with AsyncExitStack() as opened:
        family = Family(stack.url, opened)
        yield family
        for parent in family.parents:
            erased = await parent.delete("/v1/me")
            assert erased.is_success or erased.status_code == 401, erased.text  # two may hold one account


@pytest.fixture
async def parent(family: Family) -> httpx2.AsyncClient:
    """A parent's script, signed in to an account with a password."""
    return await family.parent()


@pytest.fixture(scope="session")
async def chromium() -> AsyncGenerator[Browser]:
    """Start Chromium; without one the tests say so."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield chromium
        finally:
            await chromium.close()


@dataclass
class Watch:
    """What the browsers of one test have asked for, and what they have complained of."""

    gateway: str
    asked: list[str] = field(default_factory=list[str])
    broken: list[str] = field(default_factory=list[str])

    def over(self, browser: BrowserContext) -> None:
        """Watch a browser from now on."""
        browser.on("request", self._request)
        browser.on("console", self._console)
        browser.on("weberror", self._error)

    def leave(self, browser: BrowserContext) -> None:
        """Watch it no longer."""
        browser.remove_listener("request", self._request)
        browser.remove_listener("console", self._console)
        browser.remove_listener("weberror", self._error)

    @property
    def ours(self) -> list[str]:
        """The gateway's own addresses, without what a diary or Gosuslugi has put into the way back."""
        found = [url for url in self.asked if url.startswith(self.gateway)]
        return [re.sub(r"(/v1/callback)\?.*", r"\1", url) for url in found]

    @property
    def strange(self) -> list[str]:
        """Addresses that are not of this machine."""
        return [url for url in self.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _error(self, error: WebError) -> None:
        self.broken.append(str(error.error))

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.broken.append(message.text)


OpenBrowser = Callable[[], Awaitable[BrowserContext]]


async def _opened(chromium: Browser, *, scripts: bool) -> BrowserContext:
    context = await chromium.new_context(
        viewport=PHONE,  # pyright: ignore[reportArgumentType]  two ints
        locale="ru-RU",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture(scope="session")
async def window(chromium: Browser) -> AsyncGenerator[Page]:
    """The window most tests walk in, one after the other: opening one takes longer than a walk."""
    async with await _opened(chromium, scripts=True) as context:
        yield await context.new_page()


@pytest.fixture
async def watch(stack: Stack) -> AsyncGenerator[Watch]:
    """Watch the browsers of a test: no page breaks its policy, comes from elsewhere, or tells in clear."""
    watch = Watch(stack.url)
    yield watch
    assert watch.broken == []
    assert watch.strange == []
    assert stack.leaks(*watch.ours) == []


@pytest.fixture
async def open_browser(chromium: Browser, watch: Watch) -> AsyncGenerator[OpenBrowser]:
    """Return a function that opens a browser of its own, the size of a phone; it runs no scripts."""
    async with AsyncExitStack() as opened:

        async def open_one() -> BrowserContext:
            context = await opened.enter_async_context(await _opened(chromium, scripts=False))
            watch.over(context)
            return context

        yield open_one


@pytest.fixture
async def page(window: Page, watch: Watch) -> AsyncGenerator[Page]:
    """A browser that knows nothing of the tests before: the window, with no cookie left in it."""
    await window.context.clear_cookies()
    watch.over(window.context)
    yield window
    watch.leave(window.context)
    await window.goto("about:blank")
