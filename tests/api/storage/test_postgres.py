"""A PostgreSQL that is held, stuck or gone costs time, never a fault: and nothing has to be restarted."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from diary_api.settings import DatabaseLimits, Settings
from diary_core.errors import GatewayBusy, Misconfigured
from tests.api.databases import on_postgres
from tests.api.running import RunningGateway, running, settings_for
from tests.services import NotHere, Postgres, postgres_running

pytestmark = [
    pytest.mark.anyio,
    # asyncpg leaves what it was connecting, when the time is up, to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SHORT = DatabaseLimits(patience=timedelta(seconds=1))


@pytest.fixture(scope="module")
def own_postgres() -> Generator[Postgres]:
    """Run a server that may be stopped."""
    try:
        with postgres_running() as server:
            yield server
    except NotHere as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture
def impatient(own_postgres: Postgres, tmp_path: Path) -> Settings:
    """Settings of a gateway that waits for its database for a moment only."""
    return settings_for(tmp_path, on_postgres(own_postgres), database=SHORT)


async def refusals(parent: httpx2.AsyncClient) -> set[tuple[int, str, bool]]:
    """Ask for many things at once and return how each was answered: status, code, told when to come back."""
    asked = [parent.get("/v1/me"), parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})]
    answers = await asyncio.gather(*asked, *(parent.get("/v1/tokens") for _ in range(30)))
    return {
        (answer.status_code, answer.json()["code"], "Retry-After" in answer.headers) for answer in answers
    }


BUSY = {(503, "gateway_busy", True)}


async def serves(gate: RunningGateway, parent: httpx2.AsyncClient) -> bool:
    """Tell whether it reads and writes."""
    made = await parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})
    ready = await gate.client.get("/readyz")
    return (made.status_code, (await parent.get("/v1/tokens")).status_code, ready.status_code) == (
        201,
        200,
        200,
    )


@asynccontextmanager
async def another_client(settings: Settings) -> AsyncGenerator[AsyncConnection]:
    """Be somebody else at the same database."""
    engine = create_async_engine(settings.database_url.get_secret_value())
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def test_it_is_stopped_and_comes_back(impatient: Settings, own_postgres: Postgres) -> None:
    """Meanwhile everything is refused for a while; the first request afterwards is served."""
    async with running(impatient) as gate:
        parent = await gate.parent()
        assert await serves(gate, parent)
        for _ in range(2):
            own_postgres.stop()
            try:
                assert await refusals(parent) == BUSY
                assert (await gate.client.get("/readyz")).status_code == 503
            finally:
                own_postgres.start()
            assert await serves(gate, parent)


async def test_it_is_stuck(impatient: Settings) -> None:
    """It holds its connections and says nothing, and no request hangs with it."""
    async with running(impatient) as gate, another_client(impatient) as other:
        parent = await gate.parent()
        clients = (await other.execute(text("SELECT pid FROM pg_stat_activity"))).scalars().all()
        processes = [*clients, psutil.Process(clients[0]).ppid()]  # the one that takes new clients, too
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            assert await refusals(parent) == BUSY
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)
        async with asyncio.timeout(30):
            while not await serves(gate, parent):  # noqa: ASYNC110  there is no event to wait for
                await asyncio.sleep(0.1)


async def test_a_table_is_held(impatient: Settings) -> None:
    """Whoever needs it is refused after a while; when it is free again all goes on."""
    async with running(impatient) as gate, another_client(impatient) as other:
        parent = await gate.parent()
        await other.execute(text("LOCK TABLE access_keys IN ACCESS EXCLUSIVE MODE"))
        assert await refusals(parent) == BUSY
        assert (await gate.client.get("/readyz")).status_code == 200
        await other.rollback()
        assert await serves(gate, parent)


async def test_a_deadlock_is_no_fault(impatient: Settings) -> None:
    """One of the two is told to come back."""
    async with running(impatient) as gate:
        storage = gate.gateway.storage
        met = asyncio.Barrier(2)

        async def hold(first: int, then: int) -> None:
            async with storage.writing() as session:
                await session.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
                await met.wait()
                await session.execute(text(f"SELECT pg_advisory_xact_lock({then})"))

        outcomes = await asyncio.gather(hold(1, 2), hold(2, 1), return_exceptions=True)
        assert GatewayBusy in {type(outcome) for outcome in outcomes}
        assert {type(outcome) for outcome in outcomes} <= {GatewayBusy, type(None)}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_many_write_at_once(gate: RunningGateway) -> None:
    """More than there are connections: they wait for each other."""
    parent = await gate.parent()
    writes = (parent.post("/v1/tokens", json={"name": str(n), "scopes": ["diary:read"]}) for n in range(50))
    reads = (parent.get("/v1/tokens") for _ in range(50))
    answers = await asyncio.gather(*writes, *reads)
    assert [answer.status_code for answer in answers] == [201] * 50 + [200] * 50


async def test_a_database_that_refuses_us(own_postgres: Postgres, tmp_path: Path) -> None:
    """A wrong name is a setting to mend, not a moment to wait for; it is not shown."""
    nowhere = SecretStr(own_postgres.url("kestrel"))
    with pytest.raises(Misconfigured, match=r"no database of that name.*3D000") as caught:
        async with running(settings_for(tmp_path, database_url=nowhere)):
            pass
    assert "kestrel" not in str(caught.value)
