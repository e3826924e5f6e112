"""Work that is done now and then, for as long as the gateway runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from diary_api.logs import fault

log = structlog.stdlib.get_logger()


@asynccontextmanager
async def repeating(name: str, every: timedelta, work: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
    """Do some work again and again while the block runs, the first time after one pause.

    A turn that fails is logged, and the next one comes all the same.

    Args:
        name: For the log.
        every: The pause between turns; zero does nothing at all.
        work: One turn.
    """
    if not every:
        yield
        return
    turns = asyncio.create_task(_forever(name, every, work))
    try:
        yield
    finally:
        turns.cancel()
        with suppress(asyncio.CancelledError):
            await turns


async def _forever(name: str, every: timedelta, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await work()
        except Exception as error:  # the next turn may go better; this one is told
            log.error("background work failed", work=name, **fault(error))  # noqa: TRY400  a traceback quotes data
