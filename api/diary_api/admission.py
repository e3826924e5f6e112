"""How many requests one process takes on: as many as keep its event loop prompt, and never more than a bound.

Waiting for a slow diary costs nothing, so a fixed small bound would refuse whom the process could well serve.
What shows that it cannot keep up is a loop that comes late to its timers, turn after turn.
The bound then falls to what is under way and less, until the loop is prompt; calm, it rises again.
A burst that is over soon is taken as it is.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.problems import problem_response
from diary_core.errors import GatewayBusy

log = structlog.stdlib.get_logger()

ALWAYS_TAKEN: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""What tells an operator how it stands with the process."""
RETRY_AFTER: Final = timedelta(seconds=1)
_LOOK_EVERY_S: Final = 0.05
_PATIENCE_S: Final = 0.5
"""For so long a loop may be late before anybody is refused for it."""
_FEWEST: Final = 8
"""So many are always taken on: a process that is slow for another reason serves them all the same."""
_LESS, _MORE = 0.7, 1.1


class Admission:
    """Takes requests on or refuses them at once, with 503 and `Retry-After`.

    A request is under way until its answer begins: streams and files that flow on do not count.
    """

    def __init__(self, app: ASGIApp, most: int, lag_max: timedelta) -> None:
        """Stand in front of an application.

        Args:
            app: What answers.
            most: Requests under way at most, however prompt the loop is.
            lag_max: How late the loop may be for long.
        """
        self._app = app
        self._most = most
        self._lag_max_s = lag_max.total_seconds()
        self._bound = float(most)
        self._under_way = 0
        self._refused = 0
        self._watching: asyncio.TimerHandle | None = None
        self._late_since: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] in ALWAYS_TAKEN:
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._bound:
            self._refused += 1
            refusal = GatewayBusy("more requests than this process can carry", retry_after=RETRY_AFTER)
            await problem_response(Request(scope), refusal)(scope, receive, send)
            return
        self._under_way += 1
        self._watch()
        counted = True

        async def send_and_leave(message: Message) -> None:
            nonlocal counted
            if counted:
                counted = False
                self._under_way -= 1
            await send(message)

        try:
            await self._app(scope, receive, send_and_leave)
        finally:
            if counted:
                self._under_way -= 1

    def _watch(self) -> None:
        """Look at the loop's promptness from now on, for as long as there is something to look at."""
        loop = asyncio.get_running_loop()
        if self._watching is None:
            due = loop.time() + _LOOK_EVERY_S
            self._watching = loop.call_at(due, self._look, loop, due)

    def _look(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        self._watching = None
        now = loop.time()
        if now - due <= self._lag_max_s:
            self._late_since = None
            self._rise()
        elif self._late_since is None:
            self._late_since = due
        elif now - self._late_since > _PATIENCE_S:
            self._bound = max(_FEWEST, min(self._bound, self._under_way) * _LESS)
        if self._under_way or self._bound < self._most:
            self._watch()

    def _rise(self) -> None:
        if self._bound == self._most:
            return
        self._bound = min(self._most, self._bound * _MORE)
        if self._bound == self._most and self._refused:
            log.warning("requests were refused", refused=self._refused, outcome=GatewayBusy.code)
            self._refused = 0
