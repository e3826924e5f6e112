"""How long a request is worked on, as plain ASGI."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.problems import problem_response
from diary_core.errors import GatewayBusy
from diary_core.http import deadline

_READS = ("/v1/children", "/v1/family", "/v1/me", "/v1/changes")
"""Where GET changes nothing; pages of sign-ins spend codes that are good for once."""
_GRACE_S = 1.0
"""What is left to answer with the last known answer, once the calls to diaries are over."""


class Waiting:
    """Gives each request a time, which its calls to diaries keep to.

    A read that is not answered even then is broken off with a problem; a write always comes to its end.
    Once an answer has begun, as a stream or a file, it takes as long as it takes.
    """

    def __init__(self, app: ASGIApp, limit: timedelta) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with deadline.within(self._limit):
            handle = self._read if _only_reads(scope) else self._app
            await handle(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit_s = self._limit.total_seconds() + _GRACE_S
        clock = asyncio.timeout(limit_s)

        async def send_in_time(message: Message) -> None:
            if not clock.expired():
                clock.reschedule(None)
            await send(message)

        try:
            async with clock:
                await self._app(scope, receive, send_in_time)
        except TimeoutError:
            if not clock.expired():
                raise
            busy = GatewayBusy(f"no answer within {limit_s:g} s")
            await problem_response(Request(scope), busy)(scope, receive, send)


def _only_reads(scope: Scope) -> bool:
    return scope["method"] in {"GET", "HEAD"} and scope["path"].startswith(_READS)
