"""What two processes share through Redis, and two who are one process without it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from pydantic import SecretStr

from diary_api.shared.link import Link, open_link

SharedT = TypeVar("SharedT")


@asynccontextmanager
async def two(
    url: str | None, own: Callable[[], SharedT], over: Callable[[Link], SharedT]
) -> AsyncGenerator[tuple[SharedT, SharedT]]:
    """Give what two processes have in their hands.

    Args:
        url: Of their Redis; without one both are the same process.
        own: Makes what one process has by itself.
        over: Makes what a process has over its link.
    """
    if url is None:
        alone = own()
        yield alone, alone
        return
    async with open_link(SecretStr(url)) as one, open_link(SecretStr(url)) as other:
        yield over(one), over(other)
