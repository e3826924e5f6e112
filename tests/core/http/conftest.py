"""A server on loopback, and a door that leads to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx2
import pytest
from tests.core.http.upstream import Answer, Upstream, running_upstream

from diary_core.http import Circuits, DoorLimits, Observe, Turns, open_client

__all__ = ["Answer", "OpenDoor", "Upstream"]

OpenDoor = Callable[..., Awaitable[httpx2.AsyncClient]]

QUICK = DoorLimits(retry_wait_s=0.001, read_timeout_s=2, attempt_timeout_s=2, call_timeout_s=5)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """Run the server for one test."""
    async with running_upstream() as upstream:
        yield upstream


@pytest.fixture
async def open_door(upstream: Upstream) -> AsyncIterator[OpenDoor]:
    """Give a function that opens a door to the server; its limits are quick unless told otherwise."""
    async with AsyncExitStack() as doors:

        async def opened(
            *,
            naps: list[float] | None = None,
            observe: Observe | None = None,
            turns: Turns | None = None,
            circuits: Circuits | None = None,
            **limits: float,
        ) -> httpx2.AsyncClient:
            async def sleep(pause_s: float) -> None:
                (naps if naps is not None else []).append(pause_s)

            return await doors.enter_async_context(
                open_client(
                    [upstream.url],
                    limits=QUICK.model_copy(update=limits),
                    name="invented/town",
                    turns=turns,
                    circuits=circuits,
                    sleep=sleep,
                    observe=observe,
                )
            )

        yield opened
