"""Calls side by side: the one an answer stands on, and those that only add to it.

    async with together() as tasks:
        days = tasks.create_task(client.days())
        marks = tasks.create_task(attempt(client.marks()))

Without the days there is no answer; without the marks there is one, with a gap and its reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from diary_core.errors import DiaryError, DisabledBySchool, NotPermitted, NotSupported, RightMissing
from diary_core.model import Reason, Unavailable

__all__ = ["attempt", "attempt_each", "together"]

ResultT = TypeVar("ResultT")

AT_ONCE: Final = 8
"""Side calls of one answer under way at the same time: the others of the diary want their turn too."""

_REASONS: Final[tuple[tuple[type[DiaryError], Reason], ...]] = (
    (NotPermitted, Reason.NOT_PERMITTED),
    (RightMissing, Reason.NOT_PERMITTED),
    (DisabledBySchool, Reason.DISABLED_BY_SCHOOL),
    (NotSupported, Reason.UNSUPPORTED),
)


@asynccontextmanager
async def together() -> AsyncGenerator[asyncio.TaskGroup]:
    """Run tasks at once; the first to fail ends the others, and its error is raised as it is."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except ExceptionGroup as failed:
        error = failed.exceptions[0]
        raise error from error.__cause__


async def attempt(call: Awaitable[ResultT]) -> ResultT | Unavailable:
    """Return what a side call brings, or why it brings nothing: it never spoils the answer it adds to.

    A refused session is the side service's own fault here: when it has really ended, the call that the
    answer stands on is refused too, and that one raises.
    """
    try:
        return await call
    except DiaryError as error:
        found = (reason for kind, reason in _REASONS if isinstance(error, kind))
        return Unavailable(reason=next(found, Reason.UPSTREAM_ERROR))


async def attempt_each(calls: Iterable[Callable[[], Awaitable[ResultT]]]) -> list[ResultT | Unavailable]:
    """Make many side calls, a few at a time, and return what each brought, in their order.

    Args:
        calls: Each starts its call when its turn has come, so that none waits half done.
    """
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(call: Callable[[], Awaitable[ResultT]]) -> ResultT | Unavailable:
        async with turns:
            return await attempt(call())

    async with together() as tasks:
        started = [tasks.create_task(in_turn(call)) for call in calls]
    return [task.result() for task in started]
