"""Failed sign-ins: counted by the hour, behind the answer, whose time must not tell who has an account."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.events.kinds import EventKind
from diary_api.events.writing import event
from diary_api.storage import AccountEventRow, Storage
from diary_api.storage.tables import AccountRow
from diary_core.errors import GatewayBusy

log = structlog.stdlib.get_logger()

_SOON_S = 0.2
"""So that a burst of guesses is one write."""


@dataclass(frozen=True)
class FailedSignIns:
    """Failures on their way into the database; only a killed process loses the last of them."""

    storage: Storage
    clock: Clock
    _pending: dict[_Bucket, _Counted] = field(default_factory=dict["_Bucket", "_Counted"], repr=False)
    _writers: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"], repr=False)

    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Whoever reads waits for what is being written."""

    def note(self, account_id: str) -> None:
        """Count one failure; nothing is awaited and nothing can fail."""
        now = self.clock()
        bucket = _Bucket(account_id, now.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
        known = self._pending.get(bucket, _Counted(0, now, now))
        self._pending[bucket] = replace(known, times=known.times + 1, last_at=now)
        if not self._writers:
            writer = asyncio.create_task(self._write_soon())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)

    async def write(self) -> None:
        """Write down what was counted so far."""
        async with self._turn:
            await self._write()

    async def _write(self) -> None:
        while self._pending:
            bucket, counted = next(iter(self._pending.items()))
            try:
                await self._count(bucket, counted)
            except (GatewayBusy, SQLAlchemyError) as error:
                log.warning("failed sign-ins were not written down", outcome=type(error).__name__)
            later = self._pending.pop(bucket)
            if later.times > counted.times:  # more have come while these were written
                self._pending[bucket] = replace(later, times=later.times - counted.times)

    async def close(self) -> None:
        """Write down the rest."""
        for writer in self._writers:
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)
        await self.write()

    async def _write_soon(self) -> None:
        while self._pending:
            await asyncio.sleep(_SOON_S)
            await self.write()

    async def _count(self, bucket: _Bucket, counted: _Counted) -> None:
        try:
            async with self.storage.writing() as session:
                await self._add(session, bucket, counted)
        except IntegrityError:  # another process has just begun the hour
            async with self.storage.writing() as session:
                await self._add(session, bucket, counted)

    async def _add(self, session: AsyncSession, bucket: _Bucket, counted: _Counted) -> None:
        account_id, hour = bucket
        added = await session.execute(
            update(AccountEventRow)
            .where(
                AccountEventRow.account_id == account_id,
                AccountEventRow.kind == EventKind.SIGN_IN_FAILED,
                AccountEventRow.hour == hour,
            )
            .values(count=AccountEventRow.count + counted.times, last_at=counted.last_at)
        )
        known = await session.scalar(select(AccountRow.id).where(AccountRow.id == account_id))
        if known is None or (isinstance(added, CursorResult) and added.rowcount):
            return
        row = event(self.storage.ring, counted.first_at, account_id, EventKind.SIGN_IN_FAILED)
        row.hour, row.count, row.last_at = hour, counted.times, counted.last_at
        session.add(row)


class _Bucket(NamedTuple):
    """What is counted together."""

    account_id: str
    hour: datetime


@dataclass(frozen=True)
class _Counted:
    """How often, from when to when."""

    times: int
    first_at: datetime
    last_at: datetime
