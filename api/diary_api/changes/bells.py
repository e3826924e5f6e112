"""Waking those who wait for a change of an account."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Bells:
    """One bell an account; it rings in this process only, so nobody waits for it alone."""

    _waiting: defaultdict[str, set[asyncio.Event]] = field(
        default_factory=lambda: defaultdict[str, set[asyncio.Event]](set), repr=False
    )

    def ring(self, account_id: str) -> None:
        """Wake everybody who waits."""
        for bell in self._waiting.get(account_id, ()):
            bell.set()

    async def wait(self, account_id: str, at_most: timedelta) -> None:
        """Wait until the bell rings, or for as long as given."""
        bell = asyncio.Event()
        self._waiting[account_id].add(bell)
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await bell.wait()
        except TimeoutError:
            return
        finally:
            self._waiting[account_id].discard(bell)
            if not self._waiting[account_id]:
                del self._waiting[account_id]
