"""Counting the requests that are sent for each parent, behind the calls, which never wait for it.

A count stands in memory for a second at most before it is in the database; only a killed process loses it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from diary_api.clock import Clock
from diary_api.storage import Storage
from diary_api.storage.tables import ConnectionRow
from diary_api.upstream_calls import repository, whose
from diary_api.upstream_calls.repository import Bucket
from diary_api.upstream_calls.schemas import CallsOfDay, CallsOfLink
from diary_core.errors import GatewayBusy
from diary_core.http import Call

log = structlog.stdlib.get_logger()

_WRITE_AFTER_S: Final = 1.0
"""So that a burst of calls is one write."""
_ZONE: Final = ZoneInfo("Europe/Moscow")
"""An account has no zone, and its diaries may lie in several: the day is Moscow's for everybody."""


@dataclass(frozen=True)
class UpstreamCalls:
    """Requests that were sent for parents, and are on their way into the database."""

    storage: Storage
    clock: Clock
    _pending: Counter[Bucket] = field(default_factory=Counter[Bucket], repr=False)
    _writers: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"], repr=False)

    def note(self, call: Call) -> None:
        """Count a finished call for whom it was made; nothing is awaited and nothing can fail."""
        connection_id = whose.link()
        if connection_id is None or not call.attempts:
            return
        self._pending[connection_id, self._today()] += call.attempts
        if not self._writers:
            writer = asyncio.create_task(self._write_soon())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)

    async def today(self, account_id: str) -> CallsOfDay:
        """Return what was sent for an account today, every link of it told."""
        await self.write()
        today = self._today()
        async with self.storage.reading() as session:
            links = await repository.links(session, account_id)
            calls = {
                row.connection_id: row.calls for row in await repository.counts(session, account_id, today)
            }
        return _day(today, tuple(_of_link(link, calls.get(link.id, 0)) for link in links))

    async def everything(self, account_id: str) -> tuple[CallsOfDay, ...]:
        """Return every day that is remembered, oldest first."""
        await self.write()
        async with self.storage.reading() as session:
            links = await repository.links(session, account_id)
            counts = await repository.counts(session, account_id, date.min)
        calls: defaultdict[date, dict[str, int]] = defaultdict(dict)
        for row in counts:
            calls[row.day][row.connection_id] = row.calls
        return tuple(
            _day(day, tuple(_of_link(link, of_day[link.id]) for link in links if link.id in of_day))
            for day, of_day in calls.items()
        )

    async def write(self) -> None:
        """Write down what was counted so far; what cannot be written now is kept for the next time."""
        taken = dict(self._pending)
        if not taken:
            return
        self._pending.clear()
        try:
            async with self.storage.writing() as session:
                await repository.add(session, taken)
        except (GatewayBusy, SQLAlchemyError) as error:  # held, or another process has just made the same row
            self._pending.update(taken)
            log.warning("calls are not written down yet", outcome=type(error).__name__)
        except BaseException:
            self._pending.update(taken)
            raise

    @asynccontextmanager
    async def counting(self) -> AsyncGenerator[Self]:
        """Count while the block runs, and write down the rest at its end."""
        try:
            yield self
        finally:
            for writer in self._writers:
                writer.cancel()
            await asyncio.gather(*self._writers, return_exceptions=True)
            await self.write()

    async def _write_soon(self) -> None:
        while self._pending:
            await asyncio.sleep(_WRITE_AFTER_S)
            await self.write()

    def _today(self) -> date:
        return self.clock().astimezone(_ZONE).date()


def _of_link(link: ConnectionRow, calls: int) -> CallsOfLink:
    return CallsOfLink(connection_id=link.id, provider=link.provider, instance=link.instance, calls=calls)


def _day(day: date, items: tuple[CallsOfLink, ...]) -> CallsOfDay:
    return CallsOfDay(day=day, calls=sum(one.calls for one in items), items=items)
