"""One process of many says what is to be done now.

It only wakes whoever works: what is due stands in the database, so a wake-up that is lost comes again,
and one too many finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diary_api.clock import Clock
from diary_api.settings import Settings
from diary_api.shared import Claim, Claims
from diary_api.storage import Storage
from diary_api.work import due
from diary_api.work.planning import Planning

Put = Callable[[str, str], Awaitable[None]]
"""Puts a task into the queue, by its name and what it is about."""

_LEADS_FOR = timedelta(seconds=20)
"""After so long a leader that is gone is followed by another process."""
_WOKEN_FOR = timedelta(minutes=2)
"""A wake-up whose work is still due after that is taken for lost."""
_AT_MOST = 200
"""Of one kind that wait in the queue: the rest waits in the database, where it costs nothing."""
_FORGET_EVERY = timedelta(hours=1)


@dataclass
class Schedule:
    """Wakes what is due, for as long as this process leads."""

    storage: Storage
    settings: Settings
    clock: Clock
    claims: Claims
    planning: Planning
    put: Put
    _lead: Claim | None = field(default=None, repr=False)
    _woken: dict[tuple[str, str], datetime] = field(
        default_factory=dict[tuple[str, str], datetime], repr=False
    )
    """Until when a wake-up is not repeated."""
    _next: dict[str, datetime] = field(default_factory=dict[str, datetime], repr=False)
    """When to wake what has no row of its own."""

    async def turn(self) -> None:
        """Wake everything whose time has come, if this process leads or nobody does."""
        if not await self._leads():
            return
        now = self.clock()
        await self._every("deliver", self.settings.absences.every, now)
        await self._every("forget", _FORGET_EVERY, now)
        await self._wake("renew", await self._due_renewals(now), now)
        if self.settings.watch_every:
            await self._wake("look", await self._due_looks(now), now)

    async def resign(self) -> None:
        """Let another process lead."""
        if self._lead is not None:
            await self._lead.release()
            self._lead = None

    async def _leads(self) -> bool:
        if self._lead is not None and await self._lead.keep():
            return True
        self._lead = await self.claims.take("work:leader", _LEADS_FOR)
        return self._lead is not None

    async def _every(self, name: str, pause: timedelta, now: datetime) -> None:
        """Wake something that has no row of its own, the first time after one pause."""
        if pause and self._next.setdefault(name, now + pause) <= now:
            self._next[name] = now + pause
            await self.put(name, "")

    async def _wake(self, name: str, about: list[str], now: datetime) -> None:
        """Wake what is due and has not just been woken; what is no longer due was done, or put off."""
        due_now = {(name, one) for one in about}
        self._woken = {
            key: until
            for key, until in self._woken.items()
            if until > now and (key[0] != name or key in due_now)
        }
        for one in about:
            if (name, one) not in self._woken:
                self._woken[name, one] = now + _WOKEN_FOR
                await self.put(name, one)

    async def _due_renewals(self, now: datetime) -> list[str]:
        async with self.storage.reading() as session:
            return list(await due.renewals(session, now, _AT_MOST))

    async def _due_looks(self, now: datetime) -> list[str]:
        async with self.storage.reading() as session:
            unplanned = await due.unplanned(session, _AT_MOST)
            found = list(await due.looks(session, now, _AT_MOST))
        if unplanned:
            async with self.storage.writing() as session:
                for connection_id in unplanned:
                    await due.plan_look(session, connection_id, self.planning.first_look(now))
        return found
