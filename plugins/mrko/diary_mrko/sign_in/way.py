"""What every way in is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from diary_core.errors import SignInExpired
from diary_core.provider import Channel
from diary_core.sign_in import Callback, Reply, SignInMethod, Step


class WayIn(ABC):
    """One way into a diary; `begin` and `answer` are those of `Provider`."""

    method: ClassVar[SignInMethod]

    @abstractmethod
    async def begin(self, channel: Channel, callback: Callback) -> Step:
        """Return the first step."""

    @abstractmethod
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Step:
        """Return the step after a reply."""


def carried(carry: Mapping[str, str], name: str) -> str:
    """Return what an earlier step remembered.

    Raises:
        SignInExpired: It remembered no such thing, so it was another sign-in.
    """
    try:
        return carry[name]
    except KeyError as error:
        raise SignInExpired(f"the sign-in carries no {name!r}") from error
