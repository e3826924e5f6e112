"""A body that is passed on while it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

import httpx2
from typing_extensions import override

from diary_core.errors import AttachmentTooLarge, RegionSlow
from diary_core.http.limits import DoorLimits
from diary_core.http.trouble import translated


class Flow(httpx2.AsyncByteStream):
    """Unpacks a body piece by piece, and stops at the cap and at the end of its time.

    Args:
        response: As it came over the wire, unread.
        limits: The cap and the time, which begins now and holds however slow the reader is.
        closed: Called once, when nothing more will be read.

    Raises:
        AttachmentTooLarge: More came than a file may have, whatever was announced.
        RegionDown: The server dropped the connection within its answer.
        RegionSlow: It fell silent, or the time is over.
        RegionChanged: The file is packed wrongly.
    """

    def __init__(self, response: httpx2.Response, limits: DoorLimits, closed: Callable[[], None]) -> None:
        self._response = response
        self._limits = limits
        self._closed: Callable[[], None] | None = closed
        self._ends_at = asyncio.get_running_loop().time() + limits.file_timeout_s

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        pieces = self._response.aiter_bytes()
        taken = 0
        while (piece := await self._next(pieces)) is not None:
            taken += len(piece)
            if max(taken, self._response.num_bytes_downloaded) > self._limits.file_bytes_max:
                raise AttachmentTooLarge(f"larger than {self._limits.file_bytes_max} bytes")
            yield piece

    async def _next(self, pieces: AsyncGenerator[bytes]) -> bytes | None:
        clock = asyncio.timeout_at(self._ends_at)
        try:
            async with clock:
                with translated():
                    return await anext(pieces, None)
        except TimeoutError as error:
            if not clock.expired():
                raise
            raise RegionSlow(f"no whole file within {self._limits.file_timeout_s:g} s") from error

    @override
    async def aclose(self) -> None:
        """Leave the rest where it is."""
        if self._closed is None:
            return
        closed, self._closed = self._closed, None
        closed()
        await self._response.aclose()
