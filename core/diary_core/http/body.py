"""Taking an answer in."""

from __future__ import annotations

import httpx2
from typing_extensions import override

from diary_core.errors import DiaryError, RegionBusy, RegionChanged, RegionDown, RegionSlow
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits


class Body(Layer):
    """Reads an answer whole and unpacked, stops at the cap, and names what went wrong on the wire.

    Being read here, a body is covered by every layer above: its time, its retries, its log line.
    Unpacking is done piece by piece by httpx2's own decoders, at most 1 MiB at once,
    so a small packed body that grows without end is dropped at the cap too.

    Raises:
        RegionDown: The server cannot be reached, or dropped the connection before or within its answer.
        RegionSlow: It fell silent.
        RegionBusy: Every connection of ours is in use.
        RegionChanged: The answer is too large, or packed wrongly.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, limits: DoorLimits) -> None:
        super().__init__(inner)
        self._limits = limits
        self._timeout = httpx2.Timeout(
            connect=limits.connect_timeout_s,
            read=limits.read_timeout_s,
            write=limits.write_timeout_s,
            pool=limits.pool_timeout_s,
        ).as_dict()

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.extensions = {"timeout": self._timeout}
        try:
            response = await self._inner.handle_async_request(request)
            try:
                body = await self._within_bounds(response)
            finally:
                await response.aclose()
        except httpx2.DecodingError as error:
            raise RegionChanged("the answer is packed wrongly") from error
        except httpx2.TransportError as error:
            raise _trouble(error) from error
        return _unpacked(response, body)

    async def _within_bounds(self, response: httpx2.Response) -> bytes:
        headers = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        if headers > self._limits.header_bytes_max:
            raise RegionChanged(f"headers are larger than {self._limits.header_bytes_max} bytes")
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if max(len(body), response.num_bytes_downloaded) > self._limits.body_bytes_max:
                raise RegionChanged(f"the answer is larger than {self._limits.body_bytes_max} bytes")
        return bytes(body)


def _trouble(error: httpx2.TransportError) -> DiaryError:
    kind = type(error).__name__
    if isinstance(error, httpx2.PoolTimeout):
        return RegionBusy("every connection to this diary is in use")
    if isinstance(error, httpx2.TimeoutException) and not isinstance(error, httpx2.ConnectTimeout):
        return RegionSlow(f"the server fell silent: {kind}")
    return RegionDown(f"the connection failed: {kind}")


def _unpacked(response: httpx2.Response, body: bytes) -> httpx2.Response:
    """Return the answer with a body already read; headers that described its packing go."""
    headers = response.headers.copy()
    if "content-encoding" in headers:
        del headers["content-encoding"]
        headers.pop("content-length", None)
    headers.pop("transfer-encoding", None)
    kept = {
        name: response.extensions[name]
        for name in ("http_version", "reason_phrase")
        if name in response.extensions
    }
    return httpx2.Response(
        response.status_code, headers=headers, stream=httpx2.ByteStream(body), extensions=kept
    )
