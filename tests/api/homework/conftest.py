"""One town for all tests of homework: founding it and linking its families is the slow part."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

import pytest

from tests.api.households import Household, running_households


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """Run on one loop for the package, as the town does."""
    return "asyncio"


@pytest.fixture(scope="package")
async def households(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Mapping[str, Household]]:
    """One town, one gateway, a family of each system."""
    async with running_households(tmp_path_factory.mktemp("homework")) as families:
        yield families
