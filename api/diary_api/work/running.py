"""Background work for as long as a process runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

from diary_api.background import repeating
from diary_api.shared import Claims
from diary_api.work.engine import in_process, over_redis
from diary_api.work.schedule import Put, Schedule
from diary_api.work.tasks import Tasks

_TURN = timedelta(seconds=5)
"""How often whoever leads looks for what is due."""


@asynccontextmanager
async def at_work(tasks: Tasks, claims: Claims, *, worker: bool) -> AsyncGenerator[None]:
    """Do background work while the block runs, where this process is meant to.

    At the end what is under way is handed back; a worker finishes it where that takes no longer than `grace`.

    Args:
        tasks: Everything that can be done.
        claims: Decide which of several processes leads.
        worker: Whether this process is a worker, so that it shares the queue with the others.
    """
    settings = tasks.settings
    if not worker and settings.background != "inline":
        yield
        return
    try:
        async with _engine(tasks, worker=worker) as put:
            schedule = Schedule(tasks.storage, settings, tasks.clock, claims, tasks.planning, put)
            async with repeating("schedule", min(_TURN, settings.absences.every or _TURN), schedule.turn):
                yield
            await schedule.resign()
    finally:
        await tasks.close()


def _engine(tasks: Tasks, *, worker: bool) -> AbstractAsyncContextManager[Put]:
    settings = tasks.settings
    if worker and settings.redis_url is not None:
        return over_redis(settings.redis_url, tasks.by_name(), settings.grace.total_seconds())
    return in_process(tasks.by_name())
