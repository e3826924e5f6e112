"""No request hangs: it is answered in time, with what is known or with a problem that says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from diary_api.school.service import SchoolDiaries
from tests.api.running import MovableClock, RunningGateway, on_a_socket, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

SHORT = timedelta(seconds=1)


@pytest.fixture
async def hurried(tmp_path: Path, town: TinyTown, clock: MovableClock) -> AsyncGenerator[RunningGateway]:
    """A gateway whose requests have little time."""
    settings = settings_for(tmp_path, request_timeout=SHORT)
    async with running(settings, tiny_plugins(town), clock) as gateway:
        yield gateway
        if town.held is not None:
            town.held.set()


async def test_a_diary_that_hangs_is_not_waited_for(hurried: RunningGateway, town: TinyTown) -> None:
    """The answer is a problem of the diary's, and of one known before, that one, marked stale."""
    family = await hurried.family()
    assert (await family.read("terms")).status_code == 200
    hurried.clock.move(timedelta(days=2))
    town.held = asyncio.Event()
    stale = (await family.read("terms")).json()
    assert stale["stale"]
    unknown = await family.read("school")
    assert (unknown.status_code, unknown.json()["code"]) == (504, "region_slow")


async def test_everybody_has_a_time_of_their_own(hurried: RunningGateway, town: TinyTown) -> None:
    """Who joins a call that is under way behind does not wait for its end."""
    family = await hurried.family()
    town.held = asyncio.Event()
    answers = [family.read("terms"), family.read("terms"), family.parent.get("/v1/family/today")]
    async with asyncio.timeout(20):
        told = await asyncio.gather(*answers)
    assert [answer.status_code for answer in told] == [504, 504, 200]


async def test_a_gateway_that_hangs_says_so(hurried: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read that does not come to an end, for whatever reason, is broken off."""
    family = await hurried.family()

    async def hangs(_school: SchoolDiaries, _account_id: str) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(SchoolDiaries, "children", hangs)
    answer = await family.parent.get("/v1/children")
    assert (answer.status_code, answer.json()["code"]) == (503, "gateway_busy")
    assert "X-Request-Id" in answer.headers


async def test_a_write_is_never_broken_off(hurried: RunningGateway, town: TinyTown) -> None:
    """However long it takes."""
    parent = await hurried.parent()
    town.held = asyncio.Event()
    link = asyncio.create_task(parent.post("/v1/connections", json={"region": "54", "method": "password"}))
    await asyncio.sleep(1.5 * SHORT.total_seconds())
    town.held.set()
    assert (await link).status_code == 201


async def test_a_stream_lasts(hurried: RunningGateway) -> None:
    """What has begun to answer in time may go on."""
    parent = await hurried.parent()
    async with (
        on_a_socket(hurried) as url,
        httpx2.AsyncClient(base_url=url, headers=parent.headers, timeout=20) as client,
        client.stream("GET", "/v1/changes/stream") as stream,
    ):
        assert stream.status_code == 200
        reading = asyncio.create_task(anext(stream.aiter_bytes(), None))
        await asyncio.wait({reading}, timeout=2.5 * SHORT.total_seconds())
        assert not reading.done() or await reading is not None
        reading.cancel()
