"""A database of an earlier version is brought up with everything in it."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Connection, text

from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.migrate import configuration
from tests.api.grants.giving import invite, trusted
from tests.api.running import LinkedFamily, MovableClock, running
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

BEFORE_GRANTS = "0004"


async def bring_down(storage: Storage, revision: str) -> None:
    """Give a database the shape of an earlier version."""

    def downgrade(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    async with storage.writing() as session:
        await (await session.connection()).run_sync(downgrade)


@pytest.mark.sqlite
async def test_a_family_of_before_grants_can_give_one(
    settings: Settings, clock: MovableClock, town: TinyTown
) -> None:
    """What an earlier version has stored is read as before, and its sessions have the newer right."""
    plugins = tiny_plugins(town)
    async with running(settings, plugins, clock) as first:
        family = await first.family()
        await trusted(first, family)
        week = (await family.read("week")).content
        async with first.gateway.storage.writing() as session:
            await session.execute(text("UPDATE access_keys SET scopes = 'account:manage diary:read'"))
        await bring_down(first.gateway.storage, BEFORE_GRANTS)
    async with running(settings, plugins, clock) as second:
        parent = second.another_client(Authorization=family.parent.headers["Authorization"])
        family = LinkedFamily(parent, family.connection_id, family.child_ids)
        assert (await family.read("week")).content == week
        assert (await invite(second, family))["state"] == "invited"
        nina = await trusted(second, family, email="other@example.org")
        assert (await nina.read("week")).status_code == 200
