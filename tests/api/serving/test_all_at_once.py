"""The key is changed while every gateway is replaced under load, and no request fails."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.running import settings_for
from tests.api.serving.processes import gateways, under_load

from diary_api.storage.key_file import load

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]


async def test_nobody_notices(tmp_path: Path) -> None:
    """Old and new processes serve with the old key and the new one, whichever comes first."""
    settings = settings_for(tmp_path)
    before = load(settings.key_file).keys[0].id
    environment = {
        "DIARY_DATABASE_URL": settings.database_url.get_secret_value(),
        "DIARY_KEY_FILE": str(settings.key_file),
    }
    rotate = [sys.executable, "-m", "diary_api", "keys", "rotate", "--settle", "2"]
    with gateways(tmp_path) as house:
        old = [await house.start() for _ in range(2)]
        async with under_load(house.url, clients=4) as load_on:
            await load_on.answered(10)
            rotation = await asyncio.create_subprocess_exec(
                *rotate, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
            )
            for gone in old:
                await house.start()
                await load_on.answered(10)
                await house.stop(gone)
            assert await rotation.wait() == 0
            await load_on.answered(10)
    assert load_on.failed == {}
    (left,) = load(settings.key_file).keys
    assert left.id != before
