"""Whoever does not finish a request is hung up on, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import httpx2
import pytest
import uvicorn
from tests.api.running import RunningGateway

from diary_api.serving.patience import PatientProtocol

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
    config = uvicorn.Config(
        gate.app,
        port=0,
        lifespan="off",
        http=_Hasty,
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


async def test_a_silence_between_two_requests_is_no_fault(port: int) -> None:
    """The clock runs while a request arrives, not while a connection waits for the next one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(0.8)
    writer.close()
