"""A dead region occupies some of a worker's places, never all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rooms:
    """How many pieces of work go on side by side at each diary server."""

    places: int
    """Of one server."""
    _busy: Counter[str] = field(default_factory=Counter[str], repr=False)

    @contextmanager
    def one(self, server: str) -> Generator[bool]:
        """Take a place for as long as the block runs; tell whether there was one."""
        if self._busy[server] >= self.places:
            yield False
            return
        self._busy[server] += 1
        try:
            yield True
        finally:
            self._busy[server] -= 1
            if not self._busy[server]:
                del self._busy[server]
