"""One layer of the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx2

STREAMED: Final = "diary.streamed"
"""Extension of a request whose good answer is taken piece by piece by whoever has asked."""
ATTEMPTS: Final = "diary.attempts"
"""Extension of a request that counts how often it was sent."""


@dataclass
class Attempts:
    """How often a request was sent."""

    made: int = 0


class Layer(httpx2.AsyncBaseTransport):
    """A transport around another one."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        """Close everything below."""
        await self._inner.aclose()


def flows(request: httpx2.Request, response: httpx2.Response) -> bool:
    """Tell whether an answer is passed up unread: a good one to a request that wants it so."""
    return STREAMED in request.extensions and response.is_success
