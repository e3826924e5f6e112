"""Days that were seen, and the log of changes, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.storage.tables import AccountRow, ChangeRow, EnrolmentRow, SeenDayRow


async def enrolment_to_write(session: AsyncSession, enrolment_id: str) -> EnrolmentRow | None:
    """Return an enrolment, and keep others from comparing it until this transaction ends."""
    return await session.scalar(select(EnrolmentRow).where(EnrolmentRow.id == enrolment_id).with_for_update())


async def seen_days(
    session: AsyncSession, enrolment_id: str, reading: str, since: date, until: date
) -> dict[date, SeenDayRow]:
    """Return the days of a span that were seen before."""
    query = select(SeenDayRow).where(
        SeenDayRow.enrolment_id == enrolment_id,
        SeenDayRow.reading == reading,
        SeenDayRow.day.between(since, until),
    )
    return {row.day: row for row in (await session.scalars(query)).all()}


async def last_number(session: AsyncSession, account_id: str, *, to_write: bool = False) -> int:
    """Return the number of the latest change of an account; 0 when there is none.

    Args:
        session: A transaction.
        account_id: Whose log.
        to_write: Keep others from adding to the log until this transaction ends, so that numbers appear
            in their order.
    """
    if to_write:
        await session.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update())
    query = select(func.max(ChangeRow.number)).where(ChangeRow.account_id == account_id)
    return (await session.scalar(query)) or 0


async def changes_after(
    session: AsyncSession, account_id: str, number: int, limit: int, child_id: str | None
) -> Sequence[ChangeRow]:
    """Return the next changes of an account, in the order they were seen."""
    query = select(ChangeRow).where(ChangeRow.account_id == account_id, ChangeRow.number > number)
    if child_id is not None:
        query = query.where(ChangeRow.child_id == child_id)
    return (await session.scalars(query.order_by(ChangeRow.number).limit(limit))).all()
