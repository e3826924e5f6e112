"""The gateway's own passwords: Argon2id, off the event loop, a few at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 256
"""Characters in a password; the upper bound keeps hashing cheap."""


@dataclass(frozen=True)
class Passwords:
    """Hashes and checks passwords; each takes some 50 ms and 64 MiB, so they queue."""

    at_once: int = 2
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _limiter: list[CapacityLimiter] = field(default_factory=list[CapacityLimiter])

    async def hash(self, password: str) -> str:
        """Return the Argon2id hash."""
        return await to_thread.run_sync(self._hasher.hash, password, limiter=self._queue())

    async def fits(self, password: str, hashed: str | None) -> bool:
        """Tell whether a password fits; without a hash it takes as long and never does."""
        return await to_thread.run_sync(self._check, password, hashed, limiter=self._queue())

    def _check(self, password: str, hashed: str | None) -> bool:
        if hashed is None:
            self._hasher.hash(password)
            return False
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def _queue(self) -> CapacityLimiter:
        """Return the queue, made on first use because it belongs to the running loop."""
        if not self._limiter:
            self._limiter.append(CapacityLimiter(self.at_once))
        return self._limiter[0]
