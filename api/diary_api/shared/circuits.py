"""Which hosts all processes leave alone together, kept in Redis by its clock; one probe among them all."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from diary_api.shared.link import PREFIX, Link, RedisLost
from diary_core.http import Circuits, Outcome, OwnCircuits, Rest
from diary_core.http.circuits import probed, resting

_WELL_S: Final = 1.0
"""For so long a host without failures is taken for well without asking: a healthy one costs no command."""
_FORGOTTEN_MS: Final = 3_600_000
"""After so long without a failure the count begins anew."""
_ENTER: Final = """
local known = redis.call('HMGET', KEYS[1], 'failures', 'rests_until', 'probed_until')
local failures = tonumber(known[1] or 0)
if failures == 0 then return {'well', 0} end
if failures < tonumber(ARGV[1]) then return {'counted', 0} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rests_until = tonumber(known[2] or 0)
if rests_until > now then return {'resting', rests_until - now} end
if tonumber(known[3] or 0) > now then return {'probed', 0} end
redis.call('HSET', KEYS[1], 'probed_until', now + ARGV[2])
return {'probe', 0}
"""
"""Arguments: the most failures, how long a probe may take (ms)."""
_FAILED: Final = """
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
if failures >= tonumber(ARGV[1]) then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('HSET', KEYS[1], 'rests_until', now + ARGV[2], 'probed_until', 0)
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[3])
"""
"""Arguments: the most failures, the rest (ms), after how long they are forgotten (ms)."""
_UNPROBED: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'probed_until', 0) end
return 0
"""


def circuits_over(link: Link | None) -> Circuits:
    """Return the circuits of all processes, or of this one where it is alone."""
    return OwnCircuits() if link is None else SharedCircuits(link)


@dataclass(frozen=True)
class SharedCircuits:
    """What the processes of one gateway know of each line together.

    While Redis is lost each goes by what it has seen itself.
    """

    link: Link
    own: OwnCircuits = field(default_factory=OwnCircuits)
    _well_until: dict[str, float] = field(default_factory=dict[str, float], repr=False)

    async def enter(self, line: str, rest: Rest) -> bool:
        """Let a call through, as of `Circuits.enter`."""
        now = time.monotonic()
        if self._well_until.get(line, 0) > now:
            return False
        probe_ms = round(rest.probe_max_s * 1000)
        try:
            told, ms = await self.link.ask(
                lambda redis: redis.eval(_ENTER, 1, _key(line), rest.failures_max, probe_ms)
            )
        except RedisLost:
            return await self.own.enter(line, rest)
        if told == b"well":
            self._well_until[line] = now + _WELL_S
            return False
        self._well_until.pop(line, None)
        match told:
            case b"resting":
                raise resting(ms / 1000)
            case b"probed":
                raise probed()
            case _:
                return told == b"probe"

    async def left(self, line: str, rest: Rest, outcome: Outcome, *, probing: bool) -> None:
        """Take note of how a call went, as of `Circuits.left`."""
        await self.own.left(line, rest, outcome, probing=probing)
        try:
            match outcome:
                case Outcome.FAILED:
                    self._well_until.pop(line, None)
                    rest_ms = round(rest.rest_s * 1000)
                    await self.link.ask(
                        lambda redis: redis.eval(
                            _FAILED, 1, _key(line), rest.failures_max, rest_ms, _FORGOTTEN_MS
                        )
                    )
                case Outcome.GOOD if line not in self._well_until:
                    await self.link.ask(lambda redis: redis.delete(_key(line)))
                case Outcome.NOTHING if probing:
                    await self.link.ask(lambda redis: redis.eval(_UNPROBED, 1, _key(line)))
                case _:
                    return  # nothing new
        except RedisLost:
            return  # the link has told; this process goes by what it has seen


def _key(line: str) -> str:
    return f"{PREFIX}circuit:{line}"
