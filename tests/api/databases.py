"""The databases a gateway of the tests stands on: an SQLite file, or one of its own in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from diary_api.storage import migrate
from tests.services import Postgres

ResultT = TypeVar("ResultT")
Database = Callable[[Path], str]
"""Makes the address of the database that belongs to a folder: an empty one of the newest shape at first."""

EVERYTHING_ON_POSTGRES = os.environ.get("DIARY_TESTS_ON") == "postgresql"
"""Whether the whole of tests/api runs on PostgreSQL: `make test-postgres`."""


_PLACE = "database"
"""The file in a test's folder that names its database."""


def on_sqlite(folder: Path) -> str:
    """Return the address of a file in the folder."""
    file = folder / "diary.db"
    if not file.exists():
        file.write_bytes(_shaped_file())
    return f"sqlite+aiosqlite:///{file}"


def on_postgres(server: Postgres) -> Database:
    """Return what makes databases in a server, and remembers in the folder which is its own."""

    def made(folder: Path) -> str:
        place = folder / _PLACE
        if not place.exists():
            spare = _spare.get(server)
            place.write_text(spare.pop() if spare else in_a_loop_of_its_own(server.fresh(_shaped(server))))
        return server.url(place.read_text())

    return made


def put_away(server: Postgres, folder: Path) -> None:
    """Put the database of a folder away, where there is one.

    The next test that wants one gets it emptied: making one takes longer than most tests.
    """
    place = folder / _PLACE
    if place.exists():
        in_a_loop_of_its_own(_emptied(server, place.read_text()))
        place.unlink()


async def _emptied(server: Postgres, name: str) -> None:
    if await server.emptied(name, migrate.newest()):
        _spare.setdefault(server, []).append(name)
    else:
        await server.drop(name)


def by_default(folder: Path) -> str:
    """Return the address of the database that a test gets which asks for none in particular."""
    return _defaults[-1](folder)


@contextmanager
def as_default(database: Database) -> Generator[None]:
    """Give one kind of database to every test that asks for none in particular."""
    _defaults.append(database)
    try:
        yield
    finally:
        _defaults.pop()


_defaults: list[Database] = [on_sqlite]
_spare: dict[Postgres, list[str]] = {}
"""Databases that are empty and have the newest shape."""


def in_a_loop_of_its_own(work: Coroutine[None, None, ResultT]) -> ResultT:
    """Run some work to its end, whether or not the caller's thread has a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@cache
def _shaped_file() -> bytes:
    """Return an empty file of the newest shape; the migrations run once a process, not once a test."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "diary.db"
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            migrate.shape(connection)
        engine.dispose()
        return file.read_bytes()


@cache
def _shaped(server: Postgres) -> str:
    """Return the name of an empty database of the newest shape, to make others from."""

    async def shape() -> str:
        name = await server.fresh()
        engine = create_async_engine(server.url(name))
        async with engine.begin() as connection:
            await connection.run_sync(migrate.shape)
        await engine.dispose()
        return name

    return in_a_loop_of_its_own(shape())
