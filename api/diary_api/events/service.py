"""Reading what was done with an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.events.failures import FailedSignIns
from diary_api.events.kinds import EventKind
from diary_api.events.schemas import Event, Events
from diary_api.events.writing import about_of
from diary_api.ids import is_id
from diary_api.storage import AccountEventRow, Storage
from diary_core.errors import InvalidInput


@dataclass(frozen=True)
class AccountEvents:
    """The log of every account."""

    storage: Storage
    failures: FailedSignIns

    async def page(self, account_id: str, *, cursor: str | None, most: int) -> Events:
        """Return what was done with an account, newest first.

        Raises:
            InvalidInput: The cursor is none of this list.
        """
        await self.failures.write()
        query = select(AccountEventRow).where(AccountEventRow.account_id == account_id)
        place = tuple_(AccountEventRow.at, AccountEventRow.id)
        async with self.storage.reading() as session:
            if cursor is not None:
                last = await session.get(AccountEventRow, cursor) if is_id("evt", cursor) else None
                if last is None or last.account_id != account_id:
                    raise InvalidInput("the cursor is none of this list, or too old", field="cursor")
                after = tuple_(last.at, last.id, types=[AccountEventRow.at.type, AccountEventRow.id.type])
                query = query.where(place < after)
            query = query.order_by(AccountEventRow.at.desc(), AccountEventRow.id.desc()).limit(most + 1)
            found = (await session.scalars(query)).all()
        shown = found[:most]
        return Events(
            items=tuple(self._shown(row) for row in shown),
            next=shown[-1].id if len(found) > most else None,
        )

    async def everything(self, account_id: str) -> tuple[Event, ...]:
        """Return the whole log, newest first."""
        found: list[Event] = []
        cursor: str | None = None
        while True:
            page = await self.page(account_id, cursor=cursor, most=500)
            found += page.items
            if page.next is None:
                return tuple(found)
            cursor = page.next

    def _shown(self, row: AccountEventRow) -> Event:
        return Event(
            id=row.id,
            kind=EventKind(row.kind),
            at=row.at,
            count=row.count,
            last_at=row.last_at,
            about=about_of(self.storage.ring, row),
        )


async def sweep(session: AsyncSession, before: datetime) -> None:
    """Forget what happened before an instant."""
    await session.execute(delete(AccountEventRow).where(AccountEventRow.last_at < before))
