"""Our politeness."""

from __future__ import annotations

import asyncio

import httpx2
from aiolimiter import AsyncLimiter
from typing_extensions import override

from diary_core.errors import RegionBusy
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits


class Bucket(Layer):
    """Lets so many calls a second go to a host; the others wait for their turn.

    Raises:
        RegionBusy: The queue is too long.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, limits: DoorLimits) -> None:
        super().__init__(inner)
        self._limits = limits
        self._buckets: dict[bytes, AsyncLimiter] = {}

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.netloc
        if host not in self._buckets:
            burst = self._limits.calls_burst
            self._buckets[host] = AsyncLimiter(burst, burst / self._limits.calls_per_s)
        turn = asyncio.timeout(self._limits.bucket_wait_max_s)
        try:
            async with turn:
                await self._buckets[host].acquire()
        except TimeoutError as error:
            raise RegionBusy(f"no turn within {self._limits.bucket_wait_max_s:g} s") from error
        return await self._inner.handle_async_request(request)
