"""News between the processes of a gateway: heard or missed, never kept."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Literal, TypedDict, cast

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from diary_api.logs import fault
from diary_api.shared.link import PREFIX, Link, RedisLost

if TYPE_CHECKING:
    from redis.asyncio.client import PubSub

log = structlog.stdlib.get_logger()

_CHANNEL = f"{PREFIX}bus"
_JOIN_S = 0.5
"""How long the start of a gateway waits for the first subscription."""
_SILENCE_S = 1.0
"""After so long without news the connection is asked whether it stands; after as long again it is lost."""
_PAUSE_FIRST_S, _PAUSE_LONGEST_S = 0.1, 5.0


class _News(BaseModel):
    """One message, as it goes over the wire."""

    model_config = ConfigDict(frozen=True)

    sender: str
    """The process: it has heard its own already."""
    topic: str
    message: str


class _Found(TypedDict):
    """What redis-py makes of a message."""

    type: Literal["message", "subscribe", "pong"]
    data: bytes


class Bus:
    """Carries a message to everybody who hears its topic, in this process at once, in the others soon.

    Messages hold opaque ids and keyed hashes only: Redis keeps them from nobody who can reach it.
    """

    def __init__(self, link: Link | None = None) -> None:
        self._link = link
        self._me = secrets.token_hex(8)
        self._hearers: defaultdict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._losers: list[Callable[[], None]] = []
        self._subscribed = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether news of other processes arrives; a process alone misses none."""
        return self._link is None or self._subscribed.is_set()

    def hear(self, topic: str, heard: Callable[[str], None]) -> None:
        """Have each message of a topic handed over, from now on; `heard` is quick and waits for nothing."""
        self._hearers[topic].append(heard)

    def on_lost(self, callback: Callable[[], None]) -> None:
        """Have it told when messages may have been missed: when Redis goes, and when it comes.

        Also for the first time: a gateway serves before it hears, if it must.
        """
        self._losers.append(callback)

    async def tell(self, topic: str, message: str) -> None:
        """Tell a message to everybody; whoever is here has heard it before this waits for anything."""
        self._deliver(topic, message)
        if self._link is None:
            return
        news = _News(sender=self._me, topic=topic, message=message).model_dump_json()
        with suppress(RedisLost):  # the link has told; who missed it hears of that by `on_lost`
            await self._link.ask(lambda redis: redis.publish(_CHANNEL, news))  # pyright: ignore[reportUnknownMemberType]  redis-py types it in part

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None, None]:
        """Hear the other processes for as long as the block runs, however often Redis goes and comes."""
        if self._link is None:
            yield
            return
        task = asyncio.create_task(self._listen(self._link))
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._subscribed.wait(), _JOIN_S)
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self, link: Link) -> None:
        pause_s = _PAUSE_FIRST_S
        while True:
            try:
                async with asyncio.timeout(_SILENCE_S):
                    pubsub = await _subscription(link)
            except link.troubles as error:
                link.lost(error)
            else:
                link.found()
                self._subscribed.set()
                self._lost()
                pause_s = _PAUSE_FIRST_S
                try:
                    await self._hear_until_lost(link, pubsub)
                finally:
                    self._subscribed.clear()
                self._lost()
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _PAUSE_LONGEST_S)

    async def _hear_until_lost(self, link: Link, pubsub: PubSub) -> None:
        try:
            async with pubsub:
                while True:
                    self._arrived(await _next(pubsub))
        except link.troubles as error:
            link.lost(error)

    def _arrived(self, raw: bytes) -> None:
        try:
            news = _News.model_validate_json(raw)
        except ValidationError:
            log.warning("news that no process of ours writes")
            return
        if news.sender != self._me:
            self._deliver(news.topic, news.message)

    def _deliver(self, topic: str, message: str) -> None:
        for heard in self._hearers.get(topic, ()):
            try:
                heard(message)
            except Exception as error:  # what one hearer does wrong is no reason for the next to miss it
                log.error("a hearer failed", topic=topic, **fault(error))  # noqa: TRY400  a traceback quotes data

    def _lost(self) -> None:
        for callback in self._losers:
            try:
                callback()
            except Exception as error:  # as above
                log.error("a hearer failed", **fault(error))  # noqa: TRY400  as above


async def _subscription(link: Link) -> PubSub:
    """Subscribe, and wait until that is confirmed: what is told after it is heard."""
    pubsub = link.redis.pubsub()  # pyright: ignore[reportUnknownMemberType]  redis-py types it in part
    try:
        await pubsub.subscribe(_CHANNEL)
        while await pubsub.get_message(timeout=_SILENCE_S) is None:
            pass
    except BaseException:
        await pubsub.aclose()
        raise
    return pubsub


async def _next(pubsub: PubSub) -> bytes:
    """Wait for the next message.

    Raises:
        TimeoutError: The connection stands in name only.
    """
    asked = False
    while True:
        found = cast(
            "_Found | None", await pubsub.get_message(timeout=_SILENCE_S)
        )  # redis-py types it in part
        if found is None and asked:
            raise TimeoutError
        asked = found is None
        if found is None:
            await pubsub.ping()  # pyright: ignore[reportUnknownMemberType]  as above
        elif found["type"] == "message":
            return found["data"]
