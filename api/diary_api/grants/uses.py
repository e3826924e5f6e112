"""Writing down what trusted people ask for: counted by the hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from diary_api.clock import hour_of
from diary_api.ids import new_id
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import GrantRow, GrantUseRow
from diary_api.storage.tally import Counted, Tally


class Bucket(NamedTuple):
    """What is counted together."""

    grant_id: str
    kind: str
    outcome: str
    hour: datetime


class Uses(Tally[Bucket, Counted]):
    """Uses of grants that are on their way into the database."""

    what = "uses of grants"

    def note(self, grant_id: str, kind: str, outcome: str) -> None:
        """Count one use."""
        now = self.clock()
        self.count(Bucket(grant_id, kind, outcome, hour_of(now)), Counted(1, now, now))

    @override
    async def put(self, session: AsyncSession, counted: Mapping[Bucket, Counted]) -> None:
        wanted = {bucket.grant_id for bucket in counted}
        known = set((await session.scalars(select(GrantRow.id).where(GrantRow.id.in_(wanted)))).all())
        for bucket, seen in counted.items():
            if bucket.grant_id not in known:
                continue
            added = await any_changed(
                session,
                update(GrantUseRow)
                .where(
                    GrantUseRow.grant_id == bucket.grant_id,
                    GrantUseRow.hour == bucket.hour,
                    GrantUseRow.kind == bucket.kind,
                    GrantUseRow.outcome == bucket.outcome,
                )
                .values(count=GrantUseRow.count + seen.times, last_at=seen.last_at),
            )
            if not added:
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
