"""Accounts, sessions and tokens in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.storage.changing import any_changed
from diary_api.storage.tables import AccessKeyRow, AccountRow
from diary_api.storage.touched import touching


async def account_by_email(session: AsyncSession, email_index: str) -> AccountRow | None:
    """Return the account of an e-mail, by its keyed hash."""
    return await session.scalar(select(AccountRow).where(AccountRow.email_index == email_index))


async def account(session: AsyncSession, account_id: str) -> AccountRow | None:
    """Return one account."""
    return await session.get(AccountRow, account_id)


async def hold(session: AsyncSession, account_id: str) -> AccountRow | None:
    """Return one account as it is now; nobody else changes its ways in before this transaction ends."""
    query = select(AccountRow).where(AccountRow.id == account_id)
    return await session.scalar(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    )


async def erase_account(session: AsyncSession, account_id: str) -> None:
    """Delete an account; everything that refers to it goes with it."""
    await session.execute(touching(delete(AccountRow).where(AccountRow.id == account_id), account_id))


async def key_by_secret(session: AsyncSession, secret_hash: str) -> AccessKeyRow | None:
    """Return a session or token, expired or not."""
    return await session.scalar(select(AccessKeyRow).where(AccessKeyRow.secret_hash == secret_hash))


async def keys_of(
    session: AsyncSession, account_id: str, kind: str, alive_at: datetime
) -> Sequence[AccessKeyRow]:
    """Return an account's living sessions or tokens, oldest first."""
    query = (
        select(AccessKeyRow)
        .where(
            AccessKeyRow.account_id == account_id,
            AccessKeyRow.kind == kind,
            AccessKeyRow.expires_at > alive_at,
        )
        .order_by(AccessKeyRow.created_at, AccessKeyRow.id)
    )
    return (await session.scalars(query)).all()


async def withdraw_key(session: AsyncSession, account_id: str, kind: str, key_id: str) -> AccessKeyRow | None:
    """Delete a session or token of an account; return it as it was, or None when it was not there."""
    row = await session.get(AccessKeyRow, key_id)
    if row is None or (row.account_id, row.kind) != (account_id, kind):
        return None
    withdrawn = await any_changed(
        session, touching(delete(AccessKeyRow).where(AccessKeyRow.id == key_id), key_id)
    )
    return row if withdrawn else None


async def tokens_of(session: AsyncSession, account_id: str) -> int:
    """Return how many tokens an account has."""
    query = select(func.count()).where(AccessKeyRow.account_id == account_id, AccessKeyRow.kind == "token")
    return (await session.execute(query)).scalar_one()


async def sweep_keys(session: AsyncSession, account_id: str, dead_at: datetime) -> None:
    """Delete an account's expired sessions and tokens."""
    dead = delete(AccessKeyRow).where(
        AccessKeyRow.account_id == account_id, AccessKeyRow.expires_at <= dead_at
    )
    await session.execute(touching(dead))  # nothing is answered to a dead key
