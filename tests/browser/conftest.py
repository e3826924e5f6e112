"""A real browser in front of running servers: the sandbox, the gateway, and Debian's Chromium."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from diary_api.app import create_app
from diary_api.cli.demo.families import OPTIONS
from diary_api.settings import Settings
from diary_sandbox.serve import Sandbox, running_sandbox

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
TRUSTED = "trusted_certificates"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
"""Root may not use Chromium's own sandbox, and nothing of it may look for the network."""


@dataclass(frozen=True)
class Stack:
    """The running servers and a parent's key to the gateway."""

    sandbox: Sandbox
    url: str
    parent: httpx2.AsyncClient


@pytest.fixture
async def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Stack]:
    """Run the town and the gateway, and sign a parent in to the gateway."""
    for name, value in OPTIONS.items():
        monkeypatch.setenv(name, value)
    async with running_sandbox(year=None, running=True) as sandbox:
        for name, value in (await _gosuslugi(sandbox, tmp_path)).items():
            monkeypatch.setenv(f"DIARY_OPTIONS__gosuslugi__{name}", value)
        async with _served(sandbox, tmp_path) as stack:
            yield stack


async def _gosuslugi(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """Return how to be the client the sandbox's ЕСИА knows, its key and certificates put into files."""
    async with httpx2.AsyncClient(base_url=sandbox.control_url) as control:
        door = (await control.get("/_sandbox/esia")).json()
    files = {
        "key_file": "key",
        "certificate_file": "certificate",
        "trusted_certificates": "trusted_certificates",
    }
    for option, field in files.items():
        (folder / option).touch(mode=0o600)
        (folder / option).write_text(door[field], "ascii")
    paths = {option: str(folder / option) for option in files}
    return paths | {
        "client_id": door["client_id"],
        "issuer": door["issuer"],
        "token_algorithm": door["token_algorithm"],
    }


@asynccontextmanager
async def _served(sandbox: Sandbox, folder: Path) -> AsyncGenerator[Stack]:
    async with _gateway(sandbox, folder) as url, httpx2.AsyncClient(base_url=url) as parent:
        who = {"email": "olga@example.test", "password": "три тихих воробья у метро"}
        (await parent.post("/v1/accounts", json=who)).raise_for_status()
        session = (await parent.post("/v1/sessions", json=who)).json()
        parent.headers["Authorization"] = f"Bearer {session['secret']}"
        yield Stack(sandbox, url, parent)


@asynccontextmanager
async def _gateway(sandbox: Sandbox, folder: Path) -> AsyncGenerator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = Settings(
            database_url=f"sqlite+aiosqlite:///{folder}/diary.db",  # pyright: ignore[reportArgumentType]  read as one
            key_file=folder / "diary.keys",
            public_url=url,
            sandbox_url=sandbox.control_url,
        )
        server = uvicorn.Server(
            uvicorn.Config(create_app(settings), log_config=None, access_log=False, lifespan="on")
        )
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
            await asyncio.sleep(0.05)
        try:
            yield url
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    """Start Chromium; without one the test says so."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield chromium
        finally:
            await chromium.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncGenerator[Page]:
    """Open a window the size of a phone."""
    context = await browser.new_context(viewport=PHONE, locale="ru-RU")  # pyright: ignore[reportArgumentType]  two ints
    async with context:
        yield await context.new_page()
