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

    def __init__(self, wait_s: float = 0.5) -> None:
        self._wait_s = wait_s
        self._making: dict[Key, asyncio.Event] = {}
        self._lasted: OrderedDict[Key, None] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        """Tell whether somebody makes it now."""
        return key in self._making

    @contextmanager
    def making(self, key: Key) -> Generator[None]:
        """Let others wait while the block runs, if there is something to wait for."""
        if key in self._making or not self.has_lasted(key):
            yield
            return
        made = self._making[key] = asyncio.Event()
        try:
            yield
        finally:
            del self._making[key]
            made.set()

    def patience(self) -> float:
        """Return until when a request that comes now may wait, however many makers it waits for: loop time.

        One that waits for a diary may take all the time a request has: whoever waited for that would have all
        of it once more. And where what is made is not kept, each of a crowd would wait for all before it.
        """
        return asyncio.get_running_loop().time() + self._wait_s

    async def made(self, key: Key, until: float) -> bool:
        """Wait for whoever makes it; tell whether it is worth looking again.

        It has ended, with an answer or without.
        """
        made = self._making.get(key)
        if made is None:
            return False
        try:
            async with asyncio.timeout_at(until):
                await made.wait()
        except TimeoutError:
            return False
        return True

    def has_lasted(self, key: Key) -> bool:
        """Tell whether answers to a request are kept, unless something comes between."""
        return key in self._lasted

    def lasts_no_more(self, key: Key) -> None:
        """Hear that an answer may not be kept."""
        self._lasted.pop(key, None)

    def lasts(self, key: Key) -> None:
        """Hear that an answer was kept."""
        self._lasted[key] = None
        self._lasted.move_to_end(key)
        if len(self._lasted) > _LASTED_MOST:
            self._lasted.popitem(last=False)
