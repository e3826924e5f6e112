"""Notices of absence in the database, from the promise to the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.absences.states import OPEN, NoticeState
from diary_api.storage.tables import AbsenceNoticeRow, ChildRow, ConnectionRow, EnrolmentRow


class Owned(NamedTuple):
    """A notice, and the account of the child's parent."""

    row: AbsenceNoticeRow
    parent_id: str


async def by_key(session: AsyncSession, key_hash: str) -> Sequence[AbsenceNoticeRow]:
    """Return what was accepted under an `Idempotency-Key`, by day."""
    query = (
        select(AbsenceNoticeRow).where(AbsenceNoticeRow.key_hash == key_hash).order_by(AbsenceNoticeRow.day)
    )
    return (await session.scalars(query)).all()


async def by_ids(session: AsyncSession, notice_ids: Iterable[str]) -> Sequence[AbsenceNoticeRow]:
    """Return notices by their ids, by day."""
    query = (
        select(AbsenceNoticeRow)
        .where(AbsenceNoticeRow.id.in_(list(notice_ids)))
        .order_by(AbsenceNoticeRow.day, AbsenceNoticeRow.created_at, AbsenceNoticeRow.id)
    )
    return (await session.scalars(query)).all()


async def notice_of(
    session: AsyncSession, child_id: str, notice_id: str, *, hold: bool = False
) -> AbsenceNoticeRow | None:
    """Return one notice about a child; held, nobody else changes it before this transaction ends."""
    query = select(AbsenceNoticeRow).where(
        AbsenceNoticeRow.id == notice_id, AbsenceNoticeRow.child_id == child_id
    )
    return await session.scalar(query.with_for_update() if hold else query)


async def in_span(
    session: AsyncSession, enrolment_id: str, since: date, until: date, *, open_only: bool = False
) -> Sequence[AbsenceNoticeRow]:
    """Return the notices about days of a span, by day."""
    query = select(AbsenceNoticeRow).where(
        AbsenceNoticeRow.enrolment_id == enrolment_id, AbsenceNoticeRow.day.between(since, until)
    )
    if open_only:
        query = query.where(AbsenceNoticeRow.state.in_(OPEN))
    query = query.order_by(AbsenceNoticeRow.day, AbsenceNoticeRow.created_at, AbsenceNoticeRow.id)
    return (await session.scalars(query)).all()


async def hold_enrolment(session: AsyncSession, enrolment_id: str) -> bool:
    """Keep others from accepting a notice for an enrolment until this transaction ends.

    Returns:
        Whether the enrolment is still linked.
    """
    query = select(EnrolmentRow).where(EnrolmentRow.id == enrolment_id).with_for_update()
    row = await session.scalar(query)
    return row is not None and row.profile_sealed is not None


async def of_account(session: AsyncSession, account_id: str) -> Sequence[AbsenceNoticeRow]:
    """Return every notice about the children of an account, by day."""
    query = (
        select(AbsenceNoticeRow)
        .join(ChildRow, AbsenceNoticeRow.child_id == ChildRow.id)
        .where(ChildRow.account_id == account_id)
        .order_by(AbsenceNoticeRow.day, AbsenceNoticeRow.created_at, AbsenceNoticeRow.id)
    )
    return (await session.scalars(query)).all()


async def due(session: AsyncSession, now: datetime, most: int) -> Mapping[str, str]:
    """Return the ids of notices whose turn has come, the longest waiting first, each with its server."""
    query = (
        select(AbsenceNoticeRow.id, ConnectionRow.provider + "/" + ConnectionRow.instance)
        .join(ChildRow, AbsenceNoticeRow.child_id == ChildRow.id)
        .join(ConnectionRow, ChildRow.connection_id == ConnectionRow.id)
        .where(AbsenceNoticeRow.next_at <= now, AbsenceNoticeRow.state.in_(OPEN))
        .order_by(AbsenceNoticeRow.next_at, AbsenceNoticeRow.id)
        .limit(most)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def waiting(session: AsyncSession) -> int:
    """Return how many notices have something left to do."""
    query = select(func.count()).select_from(AbsenceNoticeRow).where(AbsenceNoticeRow.state.in_(OPEN))
    return await session.scalar(query.where(AbsenceNoticeRow.next_at.is_not(None))) or 0


async def to_change(session: AsyncSession, notice_id: str) -> Owned | None:
    """Return a notice that nobody else changes before this transaction ends."""
    query = (
        select(AbsenceNoticeRow, ChildRow.account_id)
        .join(ChildRow, AbsenceNoticeRow.child_id == ChildRow.id)
        .where(AbsenceNoticeRow.id == notice_id)
        .with_for_update(of=AbsenceNoticeRow)
    )
    found = (await session.execute(query)).first()
    return None if found is None else Owned(*found)


async def drop_refused(session: AsyncSession, notice_ids: Iterable[str]) -> None:
    """Forget notices the diary has refused; whoever told them has been told so."""
    await session.execute(
        delete(AbsenceNoticeRow).where(
            AbsenceNoticeRow.id.in_(list(notice_ids)), AbsenceNoticeRow.state == NoticeState.REFUSED
        )
    )


async def sweep(session: AsyncSession, before: date) -> None:
    """Forget notices of days before one, whatever became of them."""
    await session.execute(delete(AbsenceNoticeRow).where(AbsenceNoticeRow.day < before))
