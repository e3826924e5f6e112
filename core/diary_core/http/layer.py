"""One layer of the door."""

from __future__ import annotations

import httpx2


class Layer(httpx2.AsyncBaseTransport):
    """A transport around another one."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        """Close everything below."""
        await self._inner.aclose()
