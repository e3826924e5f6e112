"""Sending many short answers in few turns: while there is a crowd, what is written waits for the others.

Written at once, each head and each body of an answer wakes whoever reads it, once more for every piece.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Transport
from collections.abc import Sized
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT


class Corked:
    """A transport that in a crowd sends what is written in one turn of the loop as one piece, after the turn.

    What is long does not wait for that: only the real transport can tell whoever writes it to pause.

    Args:
        transport: The real one.
        loop: Whose turns are meant.
        under_way: What is being answered; more than one is a crowd.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop, under_way: Sized) -> None:
        self._transport = transport
        self._loop = loop
        self._under_way = under_way
        self._held: list[bytes] = []
        self._held_bytes = 0

    def __getattr__(self, name: str) -> Any:  # whatever a transport has beside
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send this, after what was written before."""
        if not self._held:
            if len(self._under_way) <= 1:
                self._transport.write(data)
                return
            self._loop.call_soon(self._send)
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > HIGH_WATER_LIMIT:
            self._send()

    def close(self) -> None:
        """Send what was written, and then the end."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        held, self._held, self._held_bytes = self._held, [], 0
        if held and not self._transport.is_closing():  # its client may have gone since
            self._transport.write(b"".join(held))
