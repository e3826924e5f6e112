"""Gateways whose memory is watched: how often the database was asked, and two processes on one database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from diary_api.settings import HotAnswersLimits, Settings
from diary_api.shared import link
from tests.api import databases
from tests.api.running import MovableClock, RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins
from tests.services import Postgres
from tests.waiting import WITHIN_S

NO_BACKSTOP = HotAnswersLimits(backstop=timedelta(days=1))
"""So that nothing goes but by news of it."""
Both = tuple[RunningGateway, RunningGateway]
"""Two gateways on one database."""


@asynccontextmanager
async def two_gateways(
    folder: Path, postgres: Postgres, redis_url: str | None, town: TinyTown, clock: MovableClock
) -> AsyncGenerator[tuple[RunningGateway, RunningGateway], None]:
    """Run two gateways on one PostgreSQL and one Redis, or none."""
    settings = settings_for(
        folder,
        databases.on_postgres(postgres),
        redis_url=None if redis_url is None else SecretStr(redis_url),
        hot=NO_BACKSTOP,
    )
    try:
        async with AsyncExitStack() as stack:
            # a slow answer of Redis counts as none, and here other tests make it slow
            stack.enter_context(pytest.MonkeyPatch.context()).setattr(link, "_COMMAND_S", WITHIN_S)
            one, other = [
                await stack.enter_async_context(running(settings, tiny_plugins(town), clock))
                for _ in range(2)
            ]
            yield one, other
    finally:
        databases.put_away(postgres, folder)


@asynccontextmanager
async def alone(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> AsyncGenerator[tuple[RunningGateway, RunningGateway], None]:
    """Run one gateway, standing for both."""
    changed = settings.model_copy(update={"hot": NO_BACKSTOP})
    async with running(changed, tiny_plugins(town), clock) as gate:
        yield gate, gate


def as_seen(answer: httpx2.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return all of an answer but what differs each time."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, headers
