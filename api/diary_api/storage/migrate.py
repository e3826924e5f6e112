"""Bringing the database to the shape this version needs."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from diary_api.storage.database import Storage
from diary_api.storage.tables import MetaRow
from diary_core.errors import Misconfigured

_PROBE = "key ring"


async def upgrade(storage: Storage) -> None:
    """Run every migration that has not run yet; when several processes start at once, one runs them."""
    async with storage.writing() as session:
        await (await session.connection()).run_sync(shape)


async def check(storage: Storage) -> None:
    """Make sure that the database has our shape and that the key ring opens it.

    Raises:
        Misconfigured: It does not, and what to do.
    """
    async with storage.reading() as session:
        found = await (await session.connection()).run_sync(_shape)
    if found != _newest():
        raise Misconfigured(
            f"the database has shape {found!r}, this version needs {_newest()!r}: migrate it",
            field="database_url",
        )
    async with storage.writing() as session:
        probe = await session.get(MetaRow, _PROBE)
        place = f"meta.value:{_PROBE}"
        if probe is None:
            session.add(MetaRow(name=_PROBE, value_sealed=storage.ring.seal(b"fits", place=place)))
        else:
            storage.ring.open(probe.value_sealed, place=place)


def configuration() -> Config:
    """Return Alembic's configuration, with the scripts found inside this package."""
    config = Config()
    config.set_main_option("script_location", str(files("diary_api").joinpath("storage/migrations")))
    config.set_main_option("path_separator", "os")
    return config


def shape(connection: Connection) -> None:
    """Run, on an open connection, every migration that has not run yet."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _shape(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()
