"""Whether the database can be worked with, looked at once for everybody who asks meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from diary_api.storage.database import Storage
from diary_api.storage.migrate import Fitness, fitness


@dataclass
class Readiness:
    """Anybody may ask, as often as they like: it takes one connection at most."""

    storage: Storage
    _look: asyncio.Task[Fitness] | None = field(default=None, repr=False)

    async def look(self) -> Fitness:
        """Return how the database is, by a look that is under way or by a new one.

        Raises:
            GatewayBusy: It does not answer.
        """
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(fitness(self.storage))
            self._look.add_done_callback(_heard)
        return await asyncio.shield(self._look)

    async def close(self) -> None:
        """Let the look that is under way come to an end."""
        if self._look is not None:
            await asyncio.gather(self._look, return_exceptions=True)


def _heard(look: asyncio.Task[Fitness]) -> None:
    """Take what went wrong from a look that nobody waits for any more."""
    if not look.cancelled():
        look.exception()
