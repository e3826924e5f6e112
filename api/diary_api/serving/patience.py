"""Hanging up on whoever does not finish a request, or begins one that no client of ours sends.

A connection that trickles costs a descriptor for ever, and a head that does not end costs memory: the parser
below has no limit of its own.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Any, cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from diary_api.serving.cork import Corked

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
)
"""Said before there is a request to answer with a problem."""

_ON_THIS_MACHINE = ("127.0.0.1", 0)
"""Who comes by a Unix socket, which has no addresses: a proxy, believed like any other on this machine."""


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request has not arrived whole in time.

    The clock runs from the first byte of a request to the last one of its body, for the first request from
    the connection on; one that comes in a piece has none. How long an answer takes, and how long a client is
    silent after one, is not looked at. What it answers in a crowd is gathered (`serving/cork.py`).
    """

    patience_s = 30.0
    """The largest body a request may have arrives in it over any line that can show a diary."""
    head_limit_bytes = 32 * 1024
    """The longest head taken: the line of the request and its headers, as they arrive.

    What belongs to no body behind it, trailers and the extensions of chunks, may be as long.
    """
    headers_most = 100
    """The most headers taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # as uvicorn calls it
        super().__init__(*args, **kwargs)
        self._clock: TimerHandle | None = None
        self._head_bytes = self._piece_bytes = 0
        self._in_head = True
        self._arriving = False
        """Whether a request has begun and is not whole."""
        self._refused = False

    @override
    def connection_made(self, transport: Transport) -> None:
        super().connection_made(cast("Transport", Corked(transport, self.loop, self.tasks)))
        self.client = self.client or _ON_THIS_MACHINE
        self._begin()

    @override
    def data_received(self, data: bytes) -> None:
        self._piece_bytes = len(data)
        self._head_bytes += self._piece_bytes
        super().data_received(data)
        if (self._in_head or self._arriving) and self._head_bytes > self.head_limit_bytes:
            self._refuse()
        if self._arriving and self._clock is None:
            self._begin()

    @override
    def on_headers_complete(self) -> None:
        self._in_head = False
        if len(self.headers) > self.headers_most or self._are_headers_too_long():
            self._refuse()
        if not self._refused:
            super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        self._head_bytes = 0
        if not self._refused:
            super().on_body(body)

    @override
    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes, self._arriving = True, 0, True
        super().on_message_begin()
        self._end()

    @override
    def on_message_complete(self) -> None:
        self._end()
        self._arriving = False
        if not self._refused:
            super().on_message_complete()

    @override
    def eof_received(self) -> None:
        self.transport.close()  # as it would by itself, but for what is held back

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _are_headers_too_long(self) -> bool:
        """Tell whether they are by themselves, without what has come in one piece with them."""
        if self._head_bytes + self._piece_bytes <= self.head_limit_bytes:
            return False
        return sum(len(name) + len(value) for name, value in self.headers) > self.head_limit_bytes

    def _refuse(self) -> None:
        if not self._refused:
            self._refused = True
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def _begin(self) -> None:
        self._clock = self.loop.call_later(self.patience_s, self.transport.close)

    def _end(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
