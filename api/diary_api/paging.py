"""Lists that are read page by page, newest first; a cursor is the id of the last row that was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Protocol, TypeVar

from fastapi import Query
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped

from diary_api.ids import Kind, is_id
from diary_core.errors import InvalidInput

Cursor = Annotated[
    str | SkipJsonSchema[None], Query(description="The `next` of the page before.", max_length=64)
]
Limit = Annotated[int, Query(description="So many at most.", ge=1, le=500)]


class _Named(Protocol):
    id: Mapped[str]


RowT = TypeVar("RowT", bound=_Named)


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """A piece of a list."""

    rows: Sequence[RowT]
    next: str | None
    """The cursor of what came before; None when there is nothing."""


async def page_of(
    session: AsyncSession,
    rows: Select[RowT],
    at: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[str],
    kind: Kind,
    *,
    cursor: str | None,
    most: int,
) -> Page[RowT]:
    """Return a page of rows, those of the latest `at` first.

    Args:
        session: Any transaction.
        rows: The whole list, in any order.
        at: When each was.
        key: The id of each, which settles the order of one instant.
        kind: Of the ids.
        cursor: From the page before; the newest rows unless given.
        most: No more than this.

    Raises:
        InvalidInput: The cursor is none of this list.
    """
    wanted = rows.order_by(at.desc(), key.desc()).limit(most + 1)
    if cursor is not None:
        last = rows.with_only_columns(at, key).where(key == cursor)
        known = (await session.execute(last)).first() if is_id(kind, cursor) else None
        if known is None:
            raise InvalidInput("the cursor is none of this list, or too old", field="cursor")
        wanted = wanted.where(tuple_(at, key) < tuple_(*known, types=[at.type, key.type]))
    found = (await session.scalars(wanted)).all()
    shown = found[:most]
    return Page(shown, shown[-1].id if len(found) > most else None)
