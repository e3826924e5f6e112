"""Hanging up on whoever does not finish a request: a connection that trickles costs a descriptor for ever."""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request has not arrived whole in time.

    The clock runs from the first byte of a request to the last one of its body, for the first request from
    the connection on. How long an answer takes, and how long a client is silent after one, is not looked at.
    """

    patience_s = 30.0
    """The largest body a request may have arrives in it over any line that can show a diary."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # as uvicorn calls it
        super().__init__(*args, **kwargs)
        self._clock: TimerHandle | None = None

    @override
    def connection_made(self, transport: Transport) -> None:
        super().connection_made(transport)
        self._begin()

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._end()
        self._begin()

    @override
    def on_message_complete(self) -> None:
        self._end()
        super().on_message_complete()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._clock = self.loop.call_later(self.patience_s, self.transport.close)

    def _end(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
