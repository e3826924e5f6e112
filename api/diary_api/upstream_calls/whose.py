"""For which link a call to a diary is made."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_LINK: ContextVar[str | None] = ContextVar("diary_link", default=None)


@contextmanager
def made_for(connection_id: str) -> Generator[None]:
    """Let every call inside, also of tasks that are begun inside, be made for a link."""
    token = _LINK.set(connection_id)
    try:
        yield
    finally:
        _LINK.reset(token)


def link() -> str | None:
    """Return the id of the link the present call is made for; None for a call that is nobody's."""
    return _LINK.get()
