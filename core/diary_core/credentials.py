"""What opens a diary, kept fresh: renewed ahead of its end, and once when the diary refuses it.

Refresh tokens of both systems die when used, so two readers must never spend one twice.
The keeper lets one reader renew while the others wait and then take what it got.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr

from diary_core.errors import LoginRequired
from diary_core.http import deadline
from diary_core.model import Moment

RENEW_AHEAD = timedelta(minutes=5)
"""How long before its end a token is renewed."""


class Credentials(BaseModel):
    """Secrets of one connection, and the plain facts a provider needs beside them."""

    model_config = ConfigDict(frozen=True)

    secrets: Mapping[str, SecretStr]
    """Tokens and passwords by the provider's own names; never printed."""
    facts: Mapping[str, str] = {}
    """Nothing secret: the signed-in person's profile id, the role."""
    expires_at: Moment | None = None
    """When the access token dies; None when the diary does not say."""

    def secret(self, name: str) -> str:
        """Return one secret in clear, for the call that needs it.

        Raises:
            LoginRequired: There is no such secret, so the parent must sign in again.
        """
        try:
            return self.secrets[name].get_secret_value()
        except KeyError as error:
            raise LoginRequired(f"no {name!r} among the credentials") from error

    def reveal(self) -> dict[str, object]:
        """Return everything in clear, for sealing only."""
        return {
            "secrets": {name: value.get_secret_value() for name, value in self.secrets.items()},
            "facts": dict(self.facts),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
        }


class CredentialStore(Protocol):
    """Where the gateway keeps the credentials of one connection."""

    def exclusively(self) -> AbstractAsyncContextManager[None]:
        """Hold off every other renewal of this connection, in any process."""
        ...

    async def load(self) -> Credentials:
        """Return the newest credentials."""
        ...

    async def save(self, credentials: Credentials) -> None:
        """Replace them; durable when this returns."""
        ...


ResultT = TypeVar("ResultT")
Renewal = Callable[[Credentials], Awaitable[Credentials]]


class CredentialKeeper:
    """Hands out credentials that work, to the calls of one run.

    They are loaded once: a run makes several calls in the same moment. Whatever another run has renewed
    meanwhile is met when the diary refuses the old ones.

    Args:
        store: Where they are kept.
        renew: Trades old credentials for new ones; raises `LoginRequired` when it cannot.
        now: The clock.
    """

    def __init__(self, store: CredentialStore, renew: Renewal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._renew = renew
        self._now = now
        self._renewals: set[asyncio.Future[Credentials]] = set()
        self._loaded: Credentials | None = None
        self._loading = asyncio.Lock()

    async def use(self, call: Callable[[Credentials], Awaitable[ResultT]]) -> ResultT:
        """Make a call with good credentials; when the diary refuses them, renew once and repeat once.

        Raises:
            LoginRequired: They were refused again, or cannot be renewed.
        """
        credentials = await self.current()
        try:
            return await call(credentials)
        except LoginRequired:
            return await call(await self._replace(credentials))

    async def current(self) -> Credentials:
        """Return credentials that will live for some minutes yet, renewing them when they will not.

        Raises:
            LoginRequired: They have ended and cannot be renewed.
        """
        async with self._loading:
            credentials = self._loaded or await self._store.load()
            self._loaded = credentials
        if credentials.expires_at is None or credentials.expires_at - self._now() > RENEW_AHEAD:
            return credentials
        return await self._replace(credentials)

    async def _replace(self, spent: Credentials) -> Credentials:
        """Renew to the end, even when the asker leaves: what was spent upstream must reach the store."""
        with deadline.lifted():
            renewal = asyncio.ensure_future(self._trade(spent))
        self._renewals.add(renewal)
        renewal.add_done_callback(self._finished)
        renewed = await asyncio.shield(renewal)
        self._loaded = renewed
        return renewed

    def _finished(self, renewal: asyncio.Future[Credentials]) -> None:
        self._renewals.discard(renewal)
        if not renewal.cancelled():
            renewal.exception()  # an asker who left does not come to fetch it

    async def _trade(self, spent: Credentials) -> Credentials:
        async with self._store.exclusively():
            newest = await self._store.load()
            if newest != spent:
                return newest
            renewed = await self._renew(spent)
            await self._store.save(renewed)
            return renewed
