"""Claims: of many processes one does a thing, while the others leave it alone."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta

from diary_api.shared.link import PREFIX, Link, RedisLost

_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""
_KEEP = """
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
"""A claim that Redis has forgotten is taken again."""
_SWEEP_AT_LEAST = 1_000


@dataclass(frozen=True)
class Claim:
    """One claim that is held; what is never released ends by itself."""

    name: str
    at_most: timedelta
    token: str = field(repr=False)
    _claims: Claims = field(repr=False)

    async def release(self) -> None:
        """Let others have it; a claim that has passed to somebody else is left alone."""
        await self._claims.release(self)

    async def keep(self) -> bool:
        """Prolong it by its whole length from now on, and tell whether it is still ours."""
        return await self._claims.keep(self)


class Claims:
    """Claims among processes through Redis, and within the process alone while there is none.

    Two may hold one claim while Redis is lost or has forgotten: a claim saves work and guards nothing.
    """

    def __init__(self, link: Link | None = None) -> None:
        self._link = link
        self._held: dict[str, tuple[str, float]] = {}
        """By name, the token of whoever has it in this process, and when that ends."""
        self._sweep_above = _SWEEP_AT_LEAST

    async def take(self, name: str, at_most: timedelta) -> Claim | None:
        """Take a claim unless somebody has it.

        Args:
            name: An opaque id or a keyed hash, with the kind of thing before it.
            at_most: When it ends though nobody releases it; more than zero.

        Returns:
            The claim, or None when somebody else has it.
        """
        now = time.monotonic()
        held = self._held.get(name)
        if held is not None and held[1] > now:
            return None
        claim = Claim(name, at_most, secrets.token_hex(16), self)
        self._hold(claim)
        try:
            ours = await self._taken(claim)
        except BaseException:
            self._drop(claim)
            raise
        if ours:
            return claim
        self._drop(claim)
        return None

    async def release(self, claim: Claim) -> None:
        """Do what `Claim.release` says."""
        self._drop(claim)
        if self._link is not None:
            try:
                await self._link.ask(lambda redis: redis.eval(_RELEASE, 1, _key(claim.name), claim.token))
            except RedisLost:
                return  # it ends by itself

    async def keep(self, claim: Claim) -> bool:
        """Do what `Claim.keep` says."""
        held = self._held.get(claim.name)
        if held is not None and held[0] != claim.token and held[1] > time.monotonic():
            return False
        self._hold(claim)
        if self._link is None:
            return True
        try:
            kept = await self._link.ask(
                lambda redis: redis.eval(_KEEP, 1, _key(claim.name), claim.token, _ms(claim.at_most))
            )
        except RedisLost:
            return True
        if not kept:
            self._drop(claim)
        return bool(kept)

    async def _taken(self, claim: Claim) -> bool:
        if self._link is None:
            return True
        try:
            return bool(
                await self._link.ask(
                    lambda redis: redis.set(_key(claim.name), claim.token, px=_ms(claim.at_most), nx=True)
                )
            )
        except RedisLost:
            return True

    def _hold(self, claim: Claim) -> None:
        now = time.monotonic()
        self._held[claim.name] = (claim.token, now + claim.at_most.total_seconds())
        if len(self._held) > self._sweep_above:  # now and then, so that what nobody released does not pile up
            self._held = {name: one for name, one in self._held.items() if one[1] > now}
            self._sweep_above = max(_SWEEP_AT_LEAST, 2 * len(self._held))

    def _drop(self, claim: Claim) -> None:
        if self._held.get(claim.name, ("", 0.0))[0] == claim.token:
            del self._held[claim.name]


def _key(name: str) -> str:
    return f"{PREFIX}claim:{name}"


def _ms(length: timedelta) -> int:
    return max(1, round(length.total_seconds() * 1000))
