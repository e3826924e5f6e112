"""What is due, in the database: whoever moves the time on has taken the work, and who dies loses none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.connections.states import State
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import ConnectionRow
from diary_api.storage.touched import touching

_OPEN = ConnectionRow.state.in_([State.ACTIVE, State.DEGRADED])


async def unplanned(session: AsyncSession, at_most: int) -> Sequence[str]:
    """Return open connections of which nobody has said yet when to look into them."""
    query = select(ConnectionRow.id).where(_OPEN, ConnectionRow.look_at.is_(None))
    return (await session.scalars(query.limit(at_most))).all()


async def looks(session: AsyncSession, now: datetime, at_most: int) -> Sequence[str]:
    """Return the open connections that are to be looked into, the longest due first."""
    query = select(ConnectionRow.id).where(_OPEN, ConnectionRow.look_at <= now)
    return (await session.scalars(query.order_by(ConnectionRow.look_at).limit(at_most))).all()


async def renewals(session: AsyncSession, now: datetime, at_most: int) -> Sequence[str]:
    """Return the open connections whose credentials end soon, the first to end first."""
    query = select(ConnectionRow.id).where(_OPEN, ConnectionRow.renew_at <= now)
    return (await session.scalars(query.order_by(ConnectionRow.renew_at).limit(at_most))).all()


async def take_look(session: AsyncSession, connection_id: str, now: datetime, until: datetime) -> bool:
    """Take a look on, if its time has come; tell whether nobody else has."""
    due = or_(ConnectionRow.look_at.is_(None), ConnectionRow.look_at <= now)
    taken = update(ConnectionRow).where(ConnectionRow.id == connection_id, _OPEN, due)
    return await any_changed(session, touching(taken.values(look_at=until)))  # no answer depends on it


async def take_renewal(session: AsyncSession, connection_id: str, now: datetime, until: datetime) -> bool:
    """Take a renewal on, if its time has come; tell whether nobody else has."""
    taken = update(ConnectionRow).where(
        ConnectionRow.id == connection_id, _OPEN, ConnectionRow.renew_at <= now
    )
    return await any_changed(session, touching(taken.values(renew_at=until)))  # no answer depends on it


async def plan_look(session: AsyncSession, connection_id: str, at: datetime) -> None:
    """Say when to look next."""
    planned = update(ConnectionRow).where(ConnectionRow.id == connection_id).values(look_at=at)
    await session.execute(touching(planned))  # no answer depends on it


async def plan_renewal(session: AsyncSession, connection_id: str, at: datetime) -> None:
    """Say when to try a renewal that was put off."""
    planned = update(ConnectionRow).where(ConnectionRow.id == connection_id).values(renew_at=at)
    await session.execute(touching(planned))  # no answer depends on it
