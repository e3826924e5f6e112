"""Bringing the database to the shape this version needs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from diary_api.storage import postgres
from diary_api.storage.database import Storage
from diary_api.storage.tables import MetaRow
from diary_core.errors import GatewayBusy, Misconfigured

log = structlog.stdlib.get_logger()

_PROBE = "key ring"
_TURN = 0x64696172
"""The number under which upgrades of one database take turns."""
_LOCK_MS = 1_000
"""How long a step waits for a table, and whoever wants the table behind it."""
_TRIES, _PAUSE_S = 60, 1.0


async def upgrade(storage: Storage) -> None:
    """Bring an embedded database up; when several processes start at once, one of them does it."""
    async with storage.writing() as session:
        await (await session.connection()).run_sync(_shaped_at_once)


async def upgrade_beside_others(storage: Storage) -> Sequence[str]:
    """Bring a database up that other processes are serving from, and return the steps that were made.

    Each step is a transaction of its own. A step asks for its locks for a short while only, because whoever
    wants the table after it waits too; then it lets the others through and asks again.
    One upgrade runs at a time: a second one waits, and finds nothing left to do.

    Raises:
        GatewayBusy: A table was held all the time; what has been done before is kept.
    """
    before = await _read_shape(storage)
    if storage.embedded:
        await upgrade(storage)
        after = await _read_shape(storage)
        return () if before == after else (str(after),)
    made: list[str] = []
    while (step := await _step(storage)) is not None:
        made.append(step)
    return made


async def check(storage: Storage) -> None:
    """Make sure that the database has a shape we can serve and that the key ring opens it.

    A newer shape will do: what a newer version adds is in nobody's way.

    Raises:
        Misconfigured: It does not, and what to do.
    """
    found, ours = await _read_shape(storage), newest()
    if found is None or found < ours:
        has = "is empty" if found is None else f"has shape {found!r}"
        raise Misconfigured(
            f"the database {has}, this version needs {ours!r}: run `diary database upgrade`",
            field="database_url",
        )
    if found > ours:
        log.info("a newer version has shaped the database", found=found, ours=ours)
    try:
        await _prove_key(storage)
    except IntegrityError:  # another gateway that has just begun has left its probe
        await _prove_key(storage)


async def _prove_key(storage: Storage) -> None:
    """Open what the first gateway has sealed, or seal it for those that come.

    Raises:
        Misconfigured: The key ring does not open it.
    """
    async with storage.writing() as session:
        probe = await session.get(MetaRow, _PROBE)
        place = f"meta.value:{_PROBE}"
        if probe is None:
            session.add(MetaRow(name=_PROBE, value_sealed=storage.ring.seal(b"fits", place=place)))
            return
        try:
            storage.ring.open(probe.value_sealed, place=place)
        except Misconfigured as error:
            told = f"this is another database's key ring, {error}: DIARY_KEY_FILE or DIARY_KEYS chooses it"
            raise Misconfigured(told, field="key_file") from None


@dataclass(frozen=True)
class Fitness:
    """Whether a database that answers fits this process."""

    shaped: bool
    """Whether it has our shape or a newer one."""
    opens: bool
    """Whether the keys open it."""


async def fitness(storage: Storage) -> Fitness:
    """Look whether the database has a shape we can serve and the key ring opens it; changes nothing.

    Raises:
        GatewayBusy: It does not answer.
    """
    async with storage.reading() as session:
        found = await (await session.connection()).run_sync(shape_of)
        probe = await session.get(MetaRow, _PROBE)
    try:
        opens = probe is not None and bool(
            storage.ring.open(probe.value_sealed, place=f"meta.value:{_PROBE}")
        )
    except Misconfigured:
        opens = False
    return Fitness((found or "") >= newest(), opens)


def configuration() -> Config:
    """Return Alembic's configuration, with the scripts found inside this package."""
    config = Config()
    config.set_main_option("script_location", str(files("diary_api").joinpath("storage/migrations")))
    config.set_main_option("path_separator", "os")
    return config


@cache
def newest() -> str:
    """Return the name of our last migration; they are numbers of four digits, so the later is the greater."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None  # noqa: S101  there is a first one
    return head


def shape(connection: Connection, *, until: str = "head") -> None:
    """Run, on an open connection, the migrations that have not run yet.

    Args:
        connection: Within a transaction, which is the caller's to end.
        until: The last one; `+1` for the next one alone.
    """
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, until)


def shape_of(connection: Connection) -> str | None:
    """Return the name of the last migration that has run."""
    return MigrationContext.configure(connection).get_current_revision()


async def _step(storage: Storage) -> str | None:
    """Make the next step and return its name; None when there is none."""
    for _ in range(_TRIES):
        try:
            async with storage.engine.begin() as connection:
                return await connection.run_sync(_next_shape)
        except DBAPIError as error:
            if not postgres.busy(error):
                raise
            log.info("the tables are in use: the step is tried again")
            await asyncio.sleep(_PAUSE_S)
    raise GatewayBusy("the tables of the database are held by others")


def _next_shape(connection: Connection) -> str | None:
    connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
    if (shape_of(connection) or "") >= newest():
        return None
    connection.execute(text(f"SET LOCAL lock_timeout = {_LOCK_MS}"))
    shape(connection, until="+1")
    return shape_of(connection)


def _shaped_at_once(connection: Connection) -> None:
    if (shape_of(connection) or "") < newest():
        shape(connection)


async def _read_shape(storage: Storage) -> str | None:
    async with storage.reading() as session:
        return await (await session.connection()).run_sync(shape_of)
