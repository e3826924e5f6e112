"""Calls side by side: the ones an answer stands on, and those that only add to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

from diary_core.errors import DiaryError, DisabledBySchool, NotPermitted
from diary_core.model import Reason, Unavailable

ResultT = TypeVar("ResultT")


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
    """Return what a call brings, or why it brings nothing.

    A refused token is the service's own fault here: when the session has really ended, the call that
    the answer stands on is refused too, and that one raises.
    """
    try:
        return await call
    except NotPermitted:
        return Unavailable(reason=Reason.NOT_PERMITTED)
    except DisabledBySchool:
        return Unavailable(reason=Reason.DISABLED_BY_SCHOOL)
    except DiaryError:
        return Unavailable(reason=Reason.UPSTREAM_ERROR)
