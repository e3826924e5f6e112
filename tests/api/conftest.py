"""What every test of the API runs under."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
import structlog

from diary_api import logs
from diary_api.settings import Settings
from tests.api.running import MovableClock, RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that touch nothing outside the test's own folder."""
    return settings_for(tmp_path)


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
