"""Counting the requests that are sent for each parent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from diary_api.storage.tables import ConnectionRow
from diary_api.storage.tally import Tally
from diary_api.upstream_calls import repository, whose
from diary_api.upstream_calls.repository import Bucket
from diary_api.upstream_calls.schemas import CallsOfDay, CallsOfLink
from diary_core.http import Call

_ZONE: Final = ZoneInfo("Europe/Moscow")
"""An account has no zone, and its diaries may lie in several: the day is Moscow's for everybody."""


class UpstreamCalls(Tally[Bucket, int]):
    """Requests that were sent for parents, and are on their way into the database."""

    what = "calls to diaries"

    def note(self, call: Call) -> None:
        """Count a finished call for whom it was made."""
        connection_id = whose.link()
        if connection_id is not None and call.attempts:
            self.count((connection_id, self._today()), call.attempts)

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

    @asynccontextmanager
    async def counting(self) -> AsyncGenerator[Self]:
        """Count while the block runs, and write down the rest at its end."""
        try:
            yield self
        finally:
            await self.close()

    @override
    async def put(self, session: AsyncSession, counted: Mapping[Bucket, int]) -> None:
        await repository.add(session, counted)

    def _today(self) -> date:
        return self.clock().astimezone(_ZONE).date()


def _of_link(link: ConnectionRow, calls: int) -> CallsOfLink:
    return CallsOfLink(connection_id=link.id, provider=link.provider, instance=link.instance, calls=calls)


def _day(day: date, items: tuple[CallsOfLink, ...]) -> CallsOfDay:
    return CallsOfDay(day=day, calls=sum(one.calls for one in items), items=items)
