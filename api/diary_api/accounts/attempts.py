"""Counting wrong passwords and codes, so that nobody guesses for long."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diary_api.clock import Clock
from diary_core.errors import TooManyRequests

_REMEMBERED = 10_000


@dataclass(frozen=True)
class Attempts:
    """Failures by key within a sliding window, kept in this process."""

    limit: int
    window: timedelta
    clock: Clock
    _failures: OrderedDict[str, deque[datetime]] = field(
        default_factory=OrderedDict[str, deque[datetime]], repr=False
    )

    def begin(self, key: str) -> None:
        """Let a key try; it counts as a failure until it succeeds, so that guesses sent at once all count.

        Raises:
            TooManyRequests: It has failed too often; says how long to wait.
        """
        failures = self._recent(key)
        if len(failures) >= self.limit:
            raise TooManyRequests("too many tries", retry_after=failures[0] + self.window - self.clock())
        failures.append(self.clock())
        self._failures[key] = failures
        self._failures.move_to_end(key)
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        self._failures.pop(key, None)

    def forgive(self, key: str) -> None:
        """Take one try of a key back: it was none that counts."""
        failures = self._failures.get(key)
        if failures:
            failures.pop()

    def _recent(self, key: str) -> deque[datetime]:
        failures = self._failures.get(key, deque[datetime]())
        oldest = self.clock() - self.window
        while failures and failures[0] <= oldest:
            failures.popleft()
        return failures
