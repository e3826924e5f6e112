"""How long a call may take."""

from __future__ import annotations

import asyncio

import httpx2
from typing_extensions import override

from diary_core.errors import RegionSlow
from diary_core.http.layer import Layer


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
        clock = asyncio.timeout(self._limit_s)
        try:
            async with clock:
                return await self._inner.handle_async_request(request)
        except TimeoutError as error:
            if not clock.expired():
                raise
            raise RegionSlow(f"no whole answer within {self._limit_s:g} s") from error
