"""What the processes of one gateway share: news, claims and a Redis; a process alone shares with itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from diary_api.settings import Settings
from diary_api.shared.bus import Bus
from diary_api.shared.claims import Claim, Claims
from diary_api.shared.link import Link, RedisLost, open_link

__all__ = ["Bus", "Claim", "Claims", "Link", "RedisLost", "Shared", "open_shared"]


@dataclass(frozen=True)
class Shared:
    """Everything in Redis may vanish at any moment: that costs speed, and nothing else."""

    bus: Bus
    claims: Claims
    link: Link | None = field(default=None, repr=False)
    """The careful way to Redis; None where there is no `DIARY_REDIS_URL`."""


@asynccontextmanager
async def open_shared(settings: Settings) -> AsyncGenerator[Shared, None]:
    """Join the other processes for as long as the block runs; a Redis that is away is waited for behind.

    Raises:
        Misconfigured: The address cannot be used, or the package that speaks to Redis is not installed.
    """
    if settings.redis_url is None:
        yield Shared(Bus(), Claims())
        return
    async with open_link(settings.redis_url) as link:
        bus = Bus(link)
        async with bus.listening():
            yield Shared(bus, Claims(link), link)
