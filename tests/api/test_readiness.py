"""`healthz` is true while the loop turns; `readyz` says what keeps a process from working."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.running import RunningGateway
from tests.api.statements import statements

pytestmark = pytest.mark.anyio


async def asked(gate: RunningGateway) -> tuple[int, dict[str, Any]]:  # as JSON has it
    answer = await gate.client.get("/readyz")
    told = answer.json()
    return answer.status_code, {name: told[name] for name in ("status", "database", "migrations", "keys")}


async def shaped(gate: RunningGateway, shape: str) -> None:
    """Let the database say that it has another shape."""
    async with gate.gateway.storage.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :shape"), {"shape": shape})


async def test_a_whole_gateway_is_ready(tiny: RunningGateway) -> None:
    """Each of its parts is told."""
    assert await asked(tiny) == (200, {"status": "ok", "database": "ok", "migrations": "ok", "keys": "ok"})


async def test_a_database_that_lacks_a_migration_is_not_worked_on(tiny: RunningGateway) -> None:
    """One that is ahead is: a newer version has migrated it while this one serves."""
    await shaped(tiny, "0001")
    status, told = await asked(tiny)
    assert (status, told["migrations"]) == (503, "down")
    await shaped(tiny, "9999")
    assert (await asked(tiny))[0] == 200


async def test_keys_that_do_not_open_the_database_are_told(tiny: RunningGateway) -> None:
    """As after a database was put in the place of another."""
    async with tiny.gateway.storage.writing() as session:
        odd = text("UPDATE meta SET value_sealed = :sealed WHERE name = 'key ring'")
        await session.execute(odd, {"sealed": bytes(64)})
    status, told = await asked(tiny)
    assert (status, told["keys"], told["database"]) == (503, "down", "ok")


async def test_many_askers_cost_one_look(tiny: RunningGateway) -> None:
    """Anybody may ask, and is never refused: that must not take the database from those who work with it."""
    with statements(tiny) as made:
        answers = await asyncio.gather(*(asked(tiny) for _ in range(50)))
    assert {status for status, _ in answers} == {200}
    assert sum("FROM meta" in statement for statement in made) == 1


async def test_a_database_that_does_not_answer_leaves_the_process_alive(
    tiny: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not ready, and no reason to restart it."""

    def gone(_self: object) -> object:
        raise OSError("gone")

    monkeypatch.setattr(type(tiny.gateway.storage), "reading", gone)
    assert (await asked(tiny))[1]["database"] == "down"
    assert (await tiny.client.get("/healthz")).json()["status"] == "ok"
