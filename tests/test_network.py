"""No test leaves the machine."""

from __future__ import annotations

import asyncio
import socket

import httpx2
import pytest

BLOCKED = (RuntimeError, UserWarning)
"""pytest-socket warns before it raises, and warnings are errors here."""


def test_other_machines_are_out_of_reach() -> None:
    """A connection to an address that is not loopback is refused before a packet is sent."""
    with socket.socket() as alone, pytest.raises(BLOCKED, match=r"192\.0\.2\.1"):
        alone.connect(("192.0.2.1", 443))


def test_names_are_not_looked_up() -> None:
    """Not even asked for."""
    with pytest.raises(BLOCKED, match=r"school\.example\.test"):
        socket.getaddrinfo("school.example.test", 443)


@pytest.mark.anyio
async def test_a_client_cannot_leave_either() -> None:
    """The way every real call would go."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        with pytest.raises(BLOCKED):
            await http.get("https://school.example.test")


@pytest.mark.anyio
async def test_loopback_is_reached() -> None:
    """Tests run against real servers there."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
