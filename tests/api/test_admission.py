"""A process takes on what it can carry and refuses the rest at once, in words a client can act upon."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import timedelta

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from diary_api.middleware.admission import Admission
from diary_api.settings import Settings
from tests.api.running import RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio


async def test_whoever_comes_when_all_places_are_taken_is_told_when_to_come_back(
    gate: RunningGateway,
) -> None:
    """After a short wait, by name; whether the process is well is answered all the same."""
    done = asyncio.Event()

    async def work(_: Request) -> Response:
        await done.wait()
        return PlainTextResponse("done")

    async def well(_: Request) -> Response:
        return PlainTextResponse("well")

    routes = [Route("/work", work), Route("/healthz", well)]
    app = _fronted(routes, gate.gateway.settings, places=1, patience_ms=200)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as http:
        first = asyncio.create_task(http.get("/work"))
        await asyncio.sleep(0.05)
        refused = await http.get("/work")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        problem = refused.json()
        assert (problem["code"], problem["retry"], problem["actor"]) == ("gateway_busy", "later", "gateway")
        assert (await http.get("/healthz")).status_code == 200
        second = asyncio.create_task(http.get("/work"))
        await asyncio.sleep(0.02)
        done.set()
        assert [(await one).status_code for one in (first, second)] == [200, 200]


async def test_whoever_waits_for_a_diary_takes_no_place(settings: Settings, town: TinyTown) -> None:
    """A slow diary refuses nobody."""
    narrow = {"requests_at_once": 1, "queue_patience": timedelta(seconds=5)}
    async with running(settings.model_copy(update=narrow), tiny_plugins(town)) as gate:
        family = await gate.family()
        town.held = asyncio.Event()
        waiting = [asyncio.create_task(family.read("week", child)) for child in (0, 1)]
        await town.waits.wait()
        assert (await family.parent.get("/v1/me")).status_code == 200
        town.held.set()
        assert [(await one).status_code for one in waiting] == [200, 200]


async def test_a_stream_takes_no_place(gate: RunningGateway) -> None:
    """What goes on after its answer has begun is not under way."""
    gone_on = asyncio.Event()

    async def stream(_: Request) -> Response:
        async def pieces() -> AsyncGenerator[bytes]:
            yield b"first"
            await gone_on.wait()

        return StreamingResponse(pieces())

    async def plain(_: Request) -> Response:
        return PlainTextResponse("here")

    app = _fronted(
        [Route("/stream", stream), Route("/plain", plain)], gate.gateway.settings, places=1, patience_ms=100
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as http:
        streaming = asyncio.create_task(http.get("/stream"))
        await asyncio.sleep(0.05)
        assert (await http.get("/plain")).status_code == 200
        gone_on.set()
        assert (await streaming).content == b"first"


async def test_a_process_that_is_late_for_long_takes_on_less_and_then_more_again(
    gate: RunningGateway,
) -> None:
    """Under a flood some are refused, and soon after it nobody is."""

    async def work(_: Request) -> Response:
        for _turn in range(4):
            time.sleep(0.005)  # noqa: ASYNC251  this is the work that keeps the loop busy
            await asyncio.sleep(0)
        return PlainTextResponse("done")

    app = _fronted([Route("/work", work)], gate.gateway.settings, places=4, patience_ms=300)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as http:

        async def ask() -> int:
            return (await http.get("/work")).status_code

        assert set(await asyncio.gather(*(ask() for _ in range(8)))) == {200}
        until, told = time.monotonic() + 2, set[int]()
        while time.monotonic() < until:
            told |= set(await asyncio.gather(*(ask() for _ in range(60))))
        assert told == {200, 503}
        until = time.monotonic() + 10
        while set(await asyncio.gather(*(ask() for _ in range(8)))) != {200}:
            assert time.monotonic() < until
            await asyncio.sleep(0.3)


def _fronted(routes: list[Route], settings: Settings, *, places: int, patience_ms: int) -> Starlette:
    """Return an application that can say what its problems are, with the door in front."""
    app = Starlette(routes=routes)
    app.add_middleware(Admission, places=places, patience=timedelta(milliseconds=patience_ms))
    app.state.settings = settings
    return app
