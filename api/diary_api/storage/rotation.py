"""Sealing everything anew after a key was added, so that the older keys can be thrown away.

The order is: `diary keys add`, restart every gateway, `diary keys reseal --drop`.
A gateway that has not seen the new key yet cannot open what is sealed with it.
"""

from __future__ import annotations

from sqlalchemy import Column, Table, select, update

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


def place_of(table: str, column: str, row_id: str) -> str:
    """Return the place a sealed column is bound to."""
    return f"{table}.{column.removesuffix(_SUFFIX)}:{row_id}"


async def _reseal_column(storage: Storage, table: Table, column: Column[bytes]) -> int:
    (key,) = table.primary_key.columns
    sealed_anew, last = 0, ""
    while True:
        query = select(key, column).where(key > last, column.is_not(None)).order_by(key).limit(_BATCH)
        async with storage.reading() as session:
            rows = (await session.execute(query)).all()
        if not rows:
            return sealed_anew
        last = rows[-1][0]
        async with storage.writing() as session:
            for row_id, old in rows:
                if key_id_of(old) == storage.ring.newest:
                    continue
                place = place_of(table.name, column.name, row_id)
                new = storage.ring.seal(storage.ring.open(old, place=place), place=place)
                await session.execute(
                    update(table).where(key == row_id, column == old).values({column.name: new})
                )
                sealed_anew += 1
