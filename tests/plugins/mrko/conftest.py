"""The sandbox the plugin's tests run against."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from .town import Town, running_town


@pytest.fixture(scope="module")
async def running() -> AsyncGenerator[Town]:
    """Run one town for the tests of a module: founding its keys is the slow part."""
    async with running_town() as town:
        yield town


@pytest.fixture
def town(running: Town) -> Town:
    """Return the town whole, at noon of its first day, with nobody having asked for anything."""
    state = running.sandbox.state
    state.faults.clear()
    state.clock.reset()
    state.requests.clear()
    return running
