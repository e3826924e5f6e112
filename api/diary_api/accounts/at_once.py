"""How many of one thing an account may have under way at once, in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from diary_core.errors import TooManyRequests


@dataclass(frozen=True)
class AtOnce:
    """Counts what lasts, account by account."""

    things: str
    """Plural, for the refusal."""
    most: int
    again_after: timedelta
    _under_way: Counter[str] = field(default_factory=Counter[str], repr=False)

    @property
    def under_way(self) -> int:
        """How many there are, of all accounts."""
        return self._under_way.total()

    @contextmanager
    def one(self, account_id: str) -> Generator[None]:
        """Count one while it lasts.

        Raises:
            TooManyRequests: As of `begin`.
        """
        self.begin(account_id)
        try:
            yield
        finally:
            self.end(account_id)

    def begin(self, account_id: str) -> None:
        """Count one more, until `end`.

        Raises:
            TooManyRequests: The account has so many already.
        """
        if self._under_way[account_id] >= self.most:
            raise TooManyRequests(
                f"so many {self.things} of yours are under way", retry_after=self.again_after
            )
        self._under_way[account_id] += 1

    def end(self, account_id: str) -> None:
        """Count one less."""
        self._under_way[account_id] -= 1
        if not self._under_way[account_id]:
            del self._under_way[account_id]
