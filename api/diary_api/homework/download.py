"""A file on its way out: piece by piece as it comes in, kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from urllib.parse import quote

import anyio
import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from diary_core.errors import DiaryError, RegionSlow
from diary_core.http import FileStream

log = structlog.stdlib.get_logger()

_NOT_IN_A_NAME: Final = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')
_NAME_MOST: Final = 100
"""Characters: so many fit a header, and a folder, in letters of any alphabet but the rarest."""
_ENDING_MOST: Final = 10


class Download(Response):
    """Sends a file, and closes it whatever happens: it ends, breaks, or the client goes away.

    Once it has begun, trouble can only be told by cutting the connection, so the answer is left unfinished
    then: no client takes half a file for a whole one.

    Args:
        file: Open.
        longest: How long sending may take, however slow the client.
        closed: Called once the file is closed.
        may_go_on: Called before each piece; raises a `DiaryError` once the reader may have no more of it.
    """

    def __init__(
        self,
        file: FileStream,
        longest: timedelta,
        closed: Callable[[], None],
        may_go_on: Callable[[], Awaitable[object]],
    ) -> None:
        super().__init__()
        self._file = file
        self._longest = longest
        self._closed = closed
        self._may_go_on = may_go_on
        del self.headers["content-length"]
        if file.size_bytes is not None:
            self.headers["Content-Length"] = str(file.size_bytes)
        self.headers["Content-Type"] = file.media_type
        self.headers["Content-Disposition"] = as_attachment(file.name)
        self.headers["X-Content-Type-Options"] = "nosniff"
        self.headers["Cache-Control"] = "private, no-store"

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            async with anyio.create_task_group() as tasks:

                async def leave() -> None:
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    scope["diary.outcome"] = "client_left"
                    tasks.cancel_scope.cancel()

                tasks.start_soon(leave)
                try:
                    await self._send(scope, send)
                finally:
                    tasks.cancel_scope.cancel()
        finally:
            self._closed()
            with anyio.CancelScope(shield=True):
                await self._file.aclose()

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            with anyio.fail_after(self._longest.total_seconds()):
                async for piece in self._file:
                    await self._may_go_on()
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (DiaryError, TimeoutError) as error:
            code = error.code if isinstance(error, DiaryError) else RegionSlow.code
            scope["diary.outcome"] = code
            log.warning("a file was cut short", outcome=code)
            return
        await send({"type": "http.response.body", "body": b""})


def as_attachment(name: str) -> str:
    """Return the header that lets a browser save a file under its name, and never show it.

    Source: RFC 6266, with the encoding of RFC 8187.
    """
    safe = _shortened(_NOT_IN_A_NAME.sub("_", name).strip(" .")) or "file"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _shortened(name: str) -> str:
    """Return a name that is not too long, with its extension."""
    stem, dot, ending = name.rpartition(".")
    if len(name) <= _NAME_MOST or not stem or len(ending) > _ENDING_MOST:
        return name[:_NAME_MOST]
    return f"{stem[: _NAME_MOST - len(ending) - 1].rstrip()}{dot}{ending}"
