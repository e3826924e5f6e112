"""The careful way to Redis: nothing waits long for it, and its trouble is told once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import structlog
from pydantic import SecretStr

from diary_api.logs import fault
from diary_core.errors import Misconfigured

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = structlog.stdlib.get_logger()

ValueT = TypeVar("ValueT")

PREFIX = "diary:"
"""All our keys and channels begin with it."""
_COMMAND_S = 0.4
"""How long one command may take, its connection included."""
_REST_S = 1.0
"""How long a Redis in trouble is left alone between two attempts, so that a stuck one costs little."""
_CONNECTIONS = 50


class RedisLost(Exception):
    """Redis does not answer just now: go on without it. Never seen outside the gateway."""


@dataclass(eq=False)
class Link:
    """One process's link to Redis."""

    redis: Redis
    troubles: tuple[type[Exception], ...] = field(repr=False)
    """What the client raises when it cannot do what it was asked."""
    _lost: bool = field(default=False, init=False)
    _next_attempt: float = field(default=0.0, init=False)

    async def ask(self, command: Callable[[Redis], Awaitable[ValueT]]) -> ValueT:
        """Run one command.

        Args:
            command: Sends it, as `lambda redis: redis.get(key)`.

        Raises:
            RedisLost: It did not answer, or it is being left alone after it did not.
        """
        if self._lost and time.monotonic() < self._next_attempt:
            raise RedisLost
        self._next_attempt = time.monotonic() + _REST_S  # while it is lost, one attempt at a time
        try:
            async with asyncio.timeout(_COMMAND_S):
                answer = await command(self.redis)
        except self.troubles as error:
            self.lost(error)
            raise RedisLost from error
        self.found()
        return answer

    def lost(self, error: Exception) -> None:
        """Take note of trouble; it is logged once for each outage."""
        self._next_attempt = time.monotonic() + _REST_S
        if not self._lost:
            self._lost = True
            log.warning("Redis is lost: every process works by itself", **fault(error))

    def found(self) -> None:
        """Take note that it answers."""
        if self._lost:
            self._lost = False
            log.info("Redis is back")


@asynccontextmanager
async def open_link(url: SecretStr) -> AsyncGenerator[Link, None]:
    """Make the client; it connects when it is first used.

    Raises:
        Misconfigured: The address cannot be used, or the extra `redis` is not installed.
    """
    try:
        from redis import RedisError  # noqa: PLC0415  only who sets an address needs the package
        from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415  as above
        from redis.asyncio.retry import Retry  # noqa: PLC0415  as above
        from redis.backoff import NoBackoff  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "Redis needs the extra `redis`: pip install 'diary-api[redis]'", field="redis_url"
        ) from error
    try:
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]  its options are untyped
            url.get_secret_value(),
            max_connections=_CONNECTIONS,
            timeout=_COMMAND_S,
            socket_timeout=_COMMAND_S,
            socket_connect_timeout=_COMMAND_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
    except (ValueError, RedisError) as error:
        raise Misconfigured(
            f"DIARY_REDIS_URL cannot be used: {type(error).__name__}. It is redis://HOST:6379/0, rediss:// or unix://",
            field="redis_url",
        ) from None
    redis = Redis.from_pool(pool)
    try:
        yield Link(redis, (RedisError, OSError, TimeoutError))
    finally:
        await redis.aclose()
