"""What is written reaches the client whole and in order, and in a crowd in few pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest
import uvloop

from diary_api.serving.cork import Corked

pytestmark = pytest.mark.anyio

ALONE, CROWD = ("one",), ("one", "another")


class Wire:
    """A transport that notes what is done to it."""

    def __init__(self) -> None:
        self.seen: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        """Note what is sent."""
        self.seen.append(data)

    def close(self) -> None:
        """Note the end."""
        self.seen.append("closed")

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return "closed" in self.seen


def corked(under_way: Sequence[str]) -> tuple[Corked, Wire]:
    """Return a transport and what lies behind it."""
    wire = Wire()
    return Corked(cast("asyncio.Transport", wire), asyncio.get_running_loop(), under_way), wire


async def test_alone_nothing_waits() -> None:
    """A single client is answered at once."""
    transport, wire = corked(ALONE)
    transport.write(b"head")
    transport.write(b"body")
    assert wire.seen == [b"head", b"body"]


async def test_in_a_crowd_an_answer_is_one_piece() -> None:
    """It leaves when the turn is over, without anybody asking for it."""
    transport, wire = corked(CROWD)
    transport.write(b"head")
    transport.write(b"body")
    assert wire.seen == []
    await asyncio.sleep(0)
    transport.write(b"next")
    await asyncio.sleep(0)
    assert wire.seen == [b"headbody", b"next"]


async def test_nothing_overtakes_what_waits() -> None:
    """Also when the crowd has gone meanwhile."""
    crowd = list(CROWD)
    transport, wire = corked(crowd)
    transport.write(b"head")
    crowd.pop()
    transport.write(b"body")
    await asyncio.sleep(0)
    assert wire.seen == [b"headbody"]


async def test_the_end_comes_last() -> None:
    """Whatever waits is sent before the connection is closed."""
    transport, wire = corked(CROWD)
    transport.write(b"head")
    transport.close()
    await asyncio.sleep(0)
    assert wire.seen == [b"head", "closed"]
    assert transport.is_closing()


async def test_what_is_long_does_not_wait() -> None:
    """A body in pieces that are all there goes out as it comes, so that its writer hears when to pause."""
    transport, wire = corked(CROWD)
    for _ in range(10):
        transport.write(b"x" * 60_000)
    assert sum(map(len, wire.seen)) == 600_000
    transport.write(b"rest")
    await asyncio.sleep(0)
    assert wire.seen[-1] == b"rest"


def test_nothing_is_sent_after_the_end() -> None:
    """A client that leaves in the turn in which it is answered makes no fault of it."""
    faults: list[dict[str, Any]] = []

    class _Leaving(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.corked = Corked(cast("asyncio.Transport", transport), asyncio.get_running_loop(), CROWD)

        def data_received(self, data: bytes) -> None:
            self.corked.abort()
            self.corked.write(data)
            asyncio.get_running_loop().call_soon(self.corked.write, data)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, fault: faults.append(fault))
        server = await loop.create_server(_Leaving, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
        writer.write(b"ask")
        assert await reader.read() == b""
        writer.close()
        server.close()

    uvloop.run(serve())
    assert faults == []
