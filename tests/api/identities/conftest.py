"""A gateway with an identity service of the tests' own, and one in front of the sandbox's Gosuslugi."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from tests.api.identities.stack import Stack, running_stack
from tests.api.identities.state_service import StateOffice, plugins_with
from tests.api.running import MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown

from diary_api.settings import Settings
from diary_sandbox.esia.systems import TokenAlgorithm


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


@pytest.fixture(scope="module")
async def one_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stack]:
    """Run a town and a gateway for the tests of a module, with tokens that are quick to check."""
    folder = tmp_path_factory.mktemp("stack")
    async with running_stack(folder, algorithm=TokenAlgorithm.RS256) as stack:
        yield stack


@pytest.fixture
async def stack(one_stack: Stack) -> AsyncGenerator[Stack]:
    """Return it with nobody in it."""
    yield one_stack
    await one_stack.forget()
