"""Who is making an answer anew, so that the many who ask for it meanwhile wait for that one."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager

from diary_api.hot.answers import Key

_LASTED_MOST = 10_000


class Makers:
    """The requests that make an answer of which the last one has lasted.

    Nobody waits for any other request: what never was kept will not be kept this time either.
    """

    def __init__(self) -> None:
        self._making: dict[Key, asyncio.Event] = {}
        self._lasted: OrderedDict[Key, None] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        """Tell whether somebody makes it now."""
        return key in self._making

    @contextmanager
    def making(self, key: Key) -> Generator[None]:
        """Let others wait while the block runs, if there is something to wait for."""
        if key in self._making or key not in self._lasted:
            yield
            return
        del self._lasted[key]
        made = self._making[key] = asyncio.Event()
        try:
            yield
        finally:
            del self._making[key]
            made.set()

    async def made(self, key: Key) -> None:
        """Wait until whoever makes it has ended, with an answer or without."""
        await self._making[key].wait()

    def lasts(self, key: Key) -> None:
        """Hear that an answer was kept."""
        self._lasted[key] = None
        self._lasted.move_to_end(key)
        if len(self._lasted) > _LASTED_MOST:
            self._lasted.popitem(last=False)
