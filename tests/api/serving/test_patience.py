"""Whoever does not finish a request is hung up on, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from tests.api.running import RunningGateway, running

from diary_api.serving.patience import PatientProtocol
from diary_api.settings import Settings

pytestmark = pytest.mark.anyio

NEVER_ENDING = (
    b"",
    b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Slow: ",
    b"POST /v1/accounts HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n{",
)


class _Hasty(PatientProtocol):
    patience_s = 0.5


@pytest.fixture
async def port(gate: RunningGateway) -> AsyncGenerator[int]:
    """Serve a gateway by a server that has little patience."""
    async with _served(gate, _Hasty) as port:
        yield port


@asynccontextmanager
async def _served(gate: RunningGateway, protocol: type[PatientProtocol]) -> AsyncGenerator[int]:
    config = uvicorn.Config(
        gate.app,
        port=0,
        lifespan="off",
        http=protocol,
        log_config=None,
        access_log=False,
        timeout_keep_alive=30,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


@pytest.mark.parametrize("begun", NEVER_ENDING, ids=["nothing", "half a head", "half a body"])
async def test_a_request_that_never_ends_is_not_waited_for(port: int, begun: bytes) -> None:
    """Many of them at once; whoever asks in between is answered."""
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
    for _, writer in slow:
        writer.write(begun)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.get("/healthz")).status_code == 200
        for reader, writer in slow:
            assert await asyncio.wait_for(reader.read(), 30) == b""
            writer.close()
        assert (await http.get("/healthz")).status_code == 200


async def test_bodies_that_do_not_come_keep_nobody_out(settings: Settings) -> None:
    """More of them than a process works on at once: none takes a place of those who have said all."""
    few = settings.model_copy(update={"requests_at_once": 2, "queue_patience": timedelta(seconds=0.2)})
    async with running(few) as gate, _served(gate, PatientProtocol) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        for _, writer in slow:
            writer.write(NEVER_ENDING[-1])
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            assert [(await http.get("/v1/regions")).status_code for _ in range(3)] == [200] * 3
        for _, writer in slow:
            writer.close()


async def test_a_proxy_by_a_unix_socket_is_believed(tmp_path: Path) -> None:
    """It is on this machine: else all its clients have one address, and one of them locks the others out."""
    seen: list[tuple[str, int]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        seen.append(scope["client"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(
        app, uds=str(tmp_path / "door"), lifespan="off", http=PatientProtocol, log_config=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    transport = httpx2.AsyncHTTPTransport(uds=str(tmp_path / "door"))
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as http:
        await http.get("/", headers={"X-Forwarded-For": "192.0.2.1, 198.51.100.7"})
        await http.get("/")
    server.should_exit = True
    await serving
    assert [host for host, _ in seen] == ["198.51.100.7", "127.0.0.1"]


async def test_a_silence_between_two_requests_is_no_fault(port: int) -> None:
    """The clock runs while a request arrives, not while a connection waits for the next one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(0.8)
    writer.close()


async def test_who_has_said_all_hears_the_answer(gate: RunningGateway) -> None:
    """A client that ends its half of the connection, as checks of health may, is answered in a crowd, too."""
    async with _served(gate, PatientProtocol) as port:
        _, slow = await asyncio.open_connection("127.0.0.1", port)
        slow.write(NEVER_ENDING[-1])
        for _ in range(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
            writer.write_eof()
            assert (await asyncio.wait_for(reader.read(), 30)).startswith(b"HTTP/1.1 200")
            writer.close()
        slow.close()


async def test_what_follows_a_body_without_an_end_is_refused(port: int) -> None:
    """Trailers and extensions of chunks are headers that come late: memory does not grow by them."""
    for endless in (b"0\r\nX-Endless: ", b"0\r\n" + b"X-More: x\r\n" * 3_000, b"1;endless="):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/accounts HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n" + endless)
        closed = asyncio.create_task(reader.read())
        for _ in range(40):
            await asyncio.sleep(0.01)
            writer.write(b"X-More: x\r\n" * 500 if b"More" in endless else b"x" * 5_000)
            if closed.done():
                break
        assert closed.done()
        writer.close()
        with suppress(ConnectionError):
            assert closed.result().startswith(b"HTTP/1.1 431")


TOO_LARGE = (
    b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Endless: " + b"x" * 300_000,
    b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Long: " + b"x" * 40_000 + b"\r\n\r\n",
    b"GET /" + b"x" * 300_000,
    b"GET /healthz HTTP/1.1\r\nHost: here\r\n" + b"X-More: x\r\n" * 150 + b"\r\n",
    b"POST /v1/accounts HTTP/1.1\r\nContent-Length: 9\r\n" + b"X-More: x\r\n" * 150 + b"\r\n{}{}{}{}{",
)


@pytest.mark.parametrize("head", TOO_LARGE, ids=["endless", "long", "address", "many", "many and a body"])
async def test_a_head_that_is_too_large_is_refused(port: int, head: bytes) -> None:
    """By one long header, by many, or by one that does not end: 431 and no more; others are answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    try:
        answer = await asyncio.wait_for(reader.read(), 30)
    except ConnectionResetError:  # it did not read to the end of what it had refused
        assert len(head) > 100_000
    else:
        assert answer.startswith(b"HTTP/1.1 431"), answer[:100]
    writer.close()
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        headers = {f"X-{number}": "x" * 100 for number in range(80)}
        assert (await http.get("/healthz", headers=headers)).status_code == 200
