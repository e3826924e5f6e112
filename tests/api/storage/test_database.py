"""The database has the shape the code expects, opens only with its own keys, and survives company."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from diary_api.settings import Settings
from diary_api.storage.tables import Table
from diary_core.errors import Misconfigured
from tests.api.running import EMAIL, PASSWORD, RunningGateway, running, settings_for

pytestmark = pytest.mark.anyio


async def test_migrations_make_the_tables_of_the_code(gate: RunningGateway) -> None:
    """After every migration nothing is left to change."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    async with gate.gateway.storage.reading() as session:
        assert await (await session.connection()).run_sync(differences) == []


def test_the_tables_suit_postgresql() -> None:
    """Every table can be spoken in PostgreSQL's dialect."""
    made = [str(CreateTable(t).compile(dialect=postgresql.dialect())) for t in Table.metadata.sorted_tables]
    assert [statement for statement in made if "CREATE TABLE" not in statement] == []


async def test_sqlite_is_durable_and_strict(gate: RunningGateway) -> None:
    """Write-ahead log, references that hold, and erased bytes that are overwritten."""
    async with gate.gateway.storage.reading() as session:
        found = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}


async def test_a_gateway_starts_on_its_old_database(settings: Settings) -> None:
    """What was there before a restart is there after it."""
    async with running(settings) as first:
        await first.parent()
    async with running(settings) as second:
        body = {"email": EMAIL, "password": PASSWORD}
        assert (await second.client.post("/v1/sessions", json=body)).status_code == 201


async def test_another_key_ring_is_refused_at_start(settings: Settings, tmp_path: Path) -> None:
    """A database whose keys are lost is not silently filled with values of other keys."""
    async with running(settings):
        pass
    lost = settings_for(tmp_path, key_file=tmp_path / "other.keys")
    with pytest.raises(Misconfigured, match="key ring"):
        async with running(lost):
            pass


async def test_several_gateways_start_at_once(tmp_path: Path) -> None:
    """One of them migrates, all of them run."""
    settings = settings_for(tmp_path)

    async def start() -> int:
        async with running(settings) as gate:
            return (await gate.client.get("/readyz")).status_code

    assert await asyncio.gather(*(start() for _ in range(4))) == [200] * 4


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "mysql+nodriver://secret-password@x/y"])
async def test_a_wrong_database_address(tmp_path: Path, url: str) -> None:
    """It is `misconfigured`, and the address is not shown: it may hold a password."""
    with pytest.raises(Misconfigured) as caught:
        async with running(settings_for(tmp_path, database_url=url)):
            pass
    assert "secret-password" not in str(caught.value)


async def test_writers_do_not_lock_each_other_out(gate: RunningGateway) -> None:
    """Fifty writes and fifty reads at once all succeed."""
    parent = await gate.parent()
    writes = (parent.post("/v1/tokens", json={"name": str(n), "scopes": ["diary:read"]}) for n in range(50))
    reads = (parent.get("/v1/tokens") for _ in range(50))
    answers = await asyncio.gather(*writes, *reads)
    assert [answer.status_code for answer in answers] == [201] * 50 + [200] * 50
    assert len((await parent.get("/v1/tokens")).json()["items"]) == 50
