"""How long a request is worked on, as plain ASGI: until its time is over, or nobody waits for it any more."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.problems import problem_response
from diary_core.errors import GatewayBusy
from diary_core.http import deadline

_RETRY_AFTER = timedelta(seconds=5)
_READS = ("/v1/children", "/v1/family", "/v1/me", "/v1/changes")
"""Where GET changes nothing; pages of sign-ins spend codes that are good for once."""
_BODY = frozenset({b"content-length", b"transfer-encoding"})
_MOMENT_S = 0.05
_GRACE_S = 1.0
"""What is left to answer with the last known answer, once the calls to diaries are over."""


class Waiting:
    """Gives each request a time, which its calls to diaries keep to.

    A read that is not answered even then is broken off with a problem; one whose client has left is broken
    off at once, and the calls made for nobody else with it. A write always comes to its end.
    Once an answer has begun, as a stream or a file, it takes as long as it takes, or its client stays.
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
        client = _Client(receive, clock)

        async def send_in_time(message: Message) -> None:
            if not clock.expired():
                clock.reschedule(None)
            if not message.get("more_body", message["type"] == "http.response.start"):
                client.answered()
            await send(message)

        try:
            async with clock:
                await self._app(scope, client.receive, send_in_time)
        except TimeoutError:
            if not clock.expired():
                raise
            if client.left.is_set():
                scope["diary.outcome"] = "left"
                return
            busy = GatewayBusy(f"no answer within {limit_s:g} s", retry_after=_RETRY_AFTER)
            await problem_response(Request(scope), busy)(scope, receive, send)
        finally:
            client.answered()


class _Client:
    """Whoever has sent a request without a body: there is nothing more to hear, but that it leaves.

    It is listened to after a moment only: what is answered at once costs next to nothing.
    """

    def __init__(self, receive: Receive, clock: asyncio.Timeout) -> None:
        self.left = asyncio.Event()
        self._receive = receive
        self._clock = clock
        self._heard = False
        self._watch: asyncio.Task[None] | None = None
        self._moment = asyncio.get_running_loop().call_later(_MOMENT_S, self._begin)

    async def receive(self) -> Message:
        """Tell the application what it would have heard."""
        if not self._heard:
            self._heard = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    def answered(self) -> None:
        """Stop listening."""
        self._moment.cancel()
        if self._watch is not None:
            self._watch.cancel()

    def _begin(self) -> None:
        self._watch = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        """End the time of the request when the client leaves."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left.set()
        if not self._clock.expired():
            self._clock.reschedule(asyncio.get_running_loop().time())


def _only_reads(scope: Scope) -> bool:
    """Tell whether nothing is lost when a request is broken off; one that brings a body is left alone."""
    return (
        scope["method"] in {"GET", "HEAD"}
        and scope["path"].startswith(_READS)
        and not any(name in _BODY for name, _ in scope["headers"])
    )
