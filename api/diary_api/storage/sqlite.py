"""What SQLite needs: transactions that begin when we say so, and as few errands to its threads as can be.

The driver gives each connection a thread and sends it there for every little thing: for a cursor, its
statement, its rows, its end. Each errand costs more than the work. So a statement and its rows are one
errand here, and whoever only reads makes none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite
from aiosqlite.context import contextmanager
from sqlalchemy import URL, event
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from diary_api.settings import DatabaseLimits
from diary_core.errors import Misconfigured

ResultT = TypeVar("ResultT")

BUSY_MS = 10_000
"""How long a file that another process is writing to is waited for."""
LASTS = "diary_lasts"
"""Option of a connection that writes: what it commits must outlive a loss of power."""
_SYNCHRONOUS: Final = "diary_synchronous"
"""Under this a connection keeps how it was last told to wait for the disk."""
_READER_BUSY_MS: Final = 100
"""Readers wait for no writer, but for whoever mends the log after a crash, and all the process with them."""
_PATIENCE_MS = 1_000
"""How long readers may put off the emptying of the log; writers wait meanwhile."""
_ROWS_AT_ONCE: Final = 64


def writers(url: URL, limits: DatabaseLimits) -> AsyncEngine:
    """Return an engine that is durable, concurrent and strict about references.

    The driver's own transaction control begins too late to hold a lock, so we say BEGIN ourselves.
    Source: SQLAlchemy's documentation of the SQLite dialect, "Serializable isolation / Savepoints".

    Raises:
        Misconfigured: The file of the database is in no folder.
    """
    if not Path(url.database or "").parent.is_dir():
        raise Misconfigured(
            "DIARY_DATABASE_URL names a file in a folder that is not there", field="database_url"
        )
    engine = _engine(
        url,
        limits,
        _InThread,
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "secure_delete=ON",
    )

    def begun(connection: SqlConnection) -> None:
        synchronous = "FULL" if connection.get_execution_options().get(LASTS) else "NORMAL"
        if connection.info.get(_SYNCHRONOUS) != synchronous:
            connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
            connection.info[_SYNCHRONOUS] = synchronous
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "begin", begun)
    return engine


def readers(url: URL, limits: DatabaseLimits) -> AsyncEngine:
    """Return an engine that reads the same file, and can do nothing else."""
    engine = _engine(url, limits, _InLoop, f"busy_timeout={_READER_BUSY_MS}", "query_only=ON")

    def begun(connection: SqlConnection) -> None:
        connection.exec_driver_sql("BEGIN")

    event.listen(engine.sync_engine, "begin", begun)
    return engine


async def empty_log(engine: AsyncEngine) -> bool:
    """Move the log into the database and cut it to nothing; tell whether nobody who reads has put it off."""
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert isinstance(raw, aiosqlite.Connection)  # noqa: S101  SQLite has no other driver here
        await raw.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        try:
            async with raw.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                put_off, *_ = await cursor.fetchone() or (1,)
        finally:
            await raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return not put_off


class _Cursor(aiosqlite.Cursor):
    """Takes all rows of a statement when it is run."""

    _rows: Sequence[Any] = ()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> _Cursor:
        given = tuple(parameters or ())
        self._rows = await self._execute(self._run, sql, given)  # pyright: ignore[reportUnknownMemberType]  untyped
        return self

    def _run(self, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall() if self._cursor.description else ()

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        asked, self._rows = self._rows[:size], self._rows[size:] if size else ()
        return asked

    async def close(self) -> None:
        self._cursor.close()


class _InThread(aiosqlite.Connection):
    """Sends its statements to a thread of its own, where a lock of the file may be waited for."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, _ROWS_AT_ONCE)
        self._thread.daemon = True

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())

    async def create_function(
        self, name: str, num_params: int, func: Callable[..., Any], deterministic: bool = False
    ) -> None:
        """Add a function at once: whoever is cancelled here would leave an open connection to nobody."""
        self._conn.create_function(name, num_params, func, deterministic=deterministic)


class _InLoop(_InThread):
    """Asks the file where the asker is.

    In SQLite's journal mode WAL a reader waits for no writer. What a page that is not in memory costs, one
    read of the disk, everybody waits for.
    """

    async def _execute(self, fn: Callable[..., ResultT], *args: Any, **kwargs: Any) -> ResultT:
        return fn(*args, **kwargs)


def _engine(url: URL, limits: DatabaseLimits, kind: type[_InThread], *pragmas: str) -> AsyncEngine:
    (file,), given = url.get_dialect()().create_connect_args(url)
    options: dict[str, Any] = {**given, "isolation_level": None, "check_same_thread": False}

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(file, **options)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    async def opened() -> aiosqlite.Connection:
        return await kind(connect)

    return create_async_engine(
        url,
        async_creator=opened,
        hide_parameters=True,
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.patience.total_seconds(),
    )
