"""What PostgreSQL needs: waits that end, dead connections that are noticed, and its errors told apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from diary_api.settings import DatabaseLimits
from diary_core.errors import Misconfigured

_BUSY: Final = (
    "08",  # the connection broke
    "40",  # deadlock, serialisation
    "53",  # too many connections, no space, no memory
    "55P03",  # a lock was not had in time
    "57",  # a statement took too long, the server stops or starts
)
"""Beginnings of the SQLSTATEs after which the same may go well a moment later."""
_REFUSED: Final = ("28", "3D000")
"""Of those that say: not with this user, not this database."""
_WHY: Final = {
    "28000": "it knows no such user, or does not let it in from here",
    "28P01": "the password is not that user's",
    "3D000": "it has no database of that name",
}
_CONNECTING: Final = timedelta(seconds=10)
_LONGER: Final = timedelta(seconds=1)
"""The server is given the time to say itself that it took too long."""


def engine(url: URL, limits: DatabaseLimits) -> AsyncEngine:
    """Return an engine that waits for nothing longer than it should.

    Connections that the server has closed are replaced when they are next wanted, all of them at once: the
    engine's own way, asking the server before each transaction, costs three round trips for each.
    """
    made = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.patience.total_seconds(),
        connect_args=_arguments(limits.patience),
    )

    def checked_out(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        del entry, proxy
        driver: Any = connection.driver_connection  # asyncpg's, which has no types
        if driver.is_closed():
            raise InvalidatePoolError

    event.listen(made.sync_engine, "checkout", checked_out)
    return made


def busy(error: DBAPIError) -> bool:
    """Tell whether the same may go well a moment later.

    Raises:
        Misconfigured: The server wants nothing of us: another address or password is needed.
    """
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith(_REFUSED):
        why = _WHY.get(state, "it does not say why")
        raise Misconfigured(
            f"the database of DIARY_DATABASE_URL refuses us: {why} (SQLSTATE {state})", field="database_url"
        ) from None
    return state.startswith(_BUSY) or error.connection_invalidated


def _arguments(patience: timedelta) -> dict[str, Any]:  # the driver's own: numbers and maps
    """Return what the driver is told, so that nothing waits longer than this for the server.

    Args:
        patience: For a connection, for a lock, for a statement, and for a client that has fallen silent.
    """
    ms = str(round(patience.total_seconds() * 1000))
    return {
        "timeout": min(patience, _CONNECTING).total_seconds(),
        "command_timeout": (patience + _LONGER).total_seconds(),
        "server_settings": {
            "application_name": "diary-gateway",
            "statement_timeout": ms,
            "lock_timeout": ms,
            "idle_in_transaction_session_timeout": ms,
        },
    }
