"""Waiting for what rings no bell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

WITHIN_S = 20.0
"""Far longer than anything takes that is waited for."""


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: It never did.
    """
    async with asyncio.timeout(WITHIN_S):
        while not holds():  # noqa: ASYNC110  what is waited for rings no bell
            await asyncio.sleep(0.01)
