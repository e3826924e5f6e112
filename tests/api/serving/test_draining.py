"""A server that is told to stop is left by everybody before it goes."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import uvicorn
from tests.api.running import RunningGateway

from diary_api.serving import sockets
from diary_api.serving.server import DrainingServer
from diary_core.errors import Misconfigured

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def a_signal_ends_the_server_alone() -> Generator[None]:
    """Let uvicorn hand the signal on, as it does at its end, without ending the tests."""
    before = signal.signal(signal.SIGTERM, _nothing)
    yield
    signal.signal(signal.SIGTERM, before)


def _nothing(*_: object) -> None: ...


@asynccontextmanager
async def draining(
    gate: RunningGateway, pause: timedelta
) -> AsyncGenerator[tuple[DrainingServer, str, asyncio.Task[None]]]:
    """Serve a gateway on a socket of its own; give its server, its address and the task that ends with it."""
    listening = sockets.at_address("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(gate.app, lifespan="off", log_config=None, access_log=False)
    config.timeout_graceful_shutdown = 5
    server = DrainingServer(config, pause)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield server, url, serving
    finally:
        server.should_exit = server.force_exit = True
        await serving


async def until_told(client: httpx2.AsyncClient) -> httpx2.Response:
    """Ask `readyz` until it is no longer ready."""
    while (answer := await client.get("/readyz")).status_code == 200:  # noqa: ASYNC110  that is what is asked
        await asyncio.sleep(0.02)
    return answer


async def test_it_answers_while_it_drains_and_wants_others_elsewhere(tiny: RunningGateway) -> None:
    """`readyz` says so, everything is still answered, and every answer closes its connection."""
    async with (
        draining(tiny, timedelta(seconds=30)) as (server, url, serving),
        httpx2.AsyncClient(base_url=url) as client,
    ):
        before = await client.get("/readyz")
        assert (before.status_code, before.headers.get("connection")) == (200, None)
        server.handle_exit(signal.SIGTERM, None)
        told = await until_told(client)
        assert (told.status_code, told.json()["status"]) == (503, "draining")
        answer = await client.get("/v1/regions/54")
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert not serving.done()


async def test_what_is_under_way_is_finished(tiny: RunningGateway) -> None:
    """A request whose body is still coming when the server ends is answered."""
    async with draining(tiny, timedelta(seconds=0.2)) as (server, url, serving):

        async def body() -> AsyncGenerator[bytes]:
            yield b'{"email": "olga@example.org", '
            server.handle_exit(signal.SIGTERM, None)
            await asyncio.sleep(0.6)  # longer than it drains
            yield b'"password": "three quiet sparrows"}'

        headers = {"Content-Type": "application/json"}
        async with httpx2.AsyncClient(base_url=url, headers=headers) as client:
            answer = await client.post("/v1/accounts", content=body())
        assert (answer.status_code, answer.headers["connection"]) == (201, "close")
        await serving


async def test_a_stream_ends_with_the_server_and_not_before(tiny: RunningGateway) -> None:
    """A follower keeps its stream while the server drains; then the stream ends whole."""
    parent = await tiny.parent()
    async with (
        draining(tiny, timedelta(seconds=0.3)) as (server, url, serving),
        httpx2.AsyncClient(base_url=url, headers=parent.headers) as client,
        client.stream("GET", "/v1/changes/stream") as stream,
    ):
        server.handle_exit(signal.SIGTERM, None)
        await until_told(client)
        assert [line async for line in stream.aiter_lines() if line.startswith("data")] == []
        await serving


async def test_an_interrupt_does_not_drain(tiny: RunningGateway) -> None:
    """Ctrl-C ends at once what would drain for a minute."""
    before = signal.signal(signal.SIGINT, _nothing)
    try:
        async with draining(tiny, timedelta(minutes=1)) as (server, _, serving):
            server.handle_exit(signal.SIGINT, None)
            await asyncio.wait_for(serving, 20)
    finally:
        signal.signal(signal.SIGINT, before)


def test_sockets_that_cannot_be_listened_on(tmp_path: Path) -> None:
    """A taken port, a file in the place of a socket, a number that is no socket: each is one sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Misconfigured, match="--port"):
        sockets.at_address("127.0.0.1", taken.getsockname()[1])
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(Misconfigured):
        sockets.in_file_system(file)
    assert file.read_text() == "mine"
    with file.open() as opened, pytest.raises(Misconfigured, match="no socket"):
        sockets.inherited(opened.fileno())


def test_a_unix_socket_outlives_nobody_who_listens(tmp_path: Path) -> None:
    """What a dead server left is replaced; a living one's is not."""
    path = tmp_path / "socket"
    sockets.in_file_system(path).close()
    with closing(sockets.in_file_system(path)) as living:
        living.listen()
        with pytest.raises(Misconfigured):
            sockets.in_file_system(path)
