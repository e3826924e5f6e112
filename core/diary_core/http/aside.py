"""Telling whoever counts the requests under way that one of them waits for a diary, which is no work."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

import httpx2
from typing_extensions import override

from diary_core.http.layer import Layer

Steps = Callable[[], AbstractContextManager[None]]
"""Makes a block in which a request stands aside."""

_steps: ContextVar[Steps] = ContextVar("diary.steps_aside", default=nullcontext)


def waiting() -> AbstractContextManager[None]:
    """Return a block in which a diary is waited for; such blocks may overlap, in several tasks."""
    return _steps.get()()


@contextmanager
def stepping(steps: Steps) -> Generator[None]:
    """Have every wait for a diary, in this block and the tasks begun in it, told by a block of another."""
    known = _steps.set(steps)
    try:
        yield
    finally:
        _steps.reset(known)


class Aside(Layer):
    """Lets the request that a call is made for stand aside meanwhile."""

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        with waiting():
            return await self._inner.handle_async_request(request)
