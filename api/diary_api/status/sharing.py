"""What the processes of one gateway tell each other of the servers: small figures, nothing of anybody."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import AwareDatetime, BaseModel, ValidationError

from diary_api.clock import Clock
from diary_api.shared import RedisLost, Shared
from diary_api.status.schemas import State
from diary_api.status.windows import REMEMBERED, Window, Windows, fresh, together

if TYPE_CHECKING:
    from redis.asyncio import Redis

ModelT = TypeVar("ModelT", bound=BaseModel)

_SEEN: Final = "diary:status:seen"
"""What each process has seen, by its name."""
_SINCE: Final = "diary:status:since"
"""Since when each part is in its state, by its name."""
_KEPT: Final = timedelta(days=30)
"""Of a state that nobody looks at any more."""


class Standing(BaseModel):
    """A state and its beginning."""

    state: State
    since: AwareDatetime


class _Seen(BaseModel):
    """What one process has seen."""

    at: AwareDatetime
    windows: dict[str, Window]


@dataclass(frozen=True)
class Known:
    """What all processes know."""

    windows: Mapping[str, Window]
    standings: Mapping[str, Standing]
    shared: bool
    """Whether others were heard too."""


@dataclass(frozen=True)
class Sharing:
    """Tells the others what this process has seen, and hears what they have."""

    shared: Shared
    clock: Clock
    windows: Windows
    _name: str = field(default_factory=lambda: secrets.token_hex(8))
    _standings: dict[str, Standing] = field(default_factory=dict[str, Standing], repr=False)
    """As this process knows them: all there is when Redis is away."""

    async def look(self) -> Known:
        """Tell and hear; without Redis, what this process has seen is all."""
        own = self.windows.now()
        if self.shared.link is None:
            return Known(own, self._standings, shared=True)
        told = _Seen(at=self.clock(), windows=dict(own)).model_dump_json(exclude_defaults=True)

        async def exchange(redis: Redis) -> list[dict[bytes, bytes]]:
            pipe = redis.pipeline(transaction=False)
            pipe.hset(_SEEN, self._name, told)
            pipe.expire(_SEEN, REMEMBERED)
            pipe.hgetall(_SEEN)
            pipe.hgetall(_SINCE)
            return (await pipe.execute())[2:]

        try:
            seen, since = await self.shared.link.ask(exchange)
        except RedisLost:
            return Known(own, self._standings, shared=False)
        standings = {name.decode(): _read(Standing, text) for name, text in since.items()}
        return Known(
            await self._of_all(own, seen),
            {name: one for name, one in standings.items() if one is not None},
            shared=True,
        )

    async def stand(self, known: Known, now: datetime, states: Mapping[str, State]) -> Mapping[str, Standing]:
        """Return since when each part is in its state, and write down what has changed."""
        standings = {
            name: before
            if (before := known.standings.get(name)) and before.state is state
            else Standing(state=state, since=now)
            for name, state in states.items()
        }
        changed = {name: one for name, one in standings.items() if one != known.standings.get(name)}
        self._standings.clear()
        self._standings.update(standings)
        if changed and self.shared.link is not None:
            texts = [part for name, one in changed.items() for part in (name, one.model_dump_json())]

            async def write(redis: Redis) -> None:
                await redis.hset(_SINCE, items=texts)
                await redis.expire(_SINCE, _KEPT)

            with suppress(RedisLost):  # this process knows it; it is written down when it next changes
                await self.shared.link.ask(write)
        return standings

    async def _of_all(self, own: Mapping[str, Window], seen: Mapping[bytes, bytes]) -> Mapping[str, Window]:
        now, of_each, dead = self.clock(), [own], list[bytes]()
        for name, text in seen.items():
            if name.decode() == self._name:
                continue
            told = _read(_Seen, text)
            if told is None or now - told.at > REMEMBERED:
                dead.append(name)
            else:
                of_each.append(told.windows)
        if dead and self.shared.link is not None:
            with suppress(RedisLost):  # whoever looks next takes them away
                await self.shared.link.ask(lambda redis: redis.hdel(_SEEN, *dead))
        names = {name for windows in of_each for name in windows}
        merged = {name: together(one[name] for one in of_each if name in one) for name in names}
        return {name: window for name, one in merged.items() if (window := fresh(one, now))}


def _read(shape: type[ModelT], text: bytes) -> ModelT | None:
    """Read what another process has written; one of another version may write otherwise."""
    try:
        return shape.model_validate_json(text)
    except ValidationError:
        return None
