"""Failed sign-ins: counted by the hour, behind the answer, whose time must not tell who has an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from diary_api.clock import hour_of
from diary_api.events.kinds import EventKind
from diary_api.events.writing import event
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import AccountEventRow, AccountRow
from diary_api.storage.tally import Counted, Tally


class Bucket(NamedTuple):
    """What is counted together."""

    account_id: str
    hour: datetime


class FailedSignIns(Tally[Bucket, Counted]):
    """Failures on their way into the database."""

    what = "failed sign-ins"
    write_after_s = 0.2

    def note(self, account_id: str) -> None:
        """Count one failure."""
        now = self.clock()
        self.count(Bucket(account_id, hour_of(now)), Counted(1, now, now))

    @override
    async def put(self, session: AsyncSession, counted: Mapping[Bucket, Counted]) -> None:
        wanted = {bucket.account_id for bucket in counted}
        known = set((await session.scalars(select(AccountRow.id).where(AccountRow.id.in_(wanted)))).all())
        for bucket, seen in counted.items():
            if bucket.account_id not in known:
                continue
            added = await any_changed(
                session,
                update(AccountEventRow)
                .where(
                    AccountEventRow.account_id == bucket.account_id,
                    AccountEventRow.kind == EventKind.SIGN_IN_FAILED,
                    AccountEventRow.hour == bucket.hour,
                )
                .values(count=AccountEventRow.count + seen.times, last_at=seen.last_at),
            )
            if not added:
                row = event(self.storage.ring, seen.first_at, bucket.account_id, EventKind.SIGN_IN_FAILED)
                row.hour, row.count, row.last_at = bucket.hour, seen.times, seen.last_at
                session.add(row)
