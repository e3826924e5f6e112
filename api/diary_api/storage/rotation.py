"""Sealing everything anew after a key was added, so that the older keys can be thrown away.

The order is: `diary keys add`, restart every gateway, `diary keys reseal --drop`.
A gateway that has not seen the new key yet cannot open what is sealed with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Table, select, tuple_, update

from diary_api.storage.database import Storage
from diary_api.storage.sealing import key_id_of
from diary_api.storage.tables import Table as Tables

_SUFFIX = "_sealed"
_BATCH = 200


async def reseal(storage: Storage) -> int:
    """Seal every value anew that an older key has sealed; return how many there were.

    Values that change meanwhile are left alone: whoever changed them has sealed them.
    """
    return sum(
        [
            await _reseal_column(storage, table, column)
            for table in Tables.metadata.sorted_tables
            for column in table.columns
            if column.name.endswith(_SUFFIX)
        ]
    )


def place_of(table: str, column: str, row: Sequence[object]) -> str:
    """Return the place a sealed column is bound to.

    Args:
        table: Name of the table.
        column: Name of the column.
        row: The values of the row's primary key.
    """
    return f"{table}.{column.removesuffix(_SUFFIX)}:{':'.join(map(str, row))}"


async def _reseal_column(storage: Storage, table: Table, column: Column[bytes]) -> int:
    keys = tuple(table.primary_key.columns)
    sealed_anew = 0
    query = select(*keys, column).where(column.is_not(None)).order_by(*keys).limit(_BATCH)
    batch = query
    while True:
        async with storage.reading() as session:
            rows = (await session.execute(batch)).all()
        if not rows:
            return sealed_anew
        last = tuple_(*rows[-1][:-1], types=[key.type for key in keys])
        batch = query.where(tuple_(*keys) > last)
        async with storage.writing() as session:
            for *row, old in rows:
                if key_id_of(old) == storage.ring.newest:
                    continue
                place = place_of(table.name, column.name, row)
                new = storage.ring.seal(storage.ring.open(old, place=place), place=place)
                same = (key == value for key, value in zip(keys, row, strict=True))
                await session.execute(update(table).where(*same, column == old).values({column.name: new}))
                sealed_anew += 1
