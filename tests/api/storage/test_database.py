"""The database has the shape the code expects, opens only with its own keys, and survives company."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from diary_api.settings import Settings
from diary_api.storage import sqlite
from diary_api.storage.key_file import load_or_create
from diary_api.storage.tables import Table
from diary_core.errors import GatewayBusy, Misconfigured
from tests.api.running import EMAIL, PASSWORD, MovableClock, RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

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


@pytest.mark.sqlite
async def test_sqlite_is_durable_and_strict(gate: RunningGateway) -> None:
    """Write-ahead log, references that hold, and erased bytes that are overwritten."""
    async with gate.gateway.storage.writing() as session:
        found = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.sqlite
async def test_what_only_reads_can_change_nothing(gate: RunningGateway) -> None:
    """A statement that writes is refused where nothing but reading was meant."""
    await gate.parent()
    with pytest.raises(GatewayBusy):
        async with gate.gateway.storage.reading() as session:
            await session.execute(text("DELETE FROM accounts"))
    async with gate.gateway.storage.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM accounts"))).scalar_one() == 1


async def test_rows_that_are_streamed_all_come(gate: RunningGateway) -> None:
    """In batches, from what only reads and from what writes."""
    storage = gate.gateway.storage
    numbers = text(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100) SELECT x FROM n"
    )
    for opened in (storage.reading, storage.writing):
        async with opened() as session:
            streamed = await session.stream_scalars(numbers)
            assert [number async for number in streamed] == list(range(1, 101))


@pytest.mark.sqlite
async def test_a_promise_reaches_the_disk(gate: RunningGateway) -> None:
    """SQLite waits for the disk where something was promised, and only there."""
    found: list[int] = []
    for lasting in (False, True, False):
        async with gate.gateway.storage.writing(lasting=lasting) as session:
            found.append((await session.execute(text("PRAGMA synchronous"))).scalar_one())
    normal, full = 1, 2
    assert found == [normal, full, normal]


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
    load_or_create(tmp_path / "other.keys", datetime.now(UTC))
    lost = settings_for(tmp_path, key_file=tmp_path / "other.keys")
    with pytest.raises(Misconfigured, match=r"another database's key ring.*DIARY_KEY_FILE"):
        async with running(lost):
            pass


@pytest.mark.sqlite
async def test_no_keys_are_made_for_a_database_that_has_its_own(settings: Settings, tmp_path: Path) -> None:
    """A database brought back without its key file asks for it: a new one would only stand in its way."""
    async with running(settings):
        pass
    (tmp_path / "diary.keys").rename(tmp_path / "kept elsewhere")
    with pytest.raises(Misconfigured, match=r"diary\.keys"):
        async with running(settings):
            pass
    assert not (tmp_path / "diary.keys").exists()
    (tmp_path / "kept elsewhere").rename(tmp_path / "diary.keys")
    async with running(settings) as gate:
        assert (await gate.client.get("/readyz")).status_code == 200


async def test_several_gateways_start_at_once(tmp_path: Path) -> None:
    """One of them migrates, all of them run."""
    settings = settings_for(tmp_path)

    async def start() -> int:
        async with running(settings) as gate:
            return (await gate.client.get("/readyz")).status_code

    assert await asyncio.gather(*(start() for _ in range(4))) == [200] * 4


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "mysql+nodriver://secret-password@x/y"])
async def test_a_wrong_database_address(tmp_path: Path, url: str) -> None:
    """It is `misconfigured`, and says how one looks; the address is not shown: it may hold a password."""
    with pytest.raises(Misconfigured, match=r"DIARY_DATABASE_URL .* postgresql\+asyncpg://") as caught:
        async with running(settings_for(tmp_path, database_url=url)):
            pass
    assert "secret-password" not in str(caught.value)


async def test_a_database_file_in_no_folder(tmp_path: Path) -> None:
    """It is `misconfigured` at once: waiting a minute would not make the folder."""
    url = f"sqlite+aiosqlite:///{tmp_path}/nowhere/diary.db"
    with pytest.raises(Misconfigured, match="a folder that is not there"):
        async with running(settings_for(tmp_path, database_url=url)):
            pass


@pytest.mark.sqlite
@pytest.mark.parametrize("path", ["/v1/tokens", "/v1/connections"])
async def test_a_database_that_is_held(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """While another process holds the database a write is refused as `gateway_busy`, later it is done."""
    monkeypatch.setattr(sqlite, "BUSY_MS", 100)
    body = {"name": "x", "scopes": ["diary:read"], "region": "29", "method": "password"}
    asked = {key: body[key] for key in (["name", "scopes"] if path == "/v1/tokens" else ["region", "method"])}
    async with running(settings) as gate:
        parent = await gate.parent()
        with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = await parent.post(path, json=asked)
            assert (await gate.client.get("/readyz")).status_code == 200
        assert (refused.status_code, refused.json()["code"]) == (503, "gateway_busy")
        assert "sqlite" not in refused.text.lower()
        assert (await parent.post(path, json=asked)).status_code == 201


def contents(folder: Path) -> list[bytes]:
    """Return what the files of the database hold, its log included."""
    return [file.read_bytes() for file in folder.iterdir() if file.name.startswith("diary.db")]


@pytest.mark.sqlite
@pytest.mark.parametrize("read", [False, True])
async def test_what_is_erased_leaves_the_files(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: bool
) -> None:
    """No byte is left in the database or its log; whoever reads meanwhile puts that off, and no more."""
    monkeypatch.setattr(sqlite, "_PATIENCE_MS", 50)
    async with running(settings) as gate:
        parent = await gate.parent()
        async with gate.gateway.storage.reading() as session:
            (sealed,) = (await session.execute(text("SELECT email_sealed FROM accounts"))).scalars()
        with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
            if read:
                other.execute("BEGIN")
                other.execute("SELECT * FROM accounts").fetchall()
            assert (await parent.delete("/v1/me")).status_code == 200
            assert any(sealed in content for content in contents(tmp_path)) is read


@pytest.mark.sqlite
async def test_a_held_database_hides_no_answer_of_the_diary(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: MovableClock, town: TinyTown
) -> None:
    """A week the diary has given is served though it cannot be kept now."""
    monkeypatch.setattr(sqlite, "BUSY_MS", 100)
    async with running(settings, tiny_plugins(town), clock) as gate:
        family = await gate.family()
        clock.move(timedelta(minutes=5))
        with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            week = await family.read("week")
    assert week.status_code == 200
    assert week.json()["stale"] is False


async def test_writers_do_not_lock_each_other_out(gate: RunningGateway) -> None:
    """Fifty writes and fifty reads at once all succeed."""
    parent = await gate.parent()
    writes = (parent.post("/v1/tokens", json={"name": str(n), "scopes": ["diary:read"]}) for n in range(50))
    reads = (parent.get("/v1/tokens") for _ in range(50))
    answers = await asyncio.gather(*writes, *reads)
    assert [answer.status_code for answer in answers] == [201] * 50 + [200] * 50
    assert len((await parent.get("/v1/tokens")).json()["items"]) == 50
