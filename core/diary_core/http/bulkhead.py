"""A bound on what one instance can take of us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
from typing_extensions import override

from diary_core.errors import RegionBusy
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits


class Bulkhead(Layer):
    """Lets so many calls go on at once and so many wait for room; beyond that none is let in.

    One hanging server fills its own room and no other's.
    The pool below never has more calls than connections: its own queue grows slow with its length.

    Raises:
        RegionBusy: There is no room, and too many wait for it, or it does not come in time.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, limits: DoorLimits) -> None:
        super().__init__(inner)
        self._room = asyncio.Semaphore(limits.calls_at_once)
        self._waiting = 0
        self._waiting_max = limits.calls_waiting_max
        self._wait_max_s = limits.bucket_wait_max_s

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        async with self._in_line():
            await self._enter()
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self._room.release()

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(self._wait_max_s):
                await self._room.acquire()
        except TimeoutError as error:
            raise self._no_room("no room to call this diary came in time") from error

    @asynccontextmanager
    async def _in_line(self) -> AsyncGenerator[None]:
        if self._room.locked() and self._waiting >= self._waiting_max:
            raise self._no_room("too many calls to this diary wait already")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def _no_room(self, why: str) -> RegionBusy:
        return RegionBusy(why, retry_after=timedelta(seconds=self._wait_max_s))
