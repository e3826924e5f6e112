"""The database, and the two kinds of transactions on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from pydantic import SecretStr
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from diary_api.logs import fault
from diary_api.settings import DatabaseLimits
from diary_api.storage import postgres, sqlite
from diary_api.storage.sealing import KeyRing
from diary_api.storage.touched import NotingSession, Touched, noted
from diary_core.errors import GatewayBusy, Misconfigured

log = structlog.stdlib.get_logger()

_RETRY_AFTER = timedelta(seconds=5)


@dataclass(frozen=True)
class Storage:
    """The database and the keys that open it."""

    engine: AsyncEngine
    readers: AsyncEngine
    """For what only reads; the same one, but for SQLite."""
    ring: KeyRing = field(repr=False)
    touched: Touched = field(default_factory=Touched)
    """Hears of every row that was written."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """SQLite takes one writer at a time: ours queue here instead of knocking at its lock."""

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession, None]:
        """Open a transaction that sees one state of the database and changes nothing.

        Raises:
            GatewayBusy: The database does not answer.
        """
        with _answering():
            async with AsyncSession(self.readers, expire_on_commit=False) as session, session.begin():
                yield session

    @asynccontextmanager
    async def writing(self, *, lasting: bool = False) -> AsyncGenerator[AsyncSession, None]:
        """Open a transaction that is committed at the end, or undone by any error.

        Never hold it across a call to a diary.

        Args:
            lasting: Whether what is committed is a promise, and must outlive a loss of power a moment later.
                Any commit outlives a killed process; PostgreSQL keeps each of them as if it were a promise.

        Raises:
            GatewayBusy: The database does not answer, or another process does not let go of it.
        """
        writer = self.engine.execution_options(**{sqlite.LASTS: lasting})
        session = AsyncSession(writer, sync_session_class=NotingSession, expire_on_commit=False)
        try:
            with _answering():
                async with self._turn if self.embedded else nullcontext(), session, session.begin():
                    yield session
        finally:  # also when the commit has failed: nobody can say whether it did
            await self.touched.tell(noted(session))

    @asynccontextmanager
    async def erasing(self) -> AsyncGenerator[AsyncSession, None]:
        """Open a transaction that writes, and leave nothing behind of what it erases.

        SQLite overwrites erased pages, but its log keeps them as they were until it is written over:
        so the log is emptied afterwards. PostgreSQL drops its old rows when it next vacuums the table.

        Raises:
            GatewayBusy: As `writing`.
        """
        async with self.writing() as session:
            yield session
        if self.embedded:
            with _answering():
                async with self._turn:
                    emptied = await sqlite.empty_log(self.engine)
            if not emptied:
                log.warning("the log of the database was not emptied: it is being read")

    async def ready(self) -> bool:
        """Tell whether the database answers."""
        async with self.reading() as session:
            return (await session.execute(text("SELECT 1"))).scalar_one() == 1


@contextmanager
def _answering() -> Generator[None]:
    """Turn a database that does not answer into an error of our own; what it says goes nowhere."""
    try:
        yield
    except (OSError, NoConnectionFree, DBAPIError) as error:  # an OSError: nobody listens, or the time is up
        lost = OSError, NoConnectionFree, OperationalError, InterfaceError
        if not isinstance(error, lost) and not postgres.busy(error):
            raise
        log.error("the database does not answer", **fault(error))  # noqa: TRY400  a traceback quotes data
        raise GatewayBusy("the database does not answer", retry_after=_RETRY_AFTER) from error


def holds_data(database_url: SecretStr) -> bool:
    """Tell whether this is an SQLite file that is there already, so that its key ring must be, too."""
    try:
        url = make_url(database_url.get_secret_value())
        return url.get_backend_name() == "sqlite" and Path(url.database or "").stat().st_size > 0
    except (ArgumentError, OSError):
        return False


@asynccontextmanager
async def open_storage(
    database_url: SecretStr, ring: KeyRing, limits: DatabaseLimits | None = None
) -> AsyncGenerator[Storage, None]:
    """Open the database for the life of the gateway.

    Raises:
        Misconfigured: The address names no database we can talk to.
    """
    try:
        url = make_url(database_url.get_secret_value())
        engine, readers = _engines(url, limits or DatabaseLimits())
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise Misconfigured(
            f"DIARY_DATABASE_URL cannot be used: {type(error).__name__}. It is sqlite+aiosqlite:///FILE, or"
            " postgresql+asyncpg://USER:PASSWORD@HOST/NAME with the extra `postgres` of diary-api installed",
            field="database_url",
        ) from None
    try:
        yield Storage(engine, readers, ring)
    finally:
        await readers.dispose()
        await engine.dispose()


def _engines(url: URL, limits: DatabaseLimits) -> tuple[AsyncEngine, AsyncEngine]:
    """Return what writes, and what only reads."""
    if url.get_backend_name() == "sqlite":
        return sqlite.writers(url, limits), sqlite.readers(url, limits)
    engine = postgres.engine(url, limits)
    return engine, engine
