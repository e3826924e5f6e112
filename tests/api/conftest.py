"""What every test of the API runs under."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncGenerator, Generator, Iterator
from pathlib import Path

import pytest
import structlog

from diary_api import logs
from diary_api.settings import Settings
from tests.api import databases
from tests.api.compiled import compiled_once
from tests.api.databases import Database
from tests.api.hot.gateways import Both, two_gateways
from tests.api.running import MovableClock, RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins
from tests.services import Postgres

ON_BOTH = frozenset(
    {
        "test_idempotency.py",
        "test_outbox.py",
        "test_rotation_under_load.py",
        "test_sealed_columns.py",
    }
)
"""Modules whose tests run on both each time: those that depend most on what a database does.

`make test-postgres` runs the others.
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the databases of a test that has a gateway of its own."""
    if "database" not in metafunc.fixturenames or databases.EVERYTHING_ON_POSTGRES:
        return
    if metafunc.definition.path.name in ON_BOTH and not metafunc.definition.get_closest_marker("sqlite"):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def everything_on_postgres(request: pytest.FixtureRequest) -> Generator[None]:
    """Where that is asked for, give PostgreSQL to whoever asks for nothing in particular."""
    if not databases.EVERYTHING_ON_POSTGRES:
        yield
        return
    with databases.as_default(databases.on_postgres(request.getfixturevalue("postgres"))):
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Generator[None]:
    """Let no gateway compile what another has compiled before."""
    with compiled_once():
        yield


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Database]:
    """The kind of database the test runs on."""
    on_postgres = databases.EVERYTHING_ON_POSTGRES or getattr(request, "param", "") == "postgresql"
    if not on_postgres:
        yield databases.on_sqlite
        return
    if request.node.get_closest_marker("sqlite"):
        pytest.skip("holds for SQLite alone")
    server: Postgres = request.getfixturevalue("postgres")
    yield databases.on_postgres(server)
    databases.put_away(server, tmp_path)


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    """Settings that touch nothing outside the test's own folder."""
    return settings_for(tmp_path, database)


@pytest.fixture
async def gate(settings: Settings) -> AsyncGenerator[RunningGateway, None]:
    """A running gateway with the installed plugins, less those that are off by default."""
    async with running(settings) as gateway:
        yield gateway


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands until it is moved."""
    return MovableClock()


@pytest.fixture
def town(clock: MovableClock) -> TinyTown:
    """The tests' own diary system."""
    return TinyTown(clock)


@pytest.fixture
async def tiny(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> AsyncGenerator[RunningGateway, None]:
    """A running gateway that serves the tests' own diary system and no other."""
    async with running(settings, tiny_plugins(town), clock) as gateway:
        yield gateway


@pytest.fixture
def log(settings: Settings) -> Iterator[io.StringIO]:
    """Everything the process logs, down to debug."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logs.configure(settings.model_copy(update={"log_level": "debug"}), stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
async def both(
    tmp_path: Path, postgres: Postgres, redis_url: str, town: TinyTown, clock: MovableClock
) -> AsyncGenerator[Both, None]:
    """Two gateways on one PostgreSQL and one Redis."""
    async with two_gateways(tmp_path, postgres, redis_url, town, clock) as gates:
        yield gates
