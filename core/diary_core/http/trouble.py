"""What trouble on the wire is called."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx2

from diary_core.errors import DiaryError, RegionBusy, RegionChanged, RegionDown, RegionSlow


@contextmanager
def translated() -> Generator[None]:
    """Turn trouble on the wire into errors of the tree.

    Raises:
        RegionDown: The server cannot be reached, or dropped the connection.
        RegionSlow: It fell silent.
        RegionBusy: Every connection of ours is in use.
        RegionChanged: The answer is packed wrongly.
    """
    try:
        yield
    except httpx2.DecodingError as error:
        raise RegionChanged("the answer is packed wrongly") from error
    except httpx2.TransportError as error:
        raise _trouble(error) from error


def _trouble(error: httpx2.TransportError) -> DiaryError:
    kind = type(error).__name__
    if isinstance(error, httpx2.PoolTimeout):
        return RegionBusy("every connection to this diary is in use")
    if isinstance(error, httpx2.TimeoutException) and not isinstance(error, httpx2.ConnectTimeout):
        return RegionSlow(f"the server fell silent: {kind}")
    return RegionDown(f"the connection failed: {kind}")
