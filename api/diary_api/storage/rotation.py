"""Sealing everything anew after a key was added, so that the older keys can be thrown away.

Gateways go on serving meanwhile: values are taken in small batches, each in a transaction of its own,
and a row somebody else holds is left for the next round, so that nobody waits for us who waits for another.
Whatever is sealed anew is done: a run that was cut off is taken up by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Column, ColumnElement, Row, Table, and_, func, or_, select, tuple_, update

from diary_api.logs import fault
from diary_api.storage.database import Storage
from diary_api.storage.sealing import key_head
from diary_api.storage.tables import Table as Tables
from diary_api.storage.touched import touching
from diary_core.errors import Misconfigured

log = structlog.stdlib.get_logger()

Progress = Callable[[int, int], None]
"""Is told how many values were sealed anew, and how many there are to do as far as is known."""

_SUFFIX = "_sealed"
_BATCH = 50
_ROUNDS = 20
"""So often what was held, or sealed with an older key meanwhile, is come back for."""


@dataclass
class Resealed:
    """What became of the values that older keys had sealed."""

    anew: int = 0
    left: int = 0
    """Were held by others each time, or are sealed with an older key again and again."""
    damaged: int = 0
    """Do not open: neither the gateway nor anybody else can read them."""

    @property
    def whole(self) -> bool:
        """Whether nothing needs the older keys now."""
        return not self.left and not self.damaged


def _quiet(anew: int, total: int) -> None:
    del anew, total


@dataclass(frozen=True)
class _Place:
    """One sealed column, and the rows in it that do not open."""

    table: Table
    column: Column[bytes]
    damaged: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])

    @property
    def keys(self) -> Sequence[Column[Any]]:  # of any type
        """Return the columns of the primary key."""
        return tuple(self.table.primary_key.columns)


async def reseal(
    storage: Storage,
    *,
    told: Progress = _quiet,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Resealed:
    """Seal every value anew that an older key has sealed.

    Args:
        storage: With the ring whose newest key is to seal everything.
        told: Hears of the progress after each batch.
        sleep: Pauses, in seconds.
    """
    places, done = [_Place(table, column) for table, column in sealed_columns()], Resealed()
    for again in range(_ROUNDS):
        done.left = sum([await _count(storage, place) for place in places]) - done.damaged
        if not done.left:
            break
        await sleep(min(again, 5) * 0.1)
        total = done.anew + done.left
        for place in places:
            async for anew in _reseal_column(storage, place, sleep):
                done.anew += anew
                told(done.anew, max(total, done.anew))
            done.damaged = sum(len(place.damaged) for place in places)
    return done


def sealed_columns() -> Sequence[tuple[Table, Column[bytes]]]:
    """Return every column that is sealed."""
    return [
        (table, column)
        for table in Tables.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(_SUFFIX)
    ]


def place_of(table: str, column: str, row: Sequence[object]) -> str:
    """Return the place a sealed column is bound to.

    Args:
        table: Name of the table.
        column: Name of the column.
        row: The values of the row's primary key.
    """
    return f"{table}.{column.removesuffix(_SUFFIX)}:{':'.join(map(str, row))}"


async def _count(storage: Storage, place: _Place) -> int:
    query = select(func.count()).select_from(place.table).where(_older(storage, place.column))
    async with storage.reading() as session:
        return await session.scalar(query) or 0


def _older(storage: Storage, column: Column[bytes]) -> ColumnElement[bool]:
    head = key_head(storage.ring.newest)
    return and_(column.is_not(None), func.substr(column, 1, len(head)) != head)


async def _reseal_column(
    storage: Storage, place: _Place, sleep: Callable[[float], Awaitable[None]]
) -> AsyncGenerator[int]:
    """Seal a column anew, and give how many values it were after each batch."""
    query = select(*place.keys).where(_older(storage, place.column)).order_by(*place.keys).limit(_BATCH)
    batch, loop = query, asyncio.get_running_loop()
    while True:
        async with storage.reading() as session:
            found = (await session.execute(batch)).all()
        if not found:
            return
        began = loop.time()
        yield await _reseal_rows(storage, place, found)
        await sleep(loop.time() - began)  # half of the time is the others'
        last = tuple_(*found[-1], types=[key.type for key in place.keys])
        batch = query.where(tuple_(*place.keys) > last)


async def _reseal_rows(storage: Storage, place: _Place, rows: Sequence[Row[Any]]) -> int:
    """Seal some rows anew; rows that others hold at the moment, or have changed, are passed by."""
    ring, anew = storage.ring, 0
    wanted = [_is(place, row) for row in rows if tuple(row) not in place.damaged]
    if not wanted:
        return 0
    free = (
        select(*place.keys, place.column)
        .where(or_(*wanted), _older(storage, place.column))
        .order_by(*place.keys)
        .with_for_update(skip_locked=True, key_share=True)
    )
    async with storage.writing() as session:
        for *row, old in (await session.execute(free)).all():
            bound_to = place_of(place.table.name, place.column.name, row)
            try:
                new = ring.seal(ring.open(old, place=bound_to), place=bound_to)
            except Misconfigured as error:
                place.damaged.add(tuple(row))
                where = f"{place.table.name}.{place.column.name}"
                log.error("a sealed value does not open", where=where, **fault(error))  # noqa: TRY400  no traceback
                continue
            resealed = update(place.table).where(_is(place, row)).values({place.column.name: new})
            await session.execute(touching(resealed))  # what is inside stays as it was
            anew += 1
    return anew


def _is(place: _Place, row: Sequence[object]) -> ColumnElement[bool]:
    return and_(*(key == value for key, value in zip(place.keys, row, strict=True)))
