"""Where calls may go."""

from __future__ import annotations

from collections.abc import Iterable

import httpx2
from typing_extensions import override

from diary_core.errors import Misconfigured, PluginBroken
from diary_core.http.layer import Layer

Origin = tuple[str, str, int | None]
"""Scheme, host and port."""

_PORTS = {"http": 80, "https": 443}


class AllowList(Layer):
    """Lets calls go to the named origins only.

    The address is compared as it was parsed for connecting: scheme, host and port, all three equal.
    A `Host` header of another name and an address with user information are refused.

    Raises:
        PluginBroken: A plugin asked for another address.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, hosts: Iterable[str]) -> None:
        super().__init__(inner)
        self._origins = origins(hosts)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        if url.userinfo:
            raise PluginBroken("an address must not carry user information", field="url")
        if origin(url) not in self._origins:
            raise PluginBroken(f"{url.scheme} to {url.host}:{url.port} is not for this instance", field="url")
        if request.headers.get("host") != url.netloc.decode("ascii"):
            raise PluginBroken("the Host header names another host", field="host")
        return await self._inner.handle_async_request(request)


def origin(url: httpx2.URL) -> Origin:
    """Return the origin of an address, with the port that is meant when none is named."""
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme)


def origins(hosts: Iterable[str]) -> frozenset[Origin]:
    """Return the origins of base addresses.

    Raises:
        Misconfigured: One of them is no address of a web server.
    """
    return frozenset(_allowed(host) for host in hosts)


def _allowed(host: str) -> Origin:
    url = httpx2.URL(host)
    if url.scheme not in _PORTS or not url.host or url.userinfo:
        raise Misconfigured(f"{url.host!r} is no address of a web server", field="hosts")
    return origin(url)
