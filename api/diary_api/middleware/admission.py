"""How many requests one process works on at once: a few, with a short queue; whoever does not fit is told so.

What waits for a diary costs nothing and stands aside, so that slow diaries refuse nobody.
A burst may queue for a while. Once somebody has queued in vain it is an overload: then the queue is kept as
short as one round of those who are worked on, so that whoever is served is served promptly.
Source: after the controlled delay in Ben Maurer, "Fail at Scale", ACM Queue 13(8), 2015.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.problems import problem_response
from diary_core.errors import GatewayBusy
from diary_core.http import aside

ALWAYS_TAKEN: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""What tells an operator how it stands with the process."""
RETRY_AFTER: Final = timedelta(seconds=1)
QUEUE_MOST: Final = 1000


class Admission:
    """Takes requests on, now or shortly, or refuses them with 503 and `Retry-After`.

    A request has a place until its answer begins: streams and files that flow on have none.
    """

    def __init__(self, app: ASGIApp, places: int, patience: timedelta) -> None:
        """Stand in front of an application.

        Args:
            app: What answers.
            places: Requests worked on at once, but for those that come back from a diary.
            patience: How long a request of a burst waits for a place.
        """
        self._app = app
        self._places = places
        self._patience_s = patience.total_seconds()
        self._taken = 0
        self._queue = deque[asyncio.Future[None]]()
        self._overloaded_until = 0.0
        """By the clock of the loop; put off by every refusal."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] in ALWAYS_TAKEN:
            await self._app(scope, receive, send)
            return
        if not await self._let_in():
            refusal = GatewayBusy("more requests than this process can carry", retry_after=RETRY_AFTER)
            await problem_response(Request(scope), refusal)(scope, receive, send)
            return
        place = _Place(self)

        async def send_and_leave(message: Message) -> None:
            place.give_up()
            await send(message)

        try:
            with aside.stepping(place.aside):
                await self._app(scope, receive, send_and_leave)
        finally:
            place.give_up()

    def take(self) -> None:
        """Take a place, there being one or not."""
        self._taken += 1

    def leave(self) -> None:
        """Give a place to whoever waits longest."""
        self._taken -= 1
        if self._queue and self._taken < self._places:
            self._taken += 1
            self._queue.popleft().set_result(None)

    async def _let_in(self) -> bool:
        if self._taken < self._places:
            self._taken += 1
            return True
        loop = asyncio.get_running_loop()
        overloaded = loop.time() < self._overloaded_until
        let_in = len(self._queue) < (self._places if overloaded else QUEUE_MOST) and await self._wait()
        if not let_in:
            self._overloaded_until = loop.time() + self._patience_s
        return let_in

    async def _wait(self) -> bool:
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(self._patience_s):
                await asyncio.wait({turn})
        except TimeoutError:
            return _granted(turn)
        except asyncio.CancelledError:
            if _granted(turn):
                self.leave()
            raise
        finally:
            if turn.cancelled():
                self._queue.remove(turn)
        return True


def _granted(turn: asyncio.Future[None]) -> bool:
    """Tell whether a place was given at the last moment; if not, none will be."""
    return not turn.cancel()


class _Place:
    """The place of one request."""

    def __init__(self, door: Admission) -> None:
        self._door = door
        self._waits = 0
        self._over = False

    @contextmanager
    def aside(self) -> Generator[None]:
        """Leave the place to another while a diary is waited for."""
        self._waits += 1
        if self._waits == 1 and not self._over:
            self._door.leave()
        try:
            yield
        finally:
            self._waits -= 1
            if self._waits == 0 and not self._over:
                self._door.take()

    def give_up(self) -> None:
        """Leave for good."""
        if self._over:
            return
        self._over = True
        if self._waits == 0:
            self._door.leave()
