"""What every test of the API runs under."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from diary_api.settings import Settings
from tests.api.running import RunningGateway, running, settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that touch nothing outside the test's own folder."""
    return settings_for(tmp_path)


@pytest.fixture
async def gate(settings: Settings) -> AsyncGenerator[RunningGateway, None]:
    """A running gateway with the installed plugins."""
    async with running(settings) as gateway:
        yield gateway
