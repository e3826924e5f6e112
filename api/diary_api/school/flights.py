"""Calls to diaries that are under way: each is made once, for any number of askers."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from diary_core.http import aside, deadline

ResultT = TypeVar("ResultT")


@dataclass
class _Flight(Generic[ResultT]):
    call: asyncio.Task[ResultT]
    askers: int = 0
    behind: bool = False
    """Whether an asker has stopped waiting but still wants the answer to be known."""


@dataclass(frozen=True)
class Flights(Generic[ResultT]):
    """The calls of one process.

    A call nobody wants any more, since every asker's client went away, is cancelled; one whose asker
    only ran out of patience goes on behind, for whoever asks next.
    """

    behind_most: int
    """How many calls may go on without anybody waiting for them."""
    _under_way: dict[str, _Flight[ResultT]] = field(default_factory=dict[str, _Flight[ResultT]], repr=False)

    async def join(
        self, name: str, call: Callable[[], Coroutine[Any, Any, ResultT]], patience: timedelta | None
    ) -> ResultT | None:
        """Wait for the call of a name, which is made unless it is under way.

        Args:
            name: What is asked.
            call: Asks it.
            patience: How long to wait; as long as the request has time unless given.

        Returns:
            What the call has brought; None when it has not landed in time.
        """
        flight = self._under_way.get(name)
        if flight is None:
            flight = self._under_way[name] = _Flight(asyncio.create_task(call()))
            flight.call.add_done_callback(lambda _: self._landed(name, flight))
        flight.askers += 1
        try:
            wait_s = min(deadline.left_s(), math.inf if patience is None else patience.total_seconds())
            with aside.waiting():
                landed, _ = await asyncio.wait({flight.call}, timeout=None if wait_s == math.inf else wait_s)
            if landed:
                return flight.call.result()
            flight.behind = flight.behind or not self.crowded
            return None
        finally:
            flight.askers -= 1
            if not flight.askers and not flight.behind and not flight.call.done():
                self._under_way.pop(name, None)  # whoever asks now makes a call that lives
                flight.call.cancel()

    def is_under_way(self, name: str) -> bool:
        """Tell whether there is a call to join."""
        return name in self._under_way

    @property
    def crowded(self) -> bool:
        """Whether as many calls go on behind as may."""
        return sum(not flight.askers for flight in self._under_way.values()) >= self.behind_most

    async def close(self) -> None:
        """Let the calls that are under way come to an end."""
        calls = [flight.call for flight in self._under_way.values()]
        await asyncio.gather(*calls, return_exceptions=True)

    def _landed(self, name: str, flight: _Flight[ResultT]) -> None:
        if self._under_way.get(name) is flight:
            del self._under_way[name]
        if not flight.call.cancelled():
            flight.call.exception()  # its askers have it; when all went away nobody else wants it
