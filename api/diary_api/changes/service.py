"""The log of changes: written by comparing, read by cursor or as a stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy.exc import IntegrityError

from diary_api.accounts.at_once import AtOnce
from diary_api.changes import repository
from diary_api.changes.bells import Bells
from diary_api.changes.comparison import Difference, differences
from diary_api.changes.schemas import ChangePage
from diary_api.changes.things import SHAPES, Seen, seen_on
from diary_api.clock import Clock
from diary_api.connections.family import Place
from diary_api.school.readings import Reading
from diary_api.storage import Storage
from diary_api.storage.tables import ChangeRow, SeenDayRow, WatchRow
from diary_core.errors import GatewayBusy
from diary_core.model import Answer, Change, Model

log = structlog.stdlib.get_logger()

ItemT = TypeVar("ItemT", bound=Model)

_LOOK_EVERY = timedelta(seconds=5)
"""Another process may have written to the log while its bell could not be heard here."""
STREAMS_OF_ONE = 10
"""Streams one account may follow the log by: each looks into it every few seconds."""
_PAGE = 100
_SEENS = TypeAdapter(tuple[Seen, ...])


class _Halves(BaseModel):
    """What a change was from, and to, as stored."""

    model_config = ConfigDict(frozen=True)

    before: str | None
    after: str | None


@dataclass(frozen=True)
class ChangeLog:
    """Everything that appeared, changed or vanished in the diaries of every account."""

    storage: Storage
    clock: Clock
    bells: Bells
    streams: AtOnce = field(default_factory=lambda: AtOnce("streams", STREAMS_OF_ONE, _LOOK_EVERY))

    async def compare(
        self,
        place: Place,
        reading: Reading[ItemT],
        answer: Answer[ItemT],
        *,
        zone: ZoneInfo,
        asked_at: datetime,
    ) -> None:
        """Write down what an answer changes; what was compared before with a later answer is left alone.

        A database that is too busy loses nothing: the days are compared when they are next asked for.

        Args:
            place: Whose diary.
            reading: What was asked.
            answer: What the diary said, whole.
            zone: The school's.
            asked_at: When it was asked: an answer to an earlier question knows no better.
        """
        now = seen_on(reading, answer, zone)
        try:
            written = await self._write(place, reading, now, self.clock().astimezone(zone).date(), asked_at)
        except GatewayBusy as error:
            log.warning("an answer was not compared", outcome=error.code)
        except IntegrityError:
            log.info("another process has compared the same days")
        else:
            if written:
                await self.bells.ring(place.child.connection.account_id)

    async def page(
        self, account_id: str, *, after: int, limit: int = _PAGE, child_id: str | None = None
    ) -> ChangePage:
        """Return what came after a place in the log, oldest first.

        Args:
            account_id: Whose log.
            after: Number of the last change that is known; 0 for the beginning.
            limit: At most so many.
            child_id: Only of one child.
        """
        async with self.storage.reading() as session:
            latest = await repository.last_number(session, account_id)
            rows = await repository.changes_after(session, account_id, after, limit + 1, child_id)
        items = tuple(self._shown(row) for row in rows[:limit])
        more = len(rows) > limit
        cursor = items[-1].id if more else str(max(latest, after))
        return ChangePage(items=items, cursor=cursor, more=more)

    async def everything(self, account_id: str, *, after: int = 0) -> tuple[Change, ...]:
        """Return the log of an account, the whole of it or what came after a place in it."""
        found: list[Change] = []
        page = await self.page(account_id, after=after)
        while True:
            found += page.items
            if not page.more:
                return tuple(found)
            page = await self.page(account_id, after=int(page.cursor))

    async def latest(self, account_id: str) -> int:
        """Return where the log of an account ends just now."""
        async with self.storage.reading() as session:
            return await repository.last_number(session, account_id)

    async def follow(self, account_id: str, after: int) -> AsyncGenerator[Sequence[Change]]:
        """Yield what comes after a place in the log, as it comes; nothing now and then while nothing does."""
        with self.bells.heard(account_id) as bell:
            while True:
                page = await self.page(account_id, after=after)
                after = int(page.cursor)
                yield page.items
                if not page.more:
                    await bell.wait(_LOOK_EVERY)

    async def _write(
        self,
        place: Place,
        reading: Reading[ItemT],
        now: Mapping[date, Sequence[Seen]],
        today: date,
        asked_at: datetime,
    ) -> int:
        account_id, enrolment_id = place.child.connection.account_id, place.enrolment.id
        async with self.storage.writing() as session:
            enrolment = await repository.enrolment_to_write(session, enrolment_id)
            if enrolment is None or enrolment.profile_sealed is None:
                return 0  # unlinked or erased while the diary was answering
            rows = await repository.seen_days(session, enrolment_id, reading.kind, min(now), max(now))
            current = {
                day: seen for day, seen in now.items() if day not in rows or rows[day].asked_at < asked_at
            }
            before = {day: self._opened(rows[day]) if day in rows else None for day in current}
            news: list[Difference] = []
            watch = await session.get(WatchRow, (enrolment_id, reading.kind))
            if watch is None:
                session.add(WatchRow(enrolment_id=enrolment_id, reading=reading.kind, since=today))
            else:
                news += differences(before, current, watched_since=watch.since, today=today)
            number = await repository.last_number(session, account_id, to_write=True) if news else 0
            session.add_all(self._row(place, number + nth, one) for nth, one in enumerate(news, 1))
            for day, seen in current.items():
                if day not in rows:
                    rows[day] = SeenDayRow(enrolment_id=enrolment_id, reading=reading.kind, day=day)
                    session.add(rows[day])
                rows[day].asked_at = asked_at
                if before[day] != tuple(seen):
                    rows[day].things_sealed = self._sealed(rows[day], seen)
            return len(news)

    def _row(self, place: Place, number: int, difference: Difference) -> ChangeRow:
        account_id = place.child.connection.account_id
        before, after = difference.before, difference.after
        halves = _Halves(before=before and before.body, after=after and after.body)
        return ChangeRow(
            account_id=account_id,
            number=number,
            child_id=place.child.id,
            enrolment_id=place.enrolment.id,
            thing=difference.name,
            kind=difference.kind,
            day=difference.day,
            body_sealed=self.storage.ring.seal(
                halves.model_dump_json().encode(), place=_change_place(account_id, number)
            ),
            seen_at=self.clock(),
        )

    def _shown(self, row: ChangeRow) -> Change:
        opened = self.storage.ring.open(row.body_sealed, place=_change_place(row.account_id, row.number))
        halves = _Halves.model_validate_json(opened)
        shape = SHAPES[row.thing]
        return Change(
            id=str(row.number),
            child_id=row.child_id,
            enrolment_id=row.enrolment_id,
            thing=row.thing,
            kind=row.kind,
            day=row.day,
            before=None if halves.before is None else shape.model_validate_json(halves.before),
            after=None if halves.after is None else shape.model_validate_json(halves.after),
            seen_at=row.seen_at,
        )

    def _opened(self, row: SeenDayRow) -> tuple[Seen, ...]:
        return _SEENS.validate_json(self.storage.ring.open(row.things_sealed, place=_day_place(row)))

    def _sealed(self, row: SeenDayRow, seen: Sequence[Seen]) -> bytes:
        return self.storage.ring.seal(_SEENS.dump_json(tuple(seen)), place=_day_place(row))


def _change_place(account_id: str, number: int) -> str:
    return f"changes.body:{account_id}:{number}"


def _day_place(row: SeenDayRow) -> str:
    return f"seen_days.things:{row.enrolment_id}:{row.reading}:{row.day}"
