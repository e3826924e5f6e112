"""How many requests one account, or one address of strangers, may make: plain ASGI, for a look-up each.

Each process counts by itself, so that a request waits for nobody: behind a balancer of N processes somebody
has up to N times as much. What must be counted together, wrong passwords and the like, is (`Attempts`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.middleware.admission import ALWAYS_TAKEN
from diary_api.middleware.client_address import address_of
from diary_api.problems import problem_response
from diary_core.errors import TooManyRequests

AT_ONCE_S: Final = 10
"""A burst may take what so many seconds give."""
MOST_KEYS: Final = 50_000
"""So many keys are remembered at least, and twice as many at most: a flood of new ones grows nothing."""
ACCOUNT: Final = "diary.account_id"
"""Where in the scope whoever admits a caller says whose account it is."""
GOOD_KEY: Final = "diary.good_key"
"""Where whoever answers without asking says that the key has opened this before."""


class Rate:
    """So many a second of each key, evened out: a bucket of one number, when it would be full again.

    Source: the generic cell rate algorithm, ITU-T I.371.
    """

    def __init__(self, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._off = not per_s
        self._step = 0.0 if self._off else 1 / per_s
        self._slack = max(0.0, AT_ONCE_S - self._step)
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._older: dict[str, float] = {}

    def wait_s(self, key: str, take: int = 1) -> float:
        """Take from a key's bucket, and return 0; or take nothing and return for how many seconds to wait.

        Args:
            key: Whose.
            take: How many; 0 only looks.
        """
        if self._off:
            return 0.0
        now = self._clock()
        full_at = self._full_at.get(key) or self._older.get(key, 0.0)
        beyond = full_at - now - self._slack
        if beyond > 0:
            return beyond
        if take:
            self._full_at[key] = max(full_at, now) + take * self._step
            if len(self._full_at) > MOST_KEYS:
                self._older, self._full_at = self._full_at, {}
        return 0.0


class Known:
    """Which account a key of the door has opened, by its hash: nothing that opens anything is remembered."""

    def __init__(self) -> None:
        self._accounts: dict[int, str] = {}
        self._older: dict[int, str] = {}

    def account_of(self, key: bytes) -> str | None:
        """Return the account that was last opened."""
        hashed = hash(key)
        return self._accounts.get(hashed) or self._older.get(hashed)

    def remember(self, key: bytes, account_id: str) -> None:
        """Remember it."""
        self._accounts[hash(key)] = account_id
        if len(self._accounts) > MOST_KEYS:
            self._older, self._accounts = self._accounts, {}


class RequestRates:
    """Refuses with 429 whoever asks too often.

    An account pays for what its sessions and tokens ask. An address pays for what is asked without any,
    and for keys that open nothing; so neighbours behind one address do not pay for one another.
    """

    def __init__(self, app: ASGIApp, per_s_of_account: float, per_s_of_address: float) -> None:
        self._app = app
        self._accounts, self._addresses = Rate(per_s_of_account), Rate(per_s_of_address)
        self._known = Known()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] in ALWAYS_TAKEN:
            await self._app(scope, receive, send)
            return
        key = next((value for name, value in scope["headers"] if name == b"authorization"), None)
        account = None if key is None else self._known.account_of(key)
        if account is not None:
            wait_s = self._accounts.wait_s(account)
        else:
            wait_s = self._addresses.wait_s(address_of(scope), take=key is None)
        if wait_s:
            error = TooManyRequests("too many requests", retry_after=timedelta(seconds=wait_s))
            await problem_response(Request(scope), error)(scope, receive, send)
            return
        if key is None or account is not None:
            await self._app(scope, receive, send)
            return
        await self._meet(key, scope, receive, send)

    async def _meet(self, key: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a key through that is not known yet, and see whether it opens anything."""

        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                account = scope.get(ACCOUNT)
                if account is not None:
                    self._known.remember(key, account)
                    self._accounts.wait_s(account)
                elif GOOD_KEY not in scope:
                    self._addresses.wait_s(address_of(scope))
            await send(message)

        await self._app(scope, receive, seen)
