"""Several processes of one gateway, on a PostgreSQL and a Redis of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis
from pydantic import SecretStr
from sqlalchemy import text
from tests.services import Postgres, postgres_running, redis_running

from benchmarks.town import Served, Town
from diary_api.storage import open_storage
from diary_api.storage.key_file import load_or_create
from diary_api.storage.migrate import upgrade


@dataclass(frozen=True)
class Counted:
    """What the services have done so far."""

    transactions: int
    """Committed by PostgreSQL."""
    commands: int
    """Of Redis."""


@dataclass(frozen=True)
class Several:
    """Running processes."""

    served: Sequence[Served]
    settings: dict[str, str]

    def counted(self) -> Counted:
        """Return what the services have done so far."""
        with redis.Redis.from_url(self.settings["DIARY_REDIS_URL"]) as client:  # pyright: ignore[reportUnknownMemberType]  redis-py types it in part
            told = client.info("stats")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  as above
        return Counted(asyncio.run(self._committed()), int(told["total_commands_processed"]))  # pyright: ignore[reportUnknownArgumentType, reportIndexIssue]  as above

    async def _committed(self) -> int:
        ring = load_or_create(Path(self.settings["DIARY_KEY_FILE"]), datetime.now(UTC)).ring()
        query = text("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        async with (
            open_storage(SecretStr(self.settings["DIARY_DATABASE_URL"]), ring) as storage,
            storage.reading() as session,
        ):
            return int((await session.execute(query)).scalar_one())


@contextmanager
def several(place: Town, name: str, settings: Mapping[str, str], *, processes: int) -> Generator[Several]:
    """Run so many processes of one gateway while the block runs.

    Raises:
        NotHere: PostgreSQL or Redis is not installed.
    """
    with ExitStack() as stack:
        database = stack.enter_context(postgres_running())
        url = stack.enter_context(redis_running())
        told = {"DIARY_DATABASE_URL": asyncio.run(_made(database)), "DIARY_REDIS_URL": url}
        whole = place.settings(name, **{**settings, **told})
        asyncio.run(_shaped(whole))
        gateways = [stack.enter_context(place.gateway(name, whole)) for _ in range(processes)]
        yield Several(gateways, whole)


async def _made(database: Postgres) -> str:
    return database.url(await database.fresh())


async def _shaped(settings: Mapping[str, str]) -> None:
    ring = load_or_create(Path(settings["DIARY_KEY_FILE"]), datetime.now(UTC)).ring()
    async with open_storage(SecretStr(settings["DIARY_DATABASE_URL"]), ring) as storage:
        await upgrade(storage)
