"""After a key was changed everything still opens, and nothing needs the old key."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diary_api.settings import Settings
from diary_api.storage.key_file import add_key, drop_old_keys
from diary_api.storage.rotation import reseal
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
    add_key(settings.key_file, NOW)
    async with running(settings, plugins) as second:
        sealed_anew = await reseal(second.gateway.storage)
        assert sealed_anew >= 12
        assert await reseal(second.gateway.storage) == 0
    drop_old_keys(settings.key_file)
    async with running(settings, plugins) as third:
        parent = third.another_client(Authorization=family.parent.headers["Authorization"])
        assert (await parent.get("/v1/me")).json()["email"] == "olga@example.org"
        assert (await parent.get("/v1/tokens")).json()["items"][0]["name"] == "Кухня"
        assert len((await parent.get("/v1/connections")).json()["items"]) == 2
        assert (await parent.get(f"/v1/children/{family.child_ids[0]}/week")).content == week
        fresh = await parent.get(f"/v1/children/{family.child_ids[0]}/terms")
        assert fresh.status_code == 200
    assert town.calls["renew"] == 0


async def test_what_changes_meanwhile_is_left_alone(tiny: RunningGateway) -> None:
    """With nothing sealed by an older key there is nothing to do."""
    await tiny.family()
    assert await reseal(tiny.gateway.storage) == 0
