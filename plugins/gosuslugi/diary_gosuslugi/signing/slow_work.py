"""Where slow arithmetic is done while the event loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

__all__ = ["SlowWork"]

ParametersT = ParamSpec("ParametersT")
ResultT = TypeVar("ResultT")


class SlowWork:
    """One thread, started when first needed.

    It is one on purpose: pure Python holds the interpreter lock, so more threads are no faster, and the event
    loop queues behind each. Measured with four signatures at once: the loop waited up to 16 ms for its turn
    with one thread, up to 150 ms with four.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gost")

    async def run(
        self,
        work: Callable[ParametersT, ResultT],
        *arguments: ParametersT.args,
        **named: ParametersT.kwargs,
    ) -> ResultT:
        """Return what the work returns or raises, in its turn."""
        return await asyncio.wrap_future(self._thread.submit(work, *arguments, **named))
