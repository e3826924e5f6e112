"""Real gateway processes on a socket they inherit, and clients that never pause."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2

_WITHIN_S = 100


@dataclass(frozen=True)
class Gateways:
    """Starts and ends processes that serve on one socket and one database."""

    url: str
    listening: socket.socket
    zygote: subprocess.Popen[str]
    door: socket.socket
    """Where each of them says that it serves."""

    async def start(self, *options: str) -> int:
        """Start one; return its number when it serves."""
        return await asyncio.to_thread(self._start, options)

    async def begun(self) -> None:
        """Wait until one more process serves."""
        await asyncio.to_thread(self._begun)

    async def stop(self, process: int) -> None:
        """Tell one to stop, and wait until it has."""
        os.kill(process, signal.SIGTERM)
        async with asyncio.timeout(_WITHIN_S):
            while _lives(process):  # noqa: ASYNC110  it is a child of another, nobody tells us
                await asyncio.sleep(0.05)

    def _start(self, options: tuple[str, ...]) -> int:
        assert self.zygote.stdin is not None
        assert self.zygote.stdout is not None
        line = " ".join(["serve", "--fd", str(self.listening.fileno()), *options])
        self.zygote.stdin.write(f"{line}\n")
        self.zygote.stdin.flush()
        process = int(self.zygote.stdout.readline())
        self._begun()
        return process

    def _begun(self) -> None:
        assert self.door.recv(100) == b"READY=1"


def _lives(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@contextmanager
def gateways(folder: Path) -> Generator[Gateways]:
    """Offer processes that share a database in a folder; whoever is left at the end is ended."""
    environment = {
        "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/diary.db",
        "DIARY_KEY_FILE": str(folder / "diary.keys"),
        "DIARY_DRAIN": "PT0.5S",
        "DIARY_REQUESTS_PER_S_OF_ACCOUNT": "0",
        "DIARY_REQUESTS_PER_S_OF_ADDRESS": "0",
        "DIARY_LOG_LEVEL": "warning",
        "NOTIFY_SOCKET": str(folder / "door"),
    }
    command = [sys.executable, "-m", "tests.api.zygote", str(folder / "log"), str(datetime.now(UTC))]
    with (
        closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as door,
        socket.create_server(("127.0.0.1", 0), backlog=512) as listening,
    ):
        door.bind(str(folder / "door"))
        door.settimeout(_WITHIN_S)
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[listening.fileno()],
            start_new_session=True,
            env={**os.environ, **environment},
        ) as zygote:
            try:
                yield Gateways(f"http://127.0.0.1:{listening.getsockname()[1]}", listening, zygote, door)
            finally:
                os.killpg(zygote.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Load:
    """What clients have met with."""

    met: Counter[str] = field(default_factory=Counter[str])
    """Answers by their status, failures by their name."""
    connections: Counter[str] = field(default_factory=Counter[str])
    """Answers by what became of their connection: `keep` or `close`."""

    @property
    def failed(self) -> Mapping[str, int]:
        """Return everything but good answers."""
        return {name: times for name, times in self.met.items() if name not in {"200", "201"}}

    async def answered(self, times: int) -> None:
        """Wait until so many more requests are answered."""
        until = self.met.total() + times
        while self.met.total() < until:  # noqa: ASYNC110  clients count, nobody tells
            await asyncio.sleep(0.02)

    async def client(self, url: str, number: int) -> None:
        """Ask over connections that are kept, again and again; read mostly, and write now and then."""
        limits = httpx2.Limits(max_connections=2, max_keepalive_connections=2)
        async with httpx2.AsyncClient(base_url=url, limits=limits, timeout=60, trust_env=False) as http:
            for turn in range(1_000_000):
                body = {"email": f"p{number}-{turn}@example.org", "password": "three quiet sparrows"}
                asked = http.get("/v1/regions/54") if turn % 20 else http.post("/v1/accounts", json=body)
                try:
                    answer = await asked
                except httpx2.HTTPError as error:
                    self.met[type(error).__name__] += 1
                else:
                    self.met[str(answer.status_code)] += 1
                    self.connections[answer.headers.get("connection", "keep")] += 1
                await asyncio.sleep(0.02)


@asynccontextmanager
async def under_load(url: str, clients: int) -> AsyncGenerator[Load]:
    """Ask without a pause for as long as the block lasts."""
    load = Load()
    tasks = [asyncio.create_task(load.client(url, number)) for number in range(clients)]
    try:
        yield load
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
