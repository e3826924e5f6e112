"""The tasks: each is safe to run twice, and to lose.

Whoever runs one takes it on in the database first. What is broken off is due again: at once when the process
was asked to stop, after a while when it was killed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from anyio import CancelScope

from diary_api.changes.watch import Watch
from diary_api.clock import Clock
from diary_api.connections import repository
from diary_api.connections.diaries import Diaries
from diary_api.connections.states import CLOSED, RESTING, State
from diary_api.logs import fault
from diary_api.metrics import Metrics
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.tables import ConnectionRow
from diary_api.work import due
from diary_api.work.planning import Planning
from diary_api.work.rooms import Rooms
from diary_core.errors import DiaryError

log = structlog.stdlib.get_logger()

Task = Callable[[str], Awaitable[None]]
"""Gets what it is about: the id of a connection, or nothing."""

_CLAIM = timedelta(minutes=10)
"""Longer than a look or a renewal takes: after it the process that took it on is taken for dead."""
_PUT_OFF = timedelta(seconds=5)
"""When a diary server has enough of us, how long the next one waits; up to twice as long."""


@dataclass(frozen=True)
class Tasks:
    """Everything the gateway does of its own accord."""

    storage: Storage
    settings: Settings
    clock: Clock
    metrics: Metrics
    diaries: Diaries
    watch: Watch
    planning: Planning
    deliver: Callable[[], Awaitable[None]]
    forget: Callable[[], Awaitable[None]]
    rooms: Rooms
    _under_way: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"], repr=False)

    def by_name(self) -> Mapping[str, Task]:
        """Return the tasks under the names they have in a queue."""
        return {
            "look": self._told("look", self._look),
            "renew": self._told("renew", self._renew),
            "deliver": self._told("deliver", lambda _: self.deliver()),
            "forget": self._told("forget", lambda _: self.forget()),
        }

    async def close(self) -> None:
        """Break off what is under way, and hand it back."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _told(self, name: str, task: Task) -> Task:
        """Count and log what becomes of a task; none of its faults goes any further."""

        async def run(about: str) -> None:
            work = asyncio.ensure_future(self.metrics.timed(name, lambda: task(about))())
            self._under_way.add(work)
            work.add_done_callback(self._under_way.discard)
            try:
                await work
            except Exception as error:  # the next turn may go better; this one is told
                log.error("background work failed", work=name, **fault(error))  # noqa: TRY400  a traceback quotes data

        return run

    async def _look(self, connection_id: str) -> None:
        """Look into one diary, and plan the next look."""
        now = self.clock()
        async with self.storage.writing() as session:
            if not await due.take_look(session, connection_id, now, now + _CLAIM):
                return
            link = await repository.connection(session, connection_id)
        assert link is not None  # noqa: S101  we have just changed it
        next_at = now  # where it is broken off
        try:
            with self.rooms.one(_server(link)) as free:
                if free:
                    await self.watch.look_into(link)
                    next_at = await self.planning.next_look(link, self.clock())
                else:
                    next_at = now + _put_off()
        except Exception:
            next_at = now + _CLAIM
            raise
        finally:
            with CancelScope(shield=True):
                async with self.storage.writing() as session:
                    await due.plan_look(session, connection_id, next_at)

    async def _renew(self, connection_id: str) -> None:
        """Renew the credentials of one connection before they end."""
        now = self.clock()
        async with self.storage.writing() as session:
            if not await due.take_renewal(session, connection_id, now, now + _CLAIM):
                return
            link = await repository.connection(session, connection_id)
        if link is None or State(link.state) in CLOSED | RESTING:
            return
        with self.rooms.one(_server(link)) as free:
            if free:
                try:
                    await self.diaries.renew(link)
                except DiaryError as error:  # noted with the connection; if it passes, it is tried again
                    log.info("credentials were not renewed ahead", outcome=error.code)
                return
        async with self.storage.writing() as session:
            await due.plan_renewal(session, connection_id, now + _put_off())


def _server(link: ConnectionRow) -> str:
    return f"{link.provider}/{link.instance}"


def _put_off() -> timedelta:
    return _PUT_OFF * random.uniform(1, 2)  # noqa: S311  spreads, hides nothing
