"""What an observer is told of the calls that went through the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call to a server: how it went, and nothing of whom it was about."""

    instance: str
    """As the client was named, such as `mrko/moscow`."""
    host: str | None
    """Where it went; None when nothing was sent, as to an address that is not the instance's."""
    method: str
    outcome: str
    """`ok`, the code of an error of the tree, `cancelled`, or `fault` for any other error.

    A status that is the plugin's to judge, such as 401 or 404, is `ok`: the server has answered.
    """
    status: int | None
    """None when no answer came."""
    seconds: float
    """From the question to the last byte, with waiting for a turn and with retries."""
    size_bytes: int
    """Of the answer's body, unpacked."""
    attempts: int
    """How often it was sent; 0 when it was refused on our side."""


Observe = Callable[[Call], None]
"""Called once for each call, in the context it was begun in; must not wait and must not fail."""
