"""Counting wrong passwords and codes, so that nobody guesses for long."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diary_api.clock import Clock
from diary_api.shared.link import PREFIX, Link, RedisLost
from diary_core.errors import TooManyRequests

_REMEMBERED = 10_000

_BEGIN = """
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('zremrangebyscore', KEYS[1], '-inf', now - ARGV[2])
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[1]) then
  return redis.call('zrange', KEYS[1], 0, 0, 'withscores')[2] + ARGV[2] - now
end
redis.call('zadd', KEYS[1], now, ARGV[3])
redis.call('pexpire', KEYS[1], ARGV[2])
return -1
"""
"""Counts a try, or gives the milliseconds until one is free again; in one step, so that no two share one."""


@dataclass(frozen=True)
class Attempts:
    """Failures by key within a sliding window, counted here and, through Redis, by all processes together.

    While Redis is lost every process goes by what it has counted itself.
    """

    purpose: str
    """Keeps what is counted in different places apart; keys are keyed hashes."""
    limit: int
    window: timedelta
    clock: Clock
    link: Link | None = None
    _failures: OrderedDict[str, deque[datetime]] = field(
        default_factory=OrderedDict[str, deque[datetime]], repr=False
    )

    async def begin(self, key: str) -> None:
        """Let a key try; it counts as a failure until it succeeds, so that guesses sent at once all count.

        Raises:
            TooManyRequests: It has failed too often; says how long to wait.
        """
        failures = self._recent(key)
        if len(failures) >= self.limit:
            raise _refused(failures[0] + self.window - self.clock())
        failures.append(self.clock())
        self._failures[key] = failures
        self._failures.move_to_end(key)
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)
        wait_ms = await self._begin_together(key)
        if wait_ms >= 0:
            self._forgive_here(key)
            raise _refused(timedelta(milliseconds=max(1, wait_ms)))

    async def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        self._failures.pop(key, None)
        if self.link is not None:
            try:
                await self.link.ask(lambda redis: redis.delete(self._name(key)))
            except RedisLost:
                return  # they are forgotten when the window is over

    async def forgive(self, key: str) -> None:
        """Take one try of a key back: it was none that counts."""
        self._forgive_here(key)
        if self.link is not None:
            try:
                await self.link.ask(lambda redis: redis.zpopmax(self._name(key)))
            except RedisLost:
                return  # as above

    async def _begin_together(self, key: str) -> int:
        if self.link is None:
            return -1
        window_ms, one = round(self.window.total_seconds() * 1000), secrets.token_hex(8)
        try:
            return int(
                await self.link.ask(
                    lambda redis: redis.eval(_BEGIN, 1, self._name(key), self.limit, window_ms, one)
                )
            )
        except RedisLost:
            return -1

    def _name(self, key: str) -> str:
        return f"{PREFIX}tries:{self.purpose}:{key}"

    def _forgive_here(self, key: str) -> None:
        failures = self._failures.get(key)
        if failures:
            failures.pop()

    def _recent(self, key: str) -> deque[datetime]:
        failures = self._failures.get(key, deque[datetime]())
        oldest = self.clock() - self.window
        while failures and failures[0] <= oldest:
            failures.popleft()
        return failures


def _refused(wait: timedelta) -> TooManyRequests:
    return TooManyRequests("too many tries", retry_after=wait)
