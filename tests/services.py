"""A real PostgreSQL and a real Redis of the tests' own, on loopback, in folders that go with them."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tests.ports import free_ports

_STARTS_WITHIN_S = 60
_POSTGRES_USER = "postgres"
"""Whom PostgreSQL runs as where the tests run as root: it refuses root."""


_SHAPE = "alembic_version"
"""The table that names the last migration."""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_ALONE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class NotHere(Exception):
    """A service is not installed, and the test that wants it says so."""


@dataclass(frozen=True)
class Postgres:
    """A server without any durability: tests that kill it say so and start their own."""

    port: int
    _control: tuple[str | Path, ...]
    """The command that starts and stops it, its options told."""

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._run("--mode=fast", "stop")

    def start(self) -> None:
        """Start it, also after `stop`."""
        self._run("start")

    def url(self, database: str) -> str:
        """Return the address of one of its databases, as `DIARY_DATABASE_URL` takes it."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"

    async def fresh(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"d{uuid4().hex}"
        await self._tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    async def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        await self._tell(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    async def emptied(self, database: str, shape: str) -> bool:
        """Empty every table of a database, whoever is still connected; tell whether it has the wanted shape.

        Args:
            database: Its name.
            shape: The name of the migration it must have run last.
        """
        async with self._talking_to(database) as connection:
            await connection.execute(text(_ALONE))
            tables = set((await connection.execute(text(_TABLES))).scalars())
            if _SHAPE not in tables:
                return False
            if (await connection.execute(text(f"SELECT version_num FROM {_SHAPE}"))).scalar() != shape:
                return False
            await connection.execute(text("SET session_replication_role = replica"))  # in any order
            for table in tables - {_SHAPE}:
                await connection.execute(text(f"DELETE FROM {table}"))
        return True

    def _run(self, *told: str) -> None:
        subprocess.run([*self._control, *told], check=True, capture_output=True)

    async def _tell(self, statement: str) -> None:
        async with self._talking_to("postgres") as connection:
            await connection.execute(text(statement))

    @asynccontextmanager
    async def _talking_to(self, database: str) -> AsyncGenerator[AsyncConnection]:
        engine = create_async_engine(self.url(database), isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                yield connection
        finally:
            await engine.dispose()


@contextmanager
def postgres_running(*, durable: bool = False) -> Generator[Postgres]:
    """Run a PostgreSQL for as long as the block lasts.

    Args:
        durable: Whether what it has acknowledged survives a crash of the server itself.

    Raises:
        NotHere: It is not installed.
    """
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None:
        raise NotHere("PostgreSQL is not installed: `make services` does it on Debian")
    port = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="diary-postgres-") as folder:
        data = Path(folder) / "data"
        as_user: list[str] = []
        if getpass.getuser() == "root":
            shutil.chown(folder, _POSTGRES_USER)
            as_user = ["runuser", "-u", _POSTGRES_USER, "--"]
        made = [programs / "initdb", "--auth=trust", "--username=postgres", "--no-sync", "--pgdata", data]
        subprocess.run([*as_user, *made, "--encoding=UTF8", "--locale=C"], check=True, capture_output=True)
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c max_connections=200"
        if not durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        control = [*as_user, programs / "pg_ctl", "--pgdata", data, "--log", Path(folder) / "log"]
        control += ["--wait", "--timeout", str(_STARTS_WITHIN_S), "--options", options]
        server = Postgres(port, tuple(control))
        server.start()
        try:
            yield server
        finally:
            subprocess.run([*control, "--mode=immediate", "stop"], check=False, capture_output=True)


@contextmanager
def redis_running(*, port: int | None = None) -> Generator[str]:
    """Run a Redis that keeps nothing on disk, and give its address as `DIARY_REDIS_URL` takes it.

    Args:
        port: Where; a free one unless given, as for a server that comes back.

    Raises:
        NotHere: It is not installed.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise NotHere("Redis is not installed: `make services` does it on Debian")
    port = port or free_ports(1)
    serve = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_it_answers(lambda: _ping(port), server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _ping(port: int) -> bool:
    try:
        with redis.Redis(port=port) as client:
            return client.echo("here") == b"here"  # pyright: ignore[reportUnknownMemberType]  redis-py types it in part
    except redis.ConnectionError:
        return False


def _until_it_answers(answers: Callable[[], bool], server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while not answers():
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the service did not start")
        time.sleep(0.02)
