"""Proven identities, and the sign-ins that prove them, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.connections.repository import ours
from diary_api.storage.changing import any_changed
from diary_api.storage.tables import ConnectionRow, IdentityRow, SignInRow
from diary_api.storage.touched import touching


async def identity_by_subject(session: AsyncSession, subject_index: str) -> IdentityRow | None:
    """Return an identity by the keyed hash of its service and subject."""
    return await session.scalar(select(IdentityRow).where(IdentityRow.subject_index == subject_index))


async def identities_of(session: AsyncSession, account_id: str) -> Sequence[IdentityRow]:
    """Return an account's identities, oldest first."""
    query = (
        select(IdentityRow)
        .where(IdentityRow.account_id == account_id)
        .order_by(IdentityRow.created_at, IdentityRow.id)
    )
    return (await session.scalars(query)).all()


async def forget_identity(session: AsyncSession, account_id: str, identity_id: str) -> bool:
    """Delete an identity, and what was proven by it; tell whether the account had it."""
    forgotten = await any_changed(
        session,
        delete(IdentityRow).where(IdentityRow.id == identity_id, IdentityRow.account_id == account_id),
    )
    unproven = (
        update(ConnectionRow)
        .where(ConnectionRow.account_id == account_id, ConnectionRow.identity_id == identity_id)
        .values(identity="unproven", identity_id=None)
    )
    await session.execute(touching(unproven))  # no answer tells it
    return forgotten


async def sweep_proofs(session: AsyncSession, *, older_than: datetime) -> None:
    """Forget the identity sign-ins of long ago."""
    await session.execute(
        delete(SignInRow).where(SignInRow.connection_id.is_(None), SignInRow.created_at < older_than)
    )


async def drop_proofs(session: AsyncSession, account_id: str) -> None:
    """Drop what an account has begun to prove and not finished."""
    await session.execute(
        update(SignInRow)
        .where(SignInRow.account_id == account_id, SignInRow.phase.in_(("waiting", "taken")))
        .values(phase="dropped")
    )


async def by_key(session: AsyncSession, key_hash: str) -> SignInRow | None:
    """Return a sign-in to the gateway by the hash of the key its beginner holds."""
    return await session.scalar(select(SignInRow).where(SignInRow.key_hash == key_hash))


async def count_try(session: AsyncSession, seen: SignInRow, most: int, now: datetime) -> bool:
    """Count one try at the code of a finished sign-in; tell whether it may still be made."""
    return await any_changed(
        session,
        update(SignInRow)
        .where(
            SignInRow.id == seen.id,
            SignInRow.phase == "finished",
            SignInRow.tries < most,
            SignInRow.expires_at > now,
        )
        .values(tries=SignInRow.tries + 1),
    )


async def redeem(session: AsyncSession, seen: SignInRow) -> bool:
    """Spend a finished sign-in; tell whether it was still to be had."""
    return await any_changed(
        session,
        update(SignInRow)
        .where(SignInRow.id == seen.id, SignInRow.phase == "finished")
        .values(phase="redeemed", result_sealed=None),
    )


async def finish_proof(
    session: AsyncSession, taken: SignInRow, result_sealed: bytes | None, expires_at: datetime
) -> bool:
    """End a turn we have taken with its result; tell whether it was still ours."""
    return await any_changed(
        session,
        ours(taken).values(phase="finished", result_sealed=result_sealed, expires_at=expires_at),
    )


async def hand_over(session: AsyncSession, failed: SignInRow) -> bool:
    """Take the key from a failed sign-in, so that another one may have it; tell whether it still had it."""
    return await any_changed(
        session,
        update(SignInRow)
        .where(SignInRow.id == failed.id, SignInRow.key_hash == failed.key_hash)
        .values(key_hash=None, phase="failed"),
    )
