"""Calls side by side: the one an answer stands on, and those that only add to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

from diary_core.errors import DiaryError, DisabledBySchool, NotPermitted, NotSupported, SignInAgain
from diary_core.model import Reason, Unavailable

T = TypeVar("T")

_REASONS: tuple[tuple[type[DiaryError], Reason], ...] = (
    (NotPermitted, Reason.NOT_PERMITTED),
    (DisabledBySchool, Reason.DISABLED_BY_SCHOOL),
    (NotSupported, Reason.UNSUPPORTED),
    (SignInAgain, Reason.NEEDS_ACTION),
)


@asynccontextmanager
async def together() -> AsyncGenerator[asyncio.TaskGroup]:
    """Run tasks at once; the first to fail ends the others, and its error is raised as it is."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed.exceptions[0].__cause__


async def attempt(call: Awaitable[T]) -> T | Unavailable:
    """Return what a side call brings, or why it could not: it never spoils the answer it adds to."""
    try:
        return await call
    except DiaryError as error:
        return Unavailable(reason=reason_of(error))


def reason_of(error: DiaryError) -> Reason:
    """Return the reason a gap is shown with."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return Reason.UPSTREAM_ERROR
