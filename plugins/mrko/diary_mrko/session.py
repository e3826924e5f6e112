"""A signed-in adult at one node: how every call of the diary is made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from typing_extensions import override

from diary_core.abilities import Diary
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import ChildUnknown, NotFound, NotPermitted, RegionChanged
from diary_core.model import Answer, Enrolment, Source
from diary_core.provider import Channel
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.family import enrolments
from diary_mrko.renewal import check_finished
from diary_mrko.wire.family import FamilyChild, FamilyProfile

ResultT = TypeVar("ResultT")


class Session(Diary):
    """What all abilities stand on.

    The children are asked for at most once for everything but `enrolments()` itself.

    Args:
        channel: The node.
        keeper: The credentials, kept fresh.
        source: Stamped on every answer.
    """

    def __init__(self, channel: Channel, keeper: CredentialKeeper, source: Source) -> None:
        super().__init__(source, channel.now)
        self.zone = ZoneInfo(channel.instance.zone)
        self._channel = channel
        self._keeper = keeper
        self._family: FamilyProfile | None = None
        self._asking_for_family = asyncio.Lock()

    @override
    async def enrolments(self) -> Answer[Enrolment]:
        """Return the children in the diary's order."""
        self._family = await self.ask(MrkoClient.family)
        return self.answered(enrolments(self._family, self.zone))

    def today(self) -> date:
        """Return the school's own date."""
        return self._now().astimezone(self.zone).date()

    async def read(
        self, enrolment_id: str, call: Callable[[MrkoClient, ChildRef], Awaitable[ResultT]]
    ) -> ResultT:
        """Make a call about one child.

        Whether a node answers 403 or 404 for a stranger's child is not known: the family itself decides.

        Raises:
            ChildUnknown: This adult has no such child.
        """
        ref = ChildRef.read(enrolment_id)
        if self._family is not None:
            await self.child(ref)
        try:
            return await self._use(lambda client: call(client, ref))
        except NotPermitted:
            await self.child(ref)
            raise
        except NotFound as error:
            await self.child(ref)
            if type(error) is not NotFound:  # the call itself says what is not there
                raise
            raise RegionChanged("the diary has no such call any more") from error

    async def child(self, ref: ChildRef) -> FamilyChild:
        """Return one child of the family as the diary lists it.

        Raises:
            ChildUnknown: This adult has no such child.
        """
        async with self._asking_for_family:
            if self._family is None:
                self._family = await self.ask(MrkoClient.family)
        for child in self._family.children:
            if ChildRef.of(child.id, child.contingent_guid) == ref:
                return child
        raise ChildUnknown("the family has no such child", field="enrolment_id")

    async def ask(self, call: Callable[[MrkoClient], Awaitable[ResultT]]) -> ResultT:
        """Make a call that is about nobody's own things: what it does not find was moved."""
        try:
            return await self._use(call)
        except NotFound as error:
            raise RegionChanged("the diary has no such call any more") from error

    async def _use(self, call: Callable[[MrkoClient], Awaitable[ResultT]]) -> ResultT:
        async def with_credentials(credentials: Credentials) -> ResultT:
            check_finished(credentials)
            return await call(MrkoClient(self._channel, credentials))

        return await self._keeper.use(with_credentials)
