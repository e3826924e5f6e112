"""What a request can know about the end of the server that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Request

STATE = "drain"
"""Under which name the server tells it, in the state that ASGI hands to every request."""

ItemT = TypeVar("ItemT")


@dataclass
class Drain:
    """How far a server is on its way out."""

    begun: bool = False
    """Whether it has been told to stop: it still answers everybody, and wants the next request elsewhere."""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it takes no more requests: what would go on for ever ends now."""

    async def until_ending(self, items: AsyncGenerator[ItemT]) -> AsyncGenerator[ItemT]:
        """Yield what comes, until the server ends."""
        ended = asyncio.create_task(self.ending.wait())
        following = asyncio.create_task(anext(items, None))
        try:
            while not self.ending.is_set():
                await asyncio.wait({following, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not following.done() or (item := following.result()) is None:
                    return
                yield item
                following = asyncio.create_task(anext(items, None))
        finally:
            for task in (following, ended):
                task.cancel()
            await asyncio.wait({following, ended})
            await items.aclose()


async def drain_of(request: Request) -> Drain:
    """Return the drain of the server of a request; a server that tells nothing never drains."""
    drain = getattr(request.state, STATE, None)
    return drain if isinstance(drain, Drain) else Drain()


Draining = Annotated[Drain, Depends(drain_of)]
