"""Taking an answer in."""

from __future__ import annotations

import httpx2
from typing_extensions import override

from diary_core.errors import AttachmentTooLarge, RegionBusy, RegionChanged
from diary_core.http.flow import Flow
from diary_core.http.layer import ATTEMPTS, STREAMED, Attempts, Layer, flows
from diary_core.http.limits import DoorLimits
from diary_core.http.trouble import translated

_OURS = frozenset({STREAMED, ATTEMPTS})
"""Extensions that outlive an attempt; a plugin's own are dropped."""


class Body(Layer):
    """Reads an answer whole and unpacked, stops at the cap, and names what went wrong on the wire.

    Being read here, a body is covered by every layer above: its time, its retries, its log line.
    Unpacking is done piece by piece by httpx2's own decoders, at most 1 MiB at once,
    so a small packed body that grows without end is dropped at the cap too.
    One packed more than once is not unpacked: what grows between two packings is met by no cap.
    A file is not read here: its body flows on, with a cap and a time of its own.

    Raises:
        RegionDown: The server cannot be reached, or dropped the connection before or within its answer.
        RegionSlow: It fell silent.
        RegionBusy: Every connection of ours is in use, or too many files are under way.
        RegionChanged: The answer is too large, or packed wrongly.
        AttachmentTooLarge: A file is announced to be larger than a file may be.
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
        self._files = 0

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        ours = {name: request.extensions[name] for name in _OURS & request.extensions.keys()}
        request.extensions = {"timeout": self._timeout, **ours}
        attempts = request.extensions.get(ATTEMPTS)
        if isinstance(attempts, Attempts):
            attempts.made += 1
        with translated():
            response = await self._inner.handle_async_request(request)
            try:
                self._check_headers(response)
                if flows(request, response):
                    return self._flowing(response)
                body = await self._within_bounds(response)
            except BaseException:
                await response.aclose()
                raise
            await response.aclose()
        return _passed_on(response, httpx2.ByteStream(body))

    def _flowing(self, response: httpx2.Response) -> httpx2.Response:
        if self._files >= self._limits.files_at_once:
            raise RegionBusy("so many files of this diary are under way already")
        if _announced(response) > self._limits.file_bytes_max:
            raise AttachmentTooLarge(f"larger than {self._limits.file_bytes_max} bytes")
        self._files += 1
        return _passed_on(response, Flow(response, self._limits, self._file_closed))

    def _file_closed(self) -> None:
        self._files -= 1

    def _check_headers(self, response: httpx2.Response) -> None:
        headers = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        if headers > self._limits.header_bytes_max:
            raise RegionChanged(f"headers are larger than {self._limits.header_bytes_max} bytes")
        if response.headers.get("content-encoding", "").count(","):
            raise RegionChanged("the answer is packed more than once")

    async def _within_bounds(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if max(len(body), response.num_bytes_downloaded) > self._limits.body_bytes_max:
                raise RegionChanged(f"the answer is larger than {self._limits.body_bytes_max} bytes")
        return bytes(body)


def _announced(response: httpx2.Response) -> int:
    """Return the length of a body as announced; 0 when it is not, or not in digits."""
    told = response.headers.get("content-length", "")
    return int(told[:20]) if told.isascii() and told.isdigit() else 0


def _passed_on(response: httpx2.Response, body: httpx2.AsyncByteStream) -> httpx2.Response:
    """Return the answer with its body unpacked; headers that described its packing go."""
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
    return httpx2.Response(response.status_code, headers=headers, stream=body, extensions=kept)
