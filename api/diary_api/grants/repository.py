"""Grants in the database, from the invitation to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.grants.states import End
from diary_api.paging import Page, page_of
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import ChildRow, GrantRow, GrantUseRow


class Given(NamedTuple):
    """A grant, and the account of the parent it is from."""

    grant: GrantRow
    parent_id: str


async def grants_of(session: AsyncSession, child_id: str) -> Sequence[GrantRow]:
    """Return every grant on a child, newest first."""
    query = (
        select(GrantRow)
        .where(GrantRow.child_id == child_id)
        .order_by(GrantRow.created_at.desc(), GrantRow.id.desc())
    )
    return (await session.scalars(query)).all()


async def hold_child(session: AsyncSession, child_id: str) -> bool:
    """Let nobody else give a grant on a child, or unlink it, meanwhile; tell whether it is still linked."""
    query = select(ChildRow.id).where(ChildRow.id == child_id, ChildRow.profile_sealed.is_not(None))
    return await session.scalar(query.with_for_update(key_share=True)) is not None


async def grant_of(
    session: AsyncSession, child_id: str, grant_id: str, *, hold: bool = False
) -> GrantRow | None:
    """Return one grant on a child; held, nobody else changes it before this transaction ends."""
    query = select(GrantRow).where(GrantRow.id == grant_id, GrantRow.child_id == child_id)
    return await session.scalar(query.with_for_update() if hold else query)


async def newest_to(session: AsyncSession, person_id: str, child_id: str) -> Given | None:
    """Return the grant on a child that a person has accepted last, running or not."""
    query = (
        select(GrantRow, ChildRow.account_id)
        .join(ChildRow, GrantRow.child_id == ChildRow.id)
        .where(GrantRow.person_id == person_id, GrantRow.child_id == child_id)
        .order_by(GrantRow.accepted_at.desc(), GrantRow.id.desc())
        .limit(1)
    )
    found = (await session.execute(query)).first()
    return None if found is None else Given(*found)


async def running_to(session: AsyncSession, person_id: str, now: datetime) -> Sequence[Given]:
    """Return the grants that let a person in, oldest first."""
    query = (
        select(GrantRow, ChildRow.account_id)
        .join(ChildRow, GrantRow.child_id == ChildRow.id)
        .where(GrantRow.person_id == person_id, GrantRow.ended_at.is_(None), GrantRow.ends_at > now)
        .order_by(GrantRow.accepted_at, GrantRow.id)
    )
    return [Given(*found) for found in (await session.execute(query)).all()]


async def invitation(session: AsyncSession, link_hash: str) -> Given | None:
    """Return a grant by the hash of its invitation's link."""
    query = (
        select(GrantRow, ChildRow.account_id)
        .join(ChildRow, GrantRow.child_id == ChildRow.id)
        .where(GrantRow.link_hash == link_hash)
    )
    found = (await session.execute(query)).first()
    return None if found is None else Given(*found)


async def count_try(session: AsyncSession, grant_id: str, most: int, now: datetime) -> bool:
    """Count one try at the code of an invitation; tell whether it may still be made."""
    return await any_changed(
        session,
        update(GrantRow)
        .where(
            GrantRow.id == grant_id,
            GrantRow.link_hash.is_not(None),
            GrantRow.tries < most,
            GrantRow.invitation_ends_at > now,
        )
        .values(tries=GrantRow.tries + 1),
    )


async def accept(session: AsyncSession, grant: GrantRow, person_id: str, now: datetime) -> None:
    """Let a person in, and end whatever let her to the same child before."""
    await session.execute(
        update(GrantRow)
        .where(
            GrantRow.child_id == grant.child_id, GrantRow.person_id == person_id, GrantRow.ended_at.is_(None)
        )
        .values(ended_at=now, ended_by="replaced")
    )
    grant.person_id, grant.accepted_at = person_id, now
    grant.link_hash = grant.code_sealed = None
    await session.flush()


async def end(session: AsyncSession, grant_id: str, by: End, now: datetime) -> None:
    """End a grant, and its invitation with it; one that has ended stays as it is."""
    await session.execute(
        update(GrantRow)
        .where(GrantRow.id == grant_id, GrantRow.ended_at.is_(None))
        .values(ended_at=now, ended_by=by, link_hash=None, code_sealed=None)
    )


async def end_on_connection(session: AsyncSession, connection_id: str, now: datetime) -> None:
    """End every grant on the children of a connection that is unlinked."""
    children = select(ChildRow.id).where(ChildRow.connection_id == connection_id)
    await session.execute(
        update(GrantRow)
        .where(GrantRow.child_id.in_(children), GrantRow.ended_at.is_(None))
        .values(ended_at=now, ended_by="unlinked", link_hash=None, code_sealed=None)
    )


async def sweep(session: AsyncSession, before: datetime) -> None:
    """Forget grants that ended, or were never accepted, and uses that lie, before an instant."""
    await session.execute(
        delete(GrantRow).where(
            or_(
                GrantRow.ended_at < before,
                GrantRow.ends_at < before,
                and_(GrantRow.accepted_at.is_(None), GrantRow.invitation_ends_at < before),
            )
        )
    )
    await session.execute(delete(GrantUseRow).where(GrantUseRow.last_at < before))


async def last_uses(session: AsyncSession, child_id: str) -> Mapping[str, datetime]:
    """Return when each grant on a child was last used, by its id; those never used are left out."""
    query = (
        select(GrantUseRow.grant_id, func.max(GrantUseRow.last_at).label("last_at"))
        .join(GrantRow, GrantUseRow.grant_id == GrantRow.id)
        .where(GrantRow.child_id == child_id)
        .group_by(GrantUseRow.grant_id)
    )
    return {found.grant_id: found.last_at for found in await session.execute(query)}


async def uses_of(
    session: AsyncSession, grant_id: str, *, cursor: str | None, most: int
) -> Page[GrantUseRow]:
    """Return a page of the uses of a grant, newest first.

    Raises:
        InvalidInput: The cursor is none of this list.
    """
    uses = select(GrantUseRow).where(GrantUseRow.grant_id == grant_id)
    return await page_of(session, uses, GrantUseRow.first_at, GrantUseRow.id, "use", cursor=cursor, most=most)
