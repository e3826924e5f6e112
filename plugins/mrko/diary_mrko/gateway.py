"""The gateway in front of a node's services: one address, one set of headers, and a failure of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from httpx2 import AsyncClient, Response
from pydantic import TypeAdapter

from diary_core.errors import RegionDown
from diary_core.http import read

ShapeT = TypeVar("ShapeT")

_FAILURE: Final = 499
"""«Something went wrong», in plain text: the gateway's own trouble under a status of its own."""
_SECOND_CARRIER: Final = "Auth-Token"


class NodeGateway:
    """Calls on behalf of one signed-in adult.

    Args:
        http: Our own door.
        base: Address of the node.
        headers: Sent with every call.
    """

    def __init__(self, http: AsyncClient, base: str, headers: Mapping[str, str]) -> None:
        self.base = base
        self._http = http
        self.headers = dict(headers)

    def bearer_only(self) -> NodeGateway:
        """Return the gateway to services that refuse a second carrier of the token with 401."""
        headers = {name: value for name, value in self.headers.items() if name != _SECOND_CARRIER}
        return NodeGateway(self._http, self.base, headers)

    async def get(self, path: str, params: Mapping[str, str], shape: TypeAdapter[ShapeT]) -> ShapeT:
        """Read an answer; may raise what `diary_core.http.read` raises."""
        return read(await self.send("GET", path, params=params), shape)

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Response:
        """Make a call and return its answer, whatever its status.

        Args:
            method: Of HTTP.
            path: Of the service.
            params: The query.
            body: Sent as JSON, also with a DELETE.

        Raises:
            RegionDown: The gateway itself failed.
        """
        response = await self._http.request(
            method, self.base + path, params=params, json=body, headers=self.headers
        )
        if response.status_code == _FAILURE:
            raise RegionDown("the node's gateway failed")
        return response
