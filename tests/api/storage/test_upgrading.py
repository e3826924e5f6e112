"""The database is brought up while gateways of the previous version serve from it."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from diary_api.settings import DatabaseLimits, Settings
from diary_api.storage import KeyRing, migrate, open_storage
from diary_api.storage.migrate import upgrade_beside_others
from diary_core.errors import Misconfigured
from tests.api.databases import in_a_loop_of_its_own
from tests.api.running import LinkedFamily, MovableClock, running
from tests.api.storage.test_migrations import bring_down
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

NEXT = '''
"""What the version after this one adds to the tables that are used most."""
import time
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{before}", None, None

def upgrade():
    for table in ("access_keys", "answers", "children"):
        op.add_column(table, sa.Column("added", sa.String(length=255), nullable=True))
        op.add_column(table, sa.Column("counted", sa.Integer(), nullable=False, server_default="0"))
    op.create_table("brand_new", sa.Column("id", sa.String(length=255), primary_key=True))
    time.sleep({seconds})
'''
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def newest() -> str:
    head = ScriptDirectory.from_config(migrate.configuration()).get_current_head()
    assert head is not None
    return head


@contextmanager
def the_next_version(folder: Path, *, seconds: float = 0.3) -> Generator[None]:
    """Be the next version for a while: it has one migration more, which takes so long."""
    (folder / "next").mkdir(exist_ok=True)
    (folder / "next" / "r9999_next.py").write_text(NEXT.format(before=newest(), seconds=seconds))

    def configuration() -> Config:
        config = ours()
        versions = [ScriptDirectory.from_config(config).versions, str(folder / "next")]
        config.set_main_option("version_locations", os.pathsep.join(versions))
        return config

    ours = migrate.configuration
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "configuration", configuration)
        migrate.newest.cache_clear()
        try:
            yield
        finally:
            migrate.newest.cache_clear()


async def upgraded(settings: Settings) -> Sequence[str]:
    """Do what `diary database upgrade` does."""
    nothing = KeyRing(newest="", keys={}, index_key=b"")
    async with open_storage(settings.database_url, nothing, DatabaseLimits(connections=1)) as storage:
        return await upgrade_beside_others(storage)


async def until_over(
    work: asyncio.Future[Sequence[str]], family: LinkedFamily, *, at_least: int
) -> list[int]:
    """Go on reading and writing until some work is over and a while longer; return the statuses."""
    statuses: list[int] = []
    while not work.done() or len(statuses) < at_least:
        body = {"name": str(len(statuses)), "scopes": ["diary:read"]}
        made = await family.parent.post("/v1/tokens", json=body)
        read = [await family.read("week"), await family.parent.get("/v1/children")]
        undone = await family.parent.delete(f"/v1/tokens/{made.json()['id']}")
        statuses += [answer.status_code for answer in (made, *read, undone)]
    return statuses


@BOTH
async def test_a_gateway_serves_while_the_next_version_upgrades(
    settings: Settings, tmp_path: Path, town: TinyTown, clock: MovableClock
) -> None:
    """Not one request fails, on either database; and a gateway of the previous version can start again."""
    async with running(settings, tiny_plugins(town), clock) as gate:
        family = await gate.family()
        with the_next_version(tmp_path):
            work = asyncio.create_task(asyncio.to_thread(in_a_loop_of_its_own, upgraded(settings)))
            statuses = await until_over(work, family, at_least=100)
            assert list(await work) == ["9999"]
        assert {status for status in statuses if status not in {200, 201, 204}} == set()
    async with running(settings, tiny_plugins(town), clock) as again:
        assert (await again.client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_an_upgrade_that_waits_lets_the_others_through(
    settings: Settings, tmp_path: Path, town: TinyTown, clock: MovableClock, log: io.StringIO
) -> None:
    """Somebody holds a table: the upgrade stands back again and again, and nobody is refused behind it."""
    engine = create_async_engine(settings.database_url.get_secret_value())
    async with running(settings, tiny_plugins(town), clock) as gate, engine.connect() as other:
        family = await gate.family()
        await other.execute(text("SELECT 1 FROM answers"))  # within a transaction, which keeps the table
        with the_next_version(tmp_path):
            work = asyncio.create_task(asyncio.to_thread(in_a_loop_of_its_own, upgraded(settings)))
            statuses: list[int] = []
            while "tried again" not in log.getvalue():
                statuses += [
                    (await family.read("week")).status_code,
                    (await family.parent.get("/v1/children")).status_code,
                ]
            await other.rollback()
            assert list(await work) == ["9999"]
        assert set(statuses) == {200}
    await engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_of_two_upgrades_one_does_it(settings: Settings, tmp_path: Path) -> None:
    """The other waits, and finds nothing to do."""
    with the_next_version(tmp_path):
        both = (asyncio.to_thread(in_a_loop_of_its_own, upgraded(settings)) for _ in range(2))
        assert sorted(map(list, await asyncio.gather(*both))) == [[], ["9999"]]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_gateway_says_how_to_upgrade(settings: Settings) -> None:
    """It does not do it by itself: others may be serving, and the operator chooses the hour."""
    async with running(settings) as gate:
        await bring_down(gate.gateway.storage, "0006")
    with pytest.raises(Misconfigured, match="diary database upgrade"):
        async with running(settings):
            pass
    assert (await upgraded(settings))[0] == "0007"
    async with running(settings) as gate:
        assert (await gate.client.get("/readyz")).status_code == 200


def test_each_migration_leaves_room_for_the_version_before(tmp_path: Path) -> None:
    """Nothing is taken away or narrowed, and what is new fills itself."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection, the_next_version(tmp_path, seconds=0):
        migrate.shape(connection, until="0007")
        before, told = shape(connection), dict[str, list[str]]()
        while migrate.shape_of(connection) != "9999":
            migrate.shape(connection, until="+1")
            now = shape(connection)
            told[str(migrate.shape_of(connection))] = [*in_the_way(before, now)]
            before = now
    engine.dispose()
    assert {name: ways for name, ways in told.items() if ways} == {}


