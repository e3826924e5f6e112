"""Gateways are replaced while clients go on asking, and no request fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.api.running import settings_for
from tests.api.serving.processes import Gateways, gateways, under_load

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(300)]

CLIENTS = 4


@pytest.fixture
def house(tmp_path: Path) -> Generator[Gateways]:
    """Gateways on one socket and one SQLite file."""
    settings_for(tmp_path)
    with gateways(tmp_path) as house:
        yield house


async def test_two_gateways_are_replaced_in_turn(house: Gateways) -> None:
    """Each old one goes when its successor serves; clients that keep their connections notice nothing."""
    old = [await house.start() for _ in range(2)]
    async with under_load(house.url, CLIENTS) as load:
        for gone in old:
            await house.start()
            await load.answered(10)
            await house.stop(gone)
        await load.answered(10)
    assert load.failed == {}
    assert 0 < load.connections["close"] < load.connections["keep"]


async def test_one_gateway_comes_back_on_its_socket(house: Gateways) -> None:
    """Who asks while nobody serves waits at the socket, which is not the gateway's own."""
    old = await house.start()
    async with under_load(house.url, CLIENTS) as load:
        await load.answered(10)
        await house.stop(old)
        await house.start()
        await load.answered(10)
    assert load.failed == {}


async def test_workers_are_replaced_at_a_hangup(house: Gateways) -> None:
    """One command of two processes replaces them one by one."""
    one = await house.start("--workers", "2")
    await house.begun()
    async with under_load(house.url, CLIENTS) as load:
        await load.answered(10)
        os.kill(one, signal.SIGHUP)
        for _ in range(2):
            await house.begun()
        await load.answered(10)
    await house.stop(one)
    assert load.failed == {}
