"""Reading what was done with an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.events.failures import FailedSignIns
from diary_api.events.kinds import EventKind
from diary_api.events.schemas import Event, Events
from diary_api.events.writing import about_of
from diary_api.paging import page_of
from diary_api.storage import Storage
from diary_api.storage.tables import AccountEventRow


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
        log = select(AccountEventRow).where(AccountEventRow.account_id == account_id)
        async with self.storage.reading() as session:
            page = await page_of(
                session, log, AccountEventRow.at, AccountEventRow.id, "evt", cursor=cursor, most=most
            )
        return Events(items=tuple(self._shown(row) for row in page.rows), next=page.next)

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
