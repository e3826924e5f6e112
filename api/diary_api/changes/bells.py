"""Waking those who wait for a change of an account."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from diary_api.shared import Bus

_TOPIC = "changes"


@dataclass(frozen=True, eq=False)
class Bell:
    """What one follower hears; a ring while it was busy is heard when it next waits."""

    _rung: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def ring(self) -> None:
        """Wake the follower."""
        self._rung.set()

    async def wait(self, at_most: timedelta) -> None:
        """Wait until it has rung since the last wait, or for as long as given."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()


class Bells:
    """The bells of each account; whichever process rings one, it is heard in all of them.

    While the others cannot be heard a ring may be missed, so nobody waits for one alone.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._heard: defaultdict[str, set[Bell]] = defaultdict(set)
        bus.hear(_TOPIC, self._rung)
        bus.on_lost(self._perhaps_rung)

    async def ring(self, account_id: str) -> None:
        """Wake everybody who follows an account."""
        await self._bus.tell(_TOPIC, account_id)

    @contextmanager
    def heard(self, account_id: str) -> Generator[Bell]:
        """Hear the rings of an account for as long as the block runs."""
        bell = Bell()
        self._heard[account_id].add(bell)
        try:
            yield bell
        finally:
            self._heard[account_id].discard(bell)
            if not self._heard[account_id]:
                del self._heard[account_id]

    def _rung(self, account_id: str) -> None:
        for bell in self._heard.get(account_id, ()):
            bell.ring()

    def _perhaps_rung(self) -> None:
        for account_id in self._heard:
            self._rung(account_id)
