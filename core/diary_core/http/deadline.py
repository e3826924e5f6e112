"""How long a call may take: by its own limit, and by what is left of the time of whoever asks."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

import httpx2
from typing_extensions import override

from diary_core.errors import RegionSlow
from diary_core.http.layer import Layer

_ends_at: ContextVar[float] = ContextVar("diary.ends_at", default=math.inf)
"""By the clock of the event loop."""


@contextmanager
def within(limit: timedelta) -> Generator[None]:
    """Let every call of the block, and of the tasks begun in it, end within a time; a shorter one stays."""
    ends_at = asyncio.get_running_loop().time() + limit.total_seconds()
    known = _ends_at.set(min(ends_at, _ends_at.get()))
    try:
        yield
    finally:
        _ends_at.reset(known)


@contextmanager
def lifted() -> Generator[None]:
    """Begin here what goes on though the time of whoever asked is over, such as a delivery."""
    known = _ends_at.set(math.inf)
    try:
        yield
    finally:
        _ends_at.reset(known)


def left_s() -> float:
    """Return how many seconds are left; infinity where nobody has set a time."""
    return max(_ends_at.get() - asyncio.get_running_loop().time(), 0)


class Deadline(Layer):
    """Ends everything below after so many seconds, whatever it is waiting for.

    Raises:
        RegionSlow: The time is over.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, *, limit_s: float) -> None:
        super().__init__(inner)
        self._limit_s = limit_s

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        limit_s = self._allowed_s()
        clock = asyncio.timeout(limit_s)
        try:
            async with clock:
                return await self._inner.handle_async_request(request)
        except TimeoutError as error:
            if not clock.expired():
                raise
            raise RegionSlow(f"no whole answer within {limit_s:.3g} s") from error

    def _allowed_s(self) -> float:
        return self._limit_s


class CallDeadline(Deadline):
    """Ends a whole call, sooner when the time of whoever asks is over.

    It stands above the breaker: that somebody had little time left says nothing about the host.
    """

    @override
    def _allowed_s(self) -> float:
        left = left_s()
        if not left:
            raise RegionSlow("no time is left to ask the diary")
        return min(self._limit_s, left)
