"""The key is changed and the database upgraded while every gateway is replaced under load; nothing fails."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.databases import in_a_loop_of_its_own
from tests.api.running import settings_for
from tests.api.serving.processes import gateways, under_load
from tests.api.storage.test_upgrading import the_next_version, upgraded

from diary_api.storage.key_file import load

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]


async def test_nobody_notices(tmp_path: Path) -> None:
    """Old and new processes serve with the old key and the new one, before the upgrade and after it."""
    settings = settings_for(tmp_path)
    before = load(settings.key_file).keys[0].id
    environment = {
        "DIARY_DATABASE_URL": settings.database_url.get_secret_value(),
        "DIARY_KEY_FILE": str(settings.key_file),
    }
    rotate = [sys.executable, "-m", "diary_api", "keys", "rotate", "--settle", "2"]
    with gateways(tmp_path) as house, the_next_version(tmp_path):
        old = [await house.start() for _ in range(2)]
        async with under_load(house.url, clients=4) as load_on:
            await load_on.answered(10)
            rotation = await asyncio.create_subprocess_exec(
                *rotate, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
            )
            upgrade = asyncio.create_task(asyncio.to_thread(in_a_loop_of_its_own, upgraded(settings)))
            for gone in old:
                await house.start()
                await load_on.answered(10)
                await house.stop(gone)
            assert await rotation.wait() == 0
            assert list(await upgrade) == ["9999"]
            await load_on.answered(10)
    assert load_on.failed == {}
    (left,) = load(settings.key_file).keys
    assert left.id != before
