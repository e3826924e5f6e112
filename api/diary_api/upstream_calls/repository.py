"""Counted calls in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.storage.changing import any_changed
from diary_api.storage.tables import ConnectionRow, UpstreamCallsRow

Bucket = tuple[str, date]
"""What is counted together: a link and a day."""


async def add(session: AsyncSession, counted: Mapping[Bucket, int]) -> None:
    """Add to the counts; what was made for a link that was erased meanwhile goes with it."""
    wanted = {connection_id for connection_id, _ in counted}
    known = set((await session.scalars(select(ConnectionRow.id).where(ConnectionRow.id.in_(wanted)))).all())
    for (connection_id, day), calls in counted.items():
        if connection_id not in known:
            continue
        added = await any_changed(
            session,
            update(UpstreamCallsRow)
            .where(UpstreamCallsRow.connection_id == connection_id, UpstreamCallsRow.day == day)
            .values(calls=UpstreamCallsRow.calls + calls),
        )
        if not added:
            session.add(UpstreamCallsRow(connection_id=connection_id, day=day, calls=calls))


async def links(session: AsyncSession, account_id: str) -> Sequence[ConnectionRow]:
    """Return every link of an account, oldest first."""
    query = select(ConnectionRow).where(ConnectionRow.account_id == account_id)
    return (await session.scalars(query.order_by(ConnectionRow.created_at, ConnectionRow.id))).all()


async def counts(session: AsyncSession, account_id: str, since: date) -> Sequence[UpstreamCallsRow]:
    """Return the counts of an account's links since a day, inclusive, by day."""
    query = (
        select(UpstreamCallsRow)
        .join(ConnectionRow, UpstreamCallsRow.connection_id == ConnectionRow.id)
        .where(ConnectionRow.account_id == account_id, UpstreamCallsRow.day >= since)
        .order_by(UpstreamCallsRow.day)
    )
    return (await session.scalars(query)).all()


async def sweep(session: AsyncSession, before: date) -> None:
    """Forget the counts of older days."""
    await session.execute(delete(UpstreamCallsRow).where(UpstreamCallsRow.day < before))
