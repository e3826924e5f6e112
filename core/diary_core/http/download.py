"""Files, passed on while they arrive: nothing is kept, neither on disk nor whole in memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import httpx2

from diary_core.errors import (
    AttachmentElsewhere,
    AttachmentGone,
    RegionChanged,
    RegionMaintenance,
)
from diary_core.file_kinds import HEAD_BYTES, media_type
from diary_core.http.allow_list import origin, origins
from diary_core.http.layer import STREAMED
from diary_core.http.statuses import refuse

if TYPE_CHECKING:
    from diary_core.provider import Channel

_REDIRECTS_MAX: Final = 3
_GONE: Final = frozenset({404, 410})
_AS_IT_IS: Final = {"Accept": "*/*", "Accept-Encoding": "identity"}
"""Unpacked, so that its length is told; a server that packs it all the same is understood."""


class FileStream:
    """An open file. Whoever opens it reads it once and closes it, or uses `async with`.

    Iterating may raise `AttachmentTooLarge` and `TryLater` after some pieces have been given.
    """

    name: str
    """As the diary lists it, with its extension."""
    media_type: str
    """Told by the content."""
    size_bytes: int | None
    """As announced by the server; None when it does not say. So many bytes come, or an error."""

    def __init__(
        self,
        response: httpx2.Response,
        pieces: AsyncGenerator[bytes],
        head: bytes,
        *,
        name: str,
        media_type: str,
    ) -> None:
        told = response.headers.get("content-length", "")
        self.name, self.media_type = name, media_type
        self.size_bytes = int(told) if told.isascii() and told.isdigit() else None
        self._response, self._pieces, self._head = response, pieces, head

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        """Give the file piece by piece, no piece empty."""
        if self._head:
            yield self._head
        async for piece in self._pieces:
            yield piece

    async def aclose(self) -> None:
        """Let go of the connection; what has not been read is left."""
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def download(
    channel: Channel, url: str, *, name: str, home: str, headers: Mapping[str, str]
) -> FileStream:
    """Open a file of a diary.

    Every address on the way must be on the instance's own hosts, so neither a diary nor a redirect can send
    us elsewhere.

    Args:
        channel: The server.
        url: Where the file is, as the diary has it; may be relative.
        name: As the diary lists it, with its extension.
        home: Base address that relative ones are meant from, and the only one that gets the headers.
        headers: What opens the file there, such as a token.

    Raises:
        AttachmentElsewhere: It lies, or leads, to a host that is not the instance's.
        AttachmentGone: It is not there.
        AttachmentMistyped: Its content is not what its name says.
        AttachmentTooLarge: It is announced to be larger than a file may be.
        AttachmentUnsafe: Its content is of a kind that is not passed on.
        LoginRequired: 401.
        NotPermitted: 403.
        TryLater: The diary is in trouble, or shows a page where the file should be.
        RegionChanged: Redirects without end, or something else nobody expects.
    """
    response = await _follow(channel, url, home, headers)
    try:
        return await _judged(response, name)
    except BaseException:
        await response.aclose()
        raise


async def _judged(response: httpx2.Response, name: str) -> FileStream:
    """Return the file behind an answer, once its first bytes have told what it is."""
    if response.status_code in _GONE:
        raise AttachmentGone(f"status {response.status_code}")
    if not response.is_success:
        refuse(response)
    pieces = response.aiter_bytes()
    head = b""
    async for piece in pieces:
        head += piece
        if len(head) >= HEAD_BYTES:
            break
    if "html" in response.headers.get("content-type", "") and head.lstrip().startswith(b"<"):
        raise RegionMaintenance("a web page came where a file should be")
    return FileStream(response, pieces, head, name=name, media_type=media_type(head[:HEAD_BYTES], name))


async def _follow(channel: Channel, url: str, home: str, headers: Mapping[str, str]) -> httpx2.Response:
    """Return the answer at the end of the redirects, its body unread when it is a good one."""
    allowed = origins(channel.instance.hosts.values())
    base = httpx2.URL(home)
    target = _joined(base, url)
    for _ in range(_REDIRECTS_MAX + 1):
        if target.userinfo or origin(target) not in allowed:
            raise AttachmentElsewhere("not on a host of this diary", field="url")
        opening = {**headers, **_AS_IT_IS} if origin(target) == origin(base) else _AS_IT_IS
        request = channel.http.build_request("GET", target, headers=opening, extensions={STREAMED: True})
        response = await channel.http.send(request, stream=True)
        if not response.has_redirect_location:
            return response
        target = _joined(target, response.headers["location"])
    raise RegionChanged("redirects without end", field="location")


def _joined(base: httpx2.URL, url: str) -> httpx2.URL:
    try:
        return base.join(url)
    except httpx2.InvalidURL:
        pass  # raised out here, so that neither the cause nor the context of the error holds the address
    raise RegionChanged("a file has no address one can go to", field="url")
