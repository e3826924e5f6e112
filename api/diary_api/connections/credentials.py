"""Where the credentials of a connection are kept: sealed, replaced as a whole, renewed by one at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from anyio import CancelScope

from diary_api.clock import Clock
from diary_api.connections import repository
from diary_api.ids import new_id
from diary_api.storage import KeyRing, Storage
from diary_api.storage.tables import ConnectionRow
from diary_core.credentials import RENEW_AHEAD, Credentials
from diary_core.errors import LoginRequired, RegionSlow

_LEASE = timedelta(seconds=90)
"""Longer than any renewal takes; a process that dies while renewing holds others up no longer than this."""
_RENEW_BEFORE = RENEW_AHEAD - timedelta(minutes=1)
"""So that whoever renews ahead finds them close enough to their end to be renewed."""
_POLL_S = 0.05
_POLLS_MAX = 1_000


def seal(ring: KeyRing, connection_id: str, credentials: Credentials) -> bytes:
    """Seal credentials for their connection."""
    plain = json.dumps(credentials.reveal(), ensure_ascii=False).encode()
    return ring.seal(plain, place=_place(connection_id))


def unseal(ring: KeyRing, connection_id: str, sealed: bytes) -> Credentials:
    """Open the credentials of a connection."""
    return Credentials.model_validate_json(ring.open(sealed, place=_place(connection_id)))


def renewal_due(credentials: Credentials, now: datetime) -> datetime | None:
    """Return when to renew credentials though nobody reads; None where only a reader can tell.

    A diary may not say when they end, or give so short a life that they would be renewed without an end.
    """
    ends = credentials.expires_at
    return None if ends is None or ends - now <= RENEW_AHEAD else ends - _RENEW_BEFORE


def _place(connection_id: str) -> str:
    return f"connections.credentials:{connection_id}"


@dataclass(frozen=True)
class Turns:
    """A lock for each connection within this process."""

    _locks: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary[str, asyncio.Lock], repr=False
    )

    def of(self, connection_id: str) -> asyncio.Lock:
        """Return the lock of a connection; it lives for as long as somebody holds on to it."""
        return self._locks.setdefault(connection_id, asyncio.Lock())


@dataclass(frozen=True)
class SealedCredentials:
    """The credential store of one connection, as one run of it sees it."""

    storage: Storage
    clock: Clock
    turns: Turns
    connection: ConnectionRow
    """As it was when the run began."""

    @asynccontextmanager
    async def exclusively(self) -> AsyncGenerator[None, None]:
        """Hold off every other renewal of this connection, in any process.

        Within the process they queue at a lock; between processes a lease in the connection's row decides.

        Raises:
            RegionSlow: Another process is renewing and does not come to an end.
        """
        holder = new_id("req")
        async with self.turns.of(self.connection.id):
            await self._lease(holder)
            try:
                yield
            finally:
                with CancelScope(shield=True):
                    async with self.storage.writing() as session:
                        await repository.leave_lease(session, self.connection.id, holder)

    async def load(self) -> Credentials:
        """Return the newest credentials.

        Raises:
            LoginRequired: There are none any more.
        """
        async with self.storage.reading() as session:
            row = await repository.connection(session, self.connection.id)
        if row is None or row.credentials_sealed is None:
            raise LoginRequired("the connection has no credentials")
        return unseal(self.storage.ring, row.id, row.credentials_sealed)

    async def save(self, credentials: Credentials) -> None:
        """Replace them; a newer sign-in is never overwritten by a renewal of the older one."""
        sealed = seal(self.storage.ring, self.connection.id, credentials)
        with CancelScope(shield=True):
            async with self.storage.writing() as session:
                await repository.save_renewed(
                    session,
                    self.connection.id,
                    self.connection.sign_ins,
                    sealed,
                    renewal_due(credentials, self.clock()),
                )

    async def _lease(self, holder: str) -> None:
        for _ in range(_POLLS_MAX):
            now = self.clock()
            async with self.storage.writing() as session:
                if await repository.take_lease(
                    session, self.connection.id, holder, now=now, until=now + _LEASE
                ):
                    return
            await asyncio.sleep(_POLL_S)
        raise RegionSlow("another process is still renewing the session")
