"""The way out does not lead in: a name that resolves into a private network is refused at once."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2
import pytest
from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream
from tests.ports import free_ports

from diary_core.errors import RegionDown
from diary_core.http import open_client
from diary_core.http.limits import DoorLimits
from diary_core.http.network import OutsideOnly, is_outside

pytestmark = pytest.mark.anyio


class Peer(AsyncNetworkStream):
    """A connection to some address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.closed = False

    def get_extra_info(self, info: str) -> Any:  # as the interface has it
        return (self.address, 443) if info == "server_addr" else None

    async def aclose(self) -> None:
        self.closed = True


class Resolver(AsyncNetworkBackend):
    """A network in which every name leads to one address."""

    def __init__(self, address: str) -> None:
        self.peer = Peer(address)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the shape of the interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        return self.peer


INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
]


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    """Loopback, private, link-local, shared and multicast addresses, also inside IPv6; nothing stays open."""
    network = Resolver(address)
    with pytest.raises(httpcore2.ConnectError):
        await OutsideOnly(frozenset({"moved.example"}), network).connect_tcp("school.mos.ru", 443)
    assert network.peer.closed
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2a02:6b8::2:242", "64:ff9b::5db8:d70e"])
async def test_a_name_that_leads_outside_is_connected_to(address: str) -> None:
    """Public addresses are what diaries have."""
    network = Resolver(address)
    assert await OutsideOnly(frozenset(), network).connect_tcp("school.mos.ru", 443) is network.peer
    assert not network.peer.closed


@pytest.mark.parametrize("host", ["moved.example", "127.0.0.1", "::1", "localhost"])
async def test_what_the_operator_has_named_stands_where_he_says(host: str) -> None:
    """A moved host may stand inside; so may an address that is named as it is."""
    network = Resolver("127.0.0.1")
    assert await OutsideOnly(frozenset({"moved.example"}), network).connect_tcp(host, 80) is network.peer


async def test_a_diary_whose_name_was_taken_over_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the whole door: a server on loopback behind a public name is never sent a request."""
    lookup = socket.getaddrinfo

    def taken_over(host: object, *args: Any, **kwargs: Any) -> Any:  # as socket.getaddrinfo
        return lookup("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", taken_over)
    port = free_ports(1)
    with socket.create_server(("127.0.0.1", port)) as server:
        server.settimeout(5)
        limits = DoorLimits(attempts_max=1)
        async with open_client([f"http://diary.example:{port}"], limits=limits, name="x") as client:
            with pytest.raises(RegionDown):
                await client.get(f"http://diary.example:{port}/secret", headers={"Authorization": "x"})
        taken, _ = server.accept()
        with taken:
            assert taken.recv(1) == b""
        moved = open_client(
            [f"http://diary.example:{port}"], limits=limits, name="x", inner=[f"http://diary.example:{port}"]
        )
        assert isinstance(moved, httpx2.AsyncClient)
        await moved.aclose()
