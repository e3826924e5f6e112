"""Which rows belong to an account: every one from which references lead to it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.storage.tables import AccountRow
from diary_api.storage.tables import Table as Tables

_ACCOUNTS = Tables.metadata.tables[AccountRow.__tablename__]


def tables() -> Mapping[str, Table]:
    """Return every table that can hold something of an account, by name."""
    return {
        name: table for name, table in sorted(Tables.metadata.tables.items()) if _leads_to_accounts(table)
    }


def belongs_to(account_id: str, table: Table) -> ColumnElement[bool]:
    """Return the condition that a row of a table belongs to an account, by whatever reference."""
    if table is _ACCOUNTS:
        return _ACCOUNTS.c.id == account_id
    return or_(
        *(
            key.parent.in_(select(key.column).where(belongs_to(account_id, key.column.table)))
            for key in table.foreign_keys
        )
    )


async def count(session: AsyncSession, account_id: str) -> Mapping[str, int]:
    """Return how many rows of each table belong to an account; tables without any are left out."""
    found: dict[str, int] = {}
    for name, table in tables().items():
        query = select(func.count()).select_from(table).where(belongs_to(account_id, table))
        found[name] = await session.scalar(query) or 0
    return {name: rows for name, rows in found.items() if rows}


def _leads_to_accounts(table: Table) -> bool:
    return table is _ACCOUNTS or any(_leads_to_accounts(key.column.table) for key in table.foreign_keys)
