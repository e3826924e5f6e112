"""Whose diary the samples are, what the side calls of its week bring, and a town to read from."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from zoneinfo import ZoneInfo

import pytest

from diary_dnevnik_ru import parse, wire

from .bodies import SCHOOL, SEAT, read, rows, sample
from .town import Town, a_town


@pytest.fixture
def whose() -> parse.Whose:
    """Return the first child of the samples, in Arkhangelsk."""
    return parse.Whose(SEAT, ZoneInfo("Europe/Moscow"))


@pytest.fixture
def weighed() -> parse.Weights:
    """Return the sample school as one that weighs marks."""
    return parse.Weights.read(rows(wire.WorkType, sample("16")), read(wire.School, SCHOOL))


@pytest.fixture
def beside(weighed: parse.Weights) -> parse.Beside:
    """Return what the side calls of the sample week bring."""
    return parse.Beside(files=parse.Files.read([read(wire.Homeworks, sample("10"))]), weights=weighed)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run on one loop for the session, as the town does."""
    return "asyncio"


@pytest.fixture(scope="session")
async def running_town() -> AsyncGenerator[Town]:
    """Run one town for all tests: inventing its year takes longer than reading it."""
    async with a_town() as running:
        yield running


@pytest.fixture
def town(running_town: Town) -> Town:
    """Return the town as it was at the start: no faults, no tokens, no failed tries."""
    running_town.sandbox.state.reset()
    return running_town
