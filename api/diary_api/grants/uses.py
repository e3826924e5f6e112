"""Writing down what trusted people ask for: counted by the hour, behind the answers, which never wait for it.

A use stands in memory for a second at most before it is in the database; only a killed process loses it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.ids import new_id
from diary_api.storage import Storage
from diary_api.storage.tables import GrantRow, GrantUseRow
from diary_core.errors import GatewayBusy

log = structlog.stdlib.get_logger()

_WRITE_AFTER_S: Final = 1.0
"""So that a burst of readings is one write."""


class Bucket(NamedTuple):
    """What is counted together."""

    grant_id: str
    kind: str
    outcome: str
    hour: datetime


class Counted(NamedTuple):
    """How often, from when to when."""

    times: int
    first_at: datetime
    last_at: datetime

    def and_then(self, later: Counted) -> Counted:
        """Return both together."""
        return Counted(
            self.times + later.times, min(self.first_at, later.first_at), max(self.last_at, later.last_at)
        )


@dataclass(frozen=True)
class Uses:
    """Uses of grants that are on their way into the database."""

    storage: Storage
    clock: Clock
    _pending: dict[Bucket, Counted] = field(default_factory=dict[Bucket, Counted], repr=False)
    _writers: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"], repr=False)

    def note(self, grant_id: str, kind: str, outcome: str) -> None:
        """Count one use; nothing is awaited and nothing can fail."""
        now = self.clock()
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        self._add({Bucket(grant_id, kind, outcome, hour): Counted(1, now, now)})
        if not self._writers:
            writer = asyncio.create_task(self._write_soon())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)

    async def write(self) -> None:
        """Write down what was counted so far; what cannot be written now is kept for the next time."""
        taken = dict(self._pending)
        if not taken:
            return
        self._pending.clear()
        try:
            async with self.storage.writing() as session:
                await _count(session, taken)
        except (
            GatewayBusy,
            SQLAlchemyError,
        ) as error:  # held, or another process has just met the same bucket
            self._add(taken)
            log.warning("uses of grants are not written down yet", outcome=type(error).__name__)
        except BaseException:
            self._add(taken)
            raise

    async def close(self) -> None:
        """Write down the rest."""
        for writer in self._writers:
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)
        await self.write()

    async def _write_soon(self) -> None:
        while self._pending:
            await asyncio.sleep(_WRITE_AFTER_S)
            await self.write()

    def _add(self, counted: Mapping[Bucket, Counted]) -> None:
        for bucket, seen in counted.items():
            known = self._pending.get(bucket)
            self._pending[bucket] = seen.and_then(known) if known else seen


async def _count(session: AsyncSession, counted: Mapping[Bucket, Counted]) -> None:
    """Add to the counts of the database; uses of a grant that was erased meanwhile go with it."""
    wanted = {bucket.grant_id for bucket in counted}
    known = set((await session.scalars(select(GrantRow.id).where(GrantRow.id.in_(wanted)))).all())
    for bucket, seen in sorted(
        counted.items()
    ):  # in one order, so that two processes never wait for each other
        if bucket.grant_id not in known:
            continue
        added = await session.execute(
            update(GrantUseRow)
            .where(
                GrantUseRow.grant_id == bucket.grant_id,
                GrantUseRow.hour == bucket.hour,
                GrantUseRow.kind == bucket.kind,
                GrantUseRow.outcome == bucket.outcome,
            )
            .values(count=GrantUseRow.count + seen.times, last_at=seen.last_at)
        )
        if isinstance(added, CursorResult) and added.rowcount == 0:
            session.add(
                GrantUseRow(
                    id=new_id("use"),
                    grant_id=bucket.grant_id,
                    hour=bucket.hour,
                    kind=bucket.kind,
                    outcome=bucket.outcome,
                    count=seen.times,
                    first_at=seen.first_at,
                    last_at=seen.last_at,
                )
            )
