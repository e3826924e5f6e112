"""The network, but for what is inside: a real diary's name must not lead into the operator's own network.

The peer of each connection is looked at once it stands and before a byte is sent, so it does not matter how
often a name is resolved, or to what: a private address behind a public name is a mistake, or DNS rebinding.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import cast

import httpcore2
import httpx2
import structlog
from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream
from typing_extensions import override

from diary_core.http.limits import DoorLimits

log = structlog.stdlib.get_logger()

_NAT64 = IPv6Network("64:ff9b::/96")
"""Source: RFC 6052."""


class Network(httpx2.AsyncHTTPTransport):
    """Connections of one instance."""

    def __init__(self, limits: DoorLimits, certificates: ssl.SSLContext, inner: Iterable[str]) -> None:
        super().__init__(verify=certificates)
        self._pool = httpcore2.AsyncConnectionPool(  # the transport passes no backend on
            ssl_context=certificates,
            max_connections=limits.calls_at_once + limits.files_at_once,
            max_keepalive_connections=limits.connections_idle_max,
            keepalive_expiry=limits.connection_idle_s,
            network_backend=OutsideOnly(frozenset(httpx2.URL(address).host for address in inner)),
        )


class OutsideOnly(AsyncNetworkBackend):
    """Connects to public addresses, and wherever the operator has said a host stands."""

    def __init__(self, inner: frozenset[str], backend: AsyncNetworkBackend | None = None) -> None:
        self._inner = inner
        anyio = cast("AsyncNetworkBackend", httpcore2.AnyIOBackend())  # where anyio lacks it is another class
        self._backend = backend or anyio

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        if host in self._inner or _is_literal(host):
            return stream
        peer: tuple[str, ...] | None = stream.get_extra_info("server_addr")
        if peer is not None and is_outside(peer[0]):
            return stream
        await stream.aclose()
        log.error("the name of a diary leads into a private network", host=host)
        raise httpcore2.ConnectError("the name leads into a private network")

    @override
    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


def is_outside(address: str) -> bool:
    """Tell whether an address is a public one; one of IPv4 inside one of IPv6 is taken out first."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found in _NAT64:
            found = IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast


def _is_literal(host: str) -> bool:
    """Tell whether a host is an address already: nobody can make it lead elsewhere."""
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
