"""A load generator that costs little itself: prepared requests over kept connections, on one loop.

It speaks just enough HTTP/1.1 for servers that tell the length of what they send.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from typing_extensions import override

from benchmarks.rounds import percentile


def asking(
    method: str, target: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """Return a request as it goes over the wire."""
    told = {"Host": "127.0.0.1", **(headers or {})}
    if body is not None:
        told |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")


@dataclass(frozen=True)
class Got:
    """One answer."""

    status: int
    head: bytes
    body: bytes
    took_s: float
    """From the request's first byte to the answer's last one."""

    def header(self, name: str) -> str | None:
        """Return a header; None when there is none."""
        mark = b"\r\n" + name.lower().encode() + b":"
        begun = self.head.lower().find(mark)
        if begun < 0:
            return None
        begun += len(mark)
        return self.head[begun : self.head.index(b"\r\n", begun)].decode("latin-1").strip()


class Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._begun = 0.0
        self._answer: asyncio.Future[Got] | None = None

    @classmethod
    async def to(cls, url: str) -> Line:
        """Connect to where a base address points."""
        parts = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(cls, parts.hostname or "", parts.port or 80)
        return line

    async def ask(self, request: bytes) -> Got:
        """Send a request and return its answer.

        Raises:
            ConnectionError: The server hung up.
        """
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the server hung up")
        self._answer = asyncio.get_running_loop().create_future()
        self._begun = time.perf_counter()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is none, only like one

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        head = self._buffer[: end + 2]
        whole = end + 4 + _length(head)
        if len(self._buffer) < whole:
            return
        body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result(Got(int(head[9:12]), head, body, time.perf_counter() - self._begun))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))


def _length(head: bytes) -> int:
    """Return how many bytes follow the head; a 204 and a 304 have none and need not say so."""
    lowered = head.lower()
    begun = lowered.find(b"\r\ncontent-length:")
    if begun < 0:
        if head[9:12] in {b"204", b"304"}:
            return 0
        raise ValueError("the answer does not tell its length")
    begun += len(b"\r\ncontent-length:")
    return 0 if head[9:12] == b"304" else int(lowered[begun : lowered.index(b"\r\n", begun)])


@dataclass
class Run:
    """What a load has come to."""

    took_s: float = 0
    times_s: list[float] = field(default_factory=list[float])
    """Of the answers, in the order they came; refused connections are not among them."""
    statuses: Counter[int] = field(default_factory=Counter[int])
    """0 for a connection that broke."""
    bytes: int = 0

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.times_s) / self.took_s if self.took_s else 0

    def ms(self, share: float) -> float:
        """Return the time that a share of the answers kept to, in milliseconds."""
        return percentile(self.times_s, share) * 1000

    def took(self, got: Got) -> None:
        """Count an answer."""
        self.times_s.append(got.took_s)
        self.statuses[got.status] += 1
        self.bytes += len(got.body)


async def closed_loop(
    url: str, requests: Callable[[], bytes | None], *, connections: int, seconds: float | None = None
) -> Run:
    """Keep so many connections busy: each asks again as soon as it is answered.

    Args:
        url: Base address of the server.
        requests: Gives the next request; None ends the connection that asked for it.
        connections: How many at once.
        seconds: For how long; until the requests run out unless given.
    """
    run = Run()
    lines = [await Line.to(url) for _ in range(connections)]
    begun = time.perf_counter()
    until = begun + seconds if seconds else None

    async def drive(line: Line) -> None:
        while (until is None or time.perf_counter() < until) and (request := requests()) is not None:
            try:
                run.took(await line.ask(request))
            except ConnectionError:
                run.statuses[0] += 1
                line = await Line.to(url)
        line.close()

    await asyncio.gather(*(drive(line) for line in lines))
    run.took_s = time.perf_counter() - begun
    return run


async def all_at_once(url: str, requests: Sequence[bytes]) -> Run:
    """Send every request in the same moment, each over a connection of its own that stands already."""
    run = Run()
    lines = [await Line.to(url) for _ in requests]
    begun = time.perf_counter()
    for got in await asyncio.gather(*(line.ask(one) for line, one in zip(lines, requests, strict=True))):
        run.took(got)
    run.took_s = time.perf_counter() - begun
    for line in lines:
        line.close()
    return run
