"""After a key was changed everything still opens, and nothing needs the old key."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from diary_api.settings import Settings
from diary_api.storage import open_storage, rotation
from diary_api.storage.key_file import drop_old_keys, load, turn
from diary_api.storage.rotation import reseal
from diary_api.storage.tables import AccountRow
from tests.api.running import RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 16, tzinfo=UTC)


async def test_a_life_goes_on_with_a_new_key(settings: Settings, town: TinyTown) -> None:
    """Add a key, restart, seal anew, drop the old key, restart: sessions, children and answers are there."""
    plugins = tiny_plugins(town)
    async with running(settings, plugins) as first:
        family = await first.family()
        await first.client.post(
            "/v1/accounts",
            json={"email": "ivan@example.org", "password": "four quiet sparrows"},
            headers={"Idempotency-Key": "k"},
        )
        await family.parent.post("/v1/tokens", json={"name": "Кухня", "scopes": ["diary:read"]})
        await family.parent.post("/v1/connections", json={"region": "54", "method": "redirect"})
        week = (await family.read("week")).content
    sealing = turn(settings.key_file, NOW).keys[0].id
    async with running(settings, plugins) as second:
        done = await reseal(second.gateway.storage)
        assert (done.anew >= 12, done.whole) == (True, True)
        assert (await reseal(second.gateway.storage)).anew == 0
    drop_old_keys(settings.key_file, sealing=sealing)
    async with running(settings, plugins) as third:
        parent = third.another_client(Authorization=family.parent.headers["Authorization"])
        assert (await parent.get("/v1/me")).json()["email"] == "olga@example.org"
        assert (await parent.get("/v1/tokens")).json()["items"][0]["name"] == "Кухня"
        assert len((await parent.get("/v1/connections")).json()["items"]) == 2
        assert (await parent.get(f"/v1/children/{family.child_ids[0]}/week")).content == week
        fresh = await parent.get(f"/v1/children/{family.child_ids[0]}/terms")
        assert fresh.status_code == 200
    assert town.calls["renew"] == 0


async def test_a_running_gateway_takes_a_new_key(settings: Settings, town: TinyTown) -> None:
    """Two gateways that ran before a key was added read and write on while everything is resealed."""
    plugins = tiny_plugins(town)
    async with running(settings, plugins) as one, running(settings, plugins) as other:
        family = await one.family()
        sealing = turn(settings.key_file, NOW).keys[0].id
        async with open_storage(settings.database_url, load(settings.key_file).ring()) as storage:
            assert (await reseal(storage)).whole
        drop_old_keys(settings.key_file, sealing=sealing)
        for gate in (one, other):
            parent = gate.another_client(Authorization=family.parent.headers["Authorization"])
            assert (await parent.get("/v1/me")).json()["email"] == "olga@example.org"
            named = await parent.post("/v1/tokens", json={"name": "Кухня", "scopes": ["diary:read"]})
            assert named.status_code == 201
            assert gate.gateway.storage.ring.newest == sealing


async def test_a_value_that_does_not_open_is_told_and_stops_nothing(
    tiny: RunningGateway, settings: Settings, log: io.StringIO
) -> None:
    """The others are sealed anew; the rotation is not whole, so that no key is thrown away."""
    await tiny.family()
    async with tiny.gateway.storage.writing() as session:
        email = await session.scalar(select(AccountRow.email_sealed))
        await session.execute(update(AccountRow).values(password_sealed=email))
    turn(settings.key_file, NOW)
    async with open_storage(settings.database_url, load(settings.key_file).ring()) as storage:
        done = await reseal(storage)
        assert (done.damaged, done.left, done.whole) == (1, 0, False)
        assert (await reseal(storage)).anew == 0
    assert "accounts.password_sealed" in log.getvalue()


async def test_a_rotation_that_was_cut_off_goes_on(
    tiny: RunningGateway, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sealed anew before the cut is done; the next run does the rest and no more."""
    monkeypatch.setattr(rotation, "_BATCH", 2)
    await tiny.family()
    turn(settings.key_file, NOW)

    def cut(anew: int, total: int) -> None:
        if anew >= 4:
            raise KeyboardInterrupt

    async with open_storage(settings.database_url, load(settings.key_file).ring()) as storage:
        with pytest.raises(KeyboardInterrupt):
            await reseal(storage, told=cut)
        told: list[tuple[int, int]] = []
        done = await reseal(storage, told=lambda anew, total: told.append((anew, total)))
    assert told[-1] == (done.anew, done.anew)
    assert [anew for anew, total in told if anew > total] == []
    assert done.whole
    assert turn(settings.key_file, NOW) == load(settings.key_file)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_row_that_is_held_is_waited_for_by_nobody(settings: Settings, town: TinyTown) -> None:
    """On PostgreSQL a held row is passed by and come back for, so that no deadlock can arise."""
    async with running(settings, tiny_plugins(town)) as gate:
        await gate.family()
        turn(settings.key_file, NOW)
        held = asyncio.Event()

        async def hold() -> None:
            async with gate.gateway.storage.writing() as session:
                await session.scalars(select(AccountRow).with_for_update())
                held.set()
                await released.wait()

        released, rounds = asyncio.Event(), 0

        async def sleep(seconds: float) -> None:
            nonlocal rounds
            rounds += 1
            if rounds > 30:
                released.set()
            await asyncio.sleep(0.01)

        holder = asyncio.create_task(hold())
        await held.wait()
        async with open_storage(settings.database_url, load(settings.key_file).ring()) as storage:
            done = await asyncio.wait_for(reseal(storage, sleep=sleep), 30)
        await holder
        assert (done.whole, done.anew > 5) == (True, True)