def test_a_migration_that_is_in_the_way_is_noticed() -> None:
    """Of a table, a column, a type, a demand and a rule, each."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for statement in ("CREATE TABLE a (x TEXT, y TEXT, z TEXT, w TEXT)", "CREATE TABLE b (x TEXT)"):
            connection.execute(text(statement))
        before = shape(connection)
        for statement in (
            "DROP TABLE b",
            "ALTER TABLE a DROP COLUMN x",
            "ALTER TABLE a DROP COLUMN y",
            "ALTER TABLE a ADD COLUMN y INTEGER",
            "CREATE UNIQUE INDEX once ON a (w)",
        ):
            connection.execute(text(statement))
        now = shape(connection)
    engine.dispose()
    now["a"].columns["z"] = now["a"].columns["z"]._replace(required=True)
    now["a"].columns["v"] = now["a"].columns["z"]
    assert [*in_the_way(before, now)] == [
        "a.v must be filled",
        "a.x is gone",
        "a.y has another type",
        "a.z must be filled",
        "a has the new rule ('w',)",
        "b is gone",
    ]


class Column(NamedTuple):
    """What a process of the version before relies on."""

    kind: str
    required: bool


class TableShape(NamedTuple):
    """Columns, and what must be unique."""

    columns: dict[str, Column]
    rules: set[tuple[str | None, ...]]


def shape(connection: Connection) -> dict[str, TableShape]:
    """Return the shape of every table."""
    look = inspect(connection)
    return {
        table: TableShape(
            {
                column["name"]: Column(
                    str(column["type"]), not column["nullable"] and column.get("default") is None
                )
                for column in look.get_columns(table)
            },
            {tuple(one["column_names"]) for one in look.get_unique_constraints(table)}
            | {tuple(one["column_names"]) for one in look.get_indexes(table) if one["unique"]},
        )
        for table in look.get_table_names()
    }


def in_the_way(before: Mapping[str, TableShape], now: Mapping[str, TableShape]) -> Iterator[str]:
    """Tell what of a new shape a process that knows the old one only would stumble over."""
    for name, table in sorted(before.items()):
        if name not in now:
            yield f"{name} is gone"
            continue
        for column, was in sorted({**now[name].columns, **table.columns}.items()):
            got = now[name].columns.get(column)
            if got is None:
                yield f"{name}.{column} is gone"
            elif got.kind != was.kind:
                yield f"{name}.{column} has another type"
            elif got.required and not (column in table.columns and was.required):
                yield f"{name}.{column} must be filled"
        yield from (
            f"{name} has the new rule {rule}" for rule in sorted(now[name].rules - table.rules, key=str)
        )
