"""A statement that a database is kept waiting with, so that something else may happen in between."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.util import await_only

from tests.api.running import RunningGateway
from tests.api.statements import listening

ResultT = TypeVar("ResultT")

_MOMENT_S = 0.5
"""Whoever is not held off is done by then."""


@dataclass
class Pause:
    """The first statement of one kind that a gateway makes waits here."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def meanwhile(
        self,
        paused: Coroutine[Any, Any, ResultT],
        other: Coroutine[Any, Any, object],
        *,
        at_most_s: float = _MOMENT_S,
    ) -> ResultT:
        """Do one thing until it pauses, then another, as far as it is let; then let the first go on.

        Args:
            paused: What comes to the pause.
            other: What is done meanwhile.
            at_most_s: How long it is waited for: long where nothing holds it off.
        """
        first = asyncio.create_task(paused)
        reached = asyncio.create_task(self.reached.wait())
        await asyncio.wait({first, reached}, return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        if first.done():
            other.close()
            raise AssertionError(f"it never came to that statement: {first.result()}")
        second = asyncio.create_task(other)
        await asyncio.wait({second}, timeout=at_most_s)
        self.over.set()
        await second
        return await first


@contextmanager
def pausing(gate: RunningGateway, before: str) -> Generator[Pause]:
    """Have the first statement that begins like this wait."""
    pause = Pause()

    def heard(statement: str) -> None:
        if statement.startswith(before) and not pause.reached.is_set():
            pause.reached.set()
            await_only(pause.over.wait())

    with listening(gate, heard):
        try:
            yield pause
        finally:
            pause.over.set()
