"""Who asks, as far as an address tells."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection
from starlette.types import Scope

_NETWORK_BITS = 64
"""What one subscriber has of IPv6: whoever counts by single addresses counts nothing."""


def client_of(request: HTTPConnection) -> str:
    """Return the address a request comes from as the server tells it; of IPv6, the subscriber's network."""
    return address_of(request.scope)


def network_of(client: str) -> str | None:
    """Return the network an address is in, wide enough to tell no household; None for what is no address."""
    try:
        address = ip_address(client.partition("/")[0])
    except ValueError:
        return None
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def address_of(scope: Scope) -> str:
    """Return the same of an ASGI scope."""
    client = scope.get("client")
    host: str = client[0] if client else "unknown"
    if ":" not in host:
        return host
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> _NETWORK_BITS << _NETWORK_BITS)}/{_NETWORK_BITS}"
