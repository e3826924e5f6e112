"""Our politeness."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
from typing_extensions import override

from diary_core.http.deadline import left_s
from diary_core.http.layer import Layer
from diary_core.http.limits import DoorLimits
from diary_core.http.retry_after import retry_after
from diary_core.http.statuses import SLOW_DOWN
from diary_core.http.turns import Pace, Turns

_PAUSES = SLOW_DOWN | {503}


class Bucket(Layer):
    """Lets so many calls a second go to a host; the others wait for their turn.

    Who would wait too long is refused at once, and who leaves while waiting gives the turn back.
    When a host says `Retry-After`, nobody calls it before; the pause is capped, so somebody asks again.

    Args:
        inner: What is called.
        limits: The pace.
        name: Of the instance.
        turns: Who may call when; shared by everybody who calls these hosts.

    Raises:
        RegionBusy: The line is too long, or the host has asked for a pause.
    """

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, limits: DoorLimits, *, name: str, turns: Turns
    ) -> None:
        super().__init__(inner)
        self._pace = Pace(limits.calls_per_s, limits.calls_burst, limits.bucket_wait_max_s)
        self._pause_max = timedelta(seconds=limits.hold_max_s)
        self._name = name
        self._turns = turns

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.netloc.decode("ascii")
        await self._come_to_turn(host)
        response = await self._inner.handle_async_request(request)
        if response.status_code in _PAUSES and (pause := retry_after(response)):
            await self._turns.hold(host, min(pause, self._pause_max))
        return response

    async def _come_to_turn(self, host: str) -> None:
        line = f"{self._name} {host}"
        pace = self._pace._replace(wait_max_s=min(self._pace.wait_max_s, left_s()))
        wait_s = await self._turns.reserve(line, host, pace)
        if not wait_s:
            return
        try:
            await asyncio.sleep(wait_s)
        except asyncio.CancelledError:
            await self._turns.give_back(line, host, pace)
            raise
        await self._turns.check(host)
