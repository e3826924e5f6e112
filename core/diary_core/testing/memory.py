"""Opening a provider's diary in a test, without a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from httpx2 import AsyncClient
from pydantic import SecretStr

from diary_core.abilities import Diary
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.model import Source
from diary_core.provider import Channel, Instance, Provider


class MemoryStore:
    """Credentials of one connection, kept in memory."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def exclusively(self) -> AsyncGenerator[None]:
        """Hold off other renewals in this process."""
        async with self._lock:
            yield

    async def load(self) -> Credentials:
        """Return the newest credentials."""
        return self.credentials

    async def save(self, credentials: Credentials) -> None:
        """Replace them."""
        self.credentials = credentials


def open_diary(
    provider: Provider,
    instance: Instance,
    method: str,
    store: MemoryStore,
    *,
    http: AsyncClient,
    now: Callable[[], datetime],
    options: Mapping[str, SecretStr] | None = None,
) -> Diary:
    """Open a diary as the gateway does after a sign-in by `method`, with credentials kept in memory."""
    channel = Channel(instance=instance, http=http, now=now, options=options or {})

    async def renew(credentials: Credentials) -> Credentials:
        return await provider.renew(channel, credentials)

    source = Source(provider=provider.slug, instance=instance.slug, connection="test")
    return provider.open(channel, method, CredentialKeeper(store, renew, now), source)


def fixed_clock(moment: datetime = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)) -> Callable[[], datetime]:
    """Return a clock that stands still."""
    return lambda: moment
