"""No sealed column is forgotten when keys are changed, and each is sealed for the place rotation knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, insert, select

from diary_api.settings import Settings
from diary_api.storage import KeyRing, Storage, open_storage
from diary_api.storage.key_file import load
from diary_api.storage.rotation import place_of, reseal, sealed_columns
from diary_api.storage.sealing import key_id_of
from diary_api.storage.tables import Table
from diary_api.storage.times import UtcDateTime
from tests.api.absences.telling import DAY
from tests.api.changes.test_changes import better, looked, on_first_lesson
from tests.api.grants.giving import invite
from tests.api.identities.state_service import StateOffice, a_person, plugins_with
from tests.api.identities.walking import entered, proven, to_enter
from tests.api.running import MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio
NEW = "000000ff"


def turned(ring: KeyRing) -> KeyRing:
    """Return a ring with a newer key."""
    return KeyRing(newest=NEW, keys={NEW: b"n" * 32, **ring.keys}, index_key=ring.index_key)


async def sealed_values(storage: Storage) -> dict[tuple[str, str], list[tuple[str, bytes]]]:
    """Return every sealed value by column, with the place rotation takes it to be bound to."""
    found: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
    async with storage.reading() as session:
        for table, column in sealed_columns():
            keys = tuple(table.primary_key.columns)
            rows = (await session.execute(select(*keys, column).where(column.is_not(None)))).all()
            places = [(place_of(table.name, column.name, row[:-1]), row[-1]) for row in rows]
            found[table.name, column.name] = places
    return found


def test_whatever_is_bytes_is_sealed() -> None:
    """Rotation finds sealed columns by their names, so none may have another."""
    columns = [column for table in Table.metadata.sorted_tables for column in table.columns]
    unnamed = [str(one) for one in columns if isinstance(one.type, LargeBinary)]
    assert sorted(unnamed) == sorted(str(column) for _, column in sealed_columns())


async def test_every_column_is_sealed_anew(settings: Settings) -> None:
    """One row of every table with every sealed column filled: all of them open with the new key alone."""
    ring = load(settings.key_file).ring()
    async with open_storage(settings.database_url, ring) as storage, storage.writing() as session:
        for table in Table.metadata.sorted_tables:
            row = {column.name: invented(column) for column in table.columns}
            keys = [row[key.name] for key in table.primary_key.columns]
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    row[column.name] = ring.seal(b"x", place=place_of(table.name, column.name, keys))
            await session.execute(insert(table).values(row))
    newer = turned(ring)
    async with open_storage(settings.database_url, newer) as storage:
        done = await reseal(storage)
        values = await sealed_values(storage)
    assert (done.anew, done.whole) == (len(sealed_columns()), True)
    assert [where for where, found in values.items() if [key_id_of(one) for _, one in found] != [NEW]] == []
    alone = KeyRing(newest=NEW, keys={NEW: newer.keys[NEW]}, index_key=b"")
    assert {alone.open(one, place=place) for found in values.values() for place, one in found} == {b"x"}


def invented(column: Column[Any]) -> Any:  # of any type
    """Return a value that fits; all rows refer to one another by it."""
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 9, 1, tzinfo=UTC)
    return {date: date(2026, 9, 1), int: 1, bool: True}.get(column.type.python_type, "x")


async def test_the_gateway_seals_for_the_place_rotation_knows(
    settings: Settings, clock: MovableClock, town: TinyTown
) -> None:
    """A life that fills every sealed column: each value of it opens where rotation looks for it."""
    office = StateOffice()
    async with running(settings, plugins_with(town, office), clock) as gate:
        await live(gate, town, office)
        await gate.gateway.habits.write()
        values = await sealed_values(gate.gateway.storage)
        ring = gate.gateway.storage.ring
        assert [where for where, found in values.items() if not found] == []
        opened = [ring.open(one, place=place) for found in values.values() for place, one in found]
        assert len(opened) > len(values)


async def live(gate: RunningGateway, town: TinyTown, office: StateOffice) -> None:
    """Do one thing for each column."""
    family = await gate.family()
    parent, child = family.parent, family.child_ids[0]
    await gate.client.post(
        "/v1/accounts",
        json={"email": "ivan@example.org", "password": "four quiet sparrows"},
        headers={"Idempotency-Key": "k"},
    )
    await parent.post("/v1/tokens", json={"name": "Кухня", "scopes": ["diary:read"]})
    await family.read("week")
    town.edit = on_first_lesson(better)
    await looked(gate, family)
    await invite(gate, family)
    town.notices = {}
    notice = {"since": DAY, "reason_code": "3"}
    assert (await parent.post(f"/v1/children/{child}/absence-notices", json=notice)).status_code == 201
    await proven(gate, office, parent, a_person())
    await entered(gate, office, a_person())
    way = await to_enter(gate)
    await way.back(code=office.consent(a_person()))
