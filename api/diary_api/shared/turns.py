"""Turns at a host that all processes take together: the rule of one process, kept in Redis by its clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from diary_api.shared.link import PREFIX, Link, RedisLost
from diary_core.http import OwnTurns, Pace, Turns
from diary_core.http.turns import asked_to_wait, too_long

_RESERVE: Final = """
local held_ms = redis.call('PTTL', KEYS[2])
if held_ms > 0 then return {'held', held_ms * 1000} end
local time = redis.call('TIME')
local now, every = time[1] * 1000000 + time[2], tonumber(ARGV[1])
local next_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = math.max(next_at - (ARGV[2] - 1) * every - now, 0)
if wait > tonumber(ARGV[3]) then return {'late', math.ceil(wait)} end
next_at = next_at + every
redis.call('SET', KEYS[1], string.format('%.0f', next_at), 'PX', math.ceil((next_at - now) / 1000))
return {'turn', math.ceil(wait)}
"""
"""Keys: line, pause. Arguments: between turns (µs), turns at once, the longest wait (µs)."""
_GIVE_BACK: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECRBY', KEYS[1], ARGV[1]) end
return 0
"""
_HOLD: Final = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
return redis.call('PTTL', KEYS[1])
"""


def turns_over(link: Link | None) -> Turns:
    """Return the turns of all processes, or of this one where it is alone."""
    return OwnTurns() if link is None else SharedTurns(link)


@dataclass(frozen=True)
class SharedTurns:
    """Who may call when, among the processes of one gateway.

    While Redis is lost each process keeps the whole pace by itself, so that together they are faster than
    they should be; a pause a host has asked for is known by who heard of it.
    """

    link: Link
    own: OwnTurns = field(default_factory=OwnTurns)

    async def reserve(self, line: str, host: str, pace: Pace) -> float:
        """Take the next free turn, as of `Turns.reserve`."""
        await self.own.check(host)
        every, wait_max = _us(1 / pace.calls_per_s), _us(pace.wait_max_s)
        keys = (_line(line, host), _pause(host))
        try:
            told, us = await self.link.ask(
                lambda redis: redis.eval(_RESERVE, 2, *keys, every, pace.burst, wait_max)
            )
        except RedisLost:
            return await self.own.reserve(line, host, pace)
        seconds = us / 1_000_000
        match told:
            case b"turn":
                return seconds
            case b"late":
                raise too_long(seconds)
            case _:
                raise asked_to_wait(seconds)

    async def give_back(self, line: str, host: str, pace: Pace) -> None:
        """Return a turn that will not be used, as of `Turns.give_back`."""
        every = _us(1 / pace.calls_per_s)
        try:
            await self.link.ask(lambda redis: redis.eval(_GIVE_BACK, 1, _line(line, host), every))
        except RedisLost:
            await self.own.give_back(line, host, pace)

    async def hold(self, host: str, pause: timedelta) -> None:
        """Let nobody call a host for a while, as of `Turns.hold`."""
        pause_ms = max(1, round(pause.total_seconds() * 1000))
        try:
            held_ms = await self.link.ask(lambda redis: redis.eval(_HOLD, 1, _pause(host), pause_ms))
        except RedisLost:
            held_ms = pause_ms
        await self.own.hold(host, timedelta(milliseconds=held_ms))

    async def check(self, host: str) -> None:
        """Make sure that a host may be called now, as of `Turns.check`."""
        await self.own.check(host)
        try:
            left_ms = await self.link.ask(lambda redis: redis.pttl(_pause(host)))
        except RedisLost:
            return
        if left_ms > 0:
            raise asked_to_wait(left_ms / 1000)


def _line(line: str, host: str) -> str:
    return f"{PREFIX}turns:{{{host}}}:{line}"


def _pause(host: str) -> str:
    return f"{PREFIX}pause:{{{host}}}"


def _us(seconds: float) -> int:
    return max(round(seconds * 1_000_000), 0)
