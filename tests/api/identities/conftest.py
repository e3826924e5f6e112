"""A gateway with an identity service."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from tests.api.identities.state_service import StateOffice, plugins_with
from tests.api.running import MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown

from diary_api.settings import Settings


@pytest.fixture
def office() -> StateOffice:
    """The service's own people."""
    return StateOffice()


@pytest.fixture
async def gate(
    settings: Settings, town: TinyTown, office: StateOffice, clock: MovableClock
) -> AsyncGenerator[RunningGateway, None]:
    """A running gateway with the tests' own diary and identity service."""
    async with running(settings, plugins_with(town, office), clock) as gateway:
        yield gateway
