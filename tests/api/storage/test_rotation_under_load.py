"""Two gateways serve on while the key is changed under them, and while the change itself is killed."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from diary_api.cli.demo.processes import running as running_process
from diary_api.settings import Settings
from diary_api.storage.key_file import load
from tests.ports import free_ports

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]

WHO = {"email": "olga@example.org", "password": "three quiet sparrows"}
TOKENS = 60
"""Enough that sealing them anew takes a moment to be killed in."""


async def test_no_request_fails(settings: Settings, tmp_path: Path) -> None:
    """Reads and writes at two processes: none fails; the change is killed, taken up, and leaves one key."""
    environment = {
        "DIARY_DATABASE_URL": settings.database_url.get_secret_value(),
        "DIARY_KEY_FILE": str(settings.key_file),
        "DIARY_PLUGINS_OFF": '["mrko", "dnevnik_ru", "gosuslugi"]',
        "DIARY_REQUESTS_PER_S_OF_ACCOUNT": "0",
        "DIARY_REQUESTS_PER_S_OF_ADDRESS": "0",
        "DIARY_LOG_LEVEL": "warning",
    }
    first = free_ports(2)
    addresses = [f"http://127.0.0.1:{port}" for port in (first, first + 1)]
    with ExitStack() as servers:
        for address in addresses:
            port = address.rpartition(":")[2]
            serve = ["uvicorn", "--factory", "diary_api.app:from_environment", "--port", port]
            log = tmp_path / f"{port}.log"
            servers.enter_context(
                running_process(serve, ready_at=f"{address}/readyz", log=log, environment=environment)
            )
        secret, child_id = await family(addresses[0])
        before = load(settings.key_file).keys[0].id
        over, failed, counted = asyncio.Event(), list[str](), itertools.count()
        load_on = [
            asyncio.create_task(ask(address, secret, child_id, over, failed, counted))
            for address in addresses * 2
        ]
        killed = rotate(environment)
        while len(load(settings.key_file).keys) == 1:  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        killed.send_signal(signal.SIGKILL)
        await asyncio.to_thread(killed.wait)
        assert len(load(settings.key_file).keys) == 2
        again = rotate(environment)
        assert await asyncio.to_thread(again.wait) == 0
        await asyncio.sleep(0.5)
        over.set()
        await asyncio.gather(*load_on)
    assert failed == []
    assert next(counted) > 50
    (left,) = load(settings.key_file).keys
    assert left.id != before


def rotate(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "diary_api", "keys", "rotate", "--settle", "2"]
    return subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


async def family(address: str) -> tuple[str, str]:
    """Make an account with a linked diary and many tokens; return the session's secret and a child."""
    async with httpx2.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        assert (await client.post("/v1/accounts", json=WHO)).status_code == 201
        secret = (await client.post("/v1/sessions", json=WHO)).json()["secret"]
        client.headers["Authorization"] = f"Bearer {secret}"
        link: Any = (await client.post("/v1/connections", json={"region": "77", "method": "password"})).json()
        filled = {"values": {"login": "parent", "password": "example"}}
        assert (await client.post(f"/v1/connections/{link['id']}/steps", json=filled)).status_code == 200
        for _ in range(TOKENS):
            made = await client.post("/v1/tokens", json={"name": "Кухня", "scopes": ["diary:read"]})
            assert made.status_code == 201
        return secret, (await client.get("/v1/children")).json()["items"][0]["id"]


async def ask(
    address: str, secret: str, child_id: str, over: asyncio.Event, failed: list[str], counted: Any
) -> None:
    """Ask and write what is sealed, again and again, and note what fails."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(base_url=address, headers=headers, trust_env=False, timeout=30) as client:
        while not over.is_set():
            for method, path in (
                ("GET", "/v1/me"),
                ("GET", f"/v1/children/{child_id}/week"),
                ("POST", "/v1/tokens"),
                ("GET", "/v1/tokens"),
            ):
                body = {"name": "Кухня", "scopes": ["diary:read"]} if method == "POST" else None
                answer = await client.request(method, path, json=body)
                next(counted)
                if not answer.is_success:
                    failed.append(f"{method} {path}: {answer.status_code} {answer.text}")
