"""What one process has touched, told to the hot answers of all of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from diary_api.hot.answers import HotAnswers
from diary_api.shared import Bus

_TOPIC = "touched"


@dataclass(frozen=True)
class TouchedNews:
    """Drops answers here at once, and in the other processes as fast as the bus carries.

    While the bus is lost nothing is served from memory; what was kept before is dropped.
    """

    hot: HotAnswers
    bus: Bus

    def listen(self) -> None:
        """Hear the others, from now on."""
        self.bus.hear(_TOPIC, lambda message: self.hot.touch(frozenset(message.split())))
        self.bus.on_lost(self.hot.drop_everything)

    async def tell(self, ids: frozenset[str]) -> None:
        """Tell what a transaction has touched, to the end also when its client has gone away."""
        self.hot.touch(ids)
        await asyncio.shield(asyncio.ensure_future(self.bus.tell(_TOPIC, " ".join(sorted(ids)))))
