"""Statements that may find nothing to change."""

from __future__ import annotations

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.ext.asyncio import AsyncSession


async def any_changed(session: AsyncSession, statement: Update | Delete) -> bool:
    """Change or delete rows; tell whether there were any."""
    result = await session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount > 0
