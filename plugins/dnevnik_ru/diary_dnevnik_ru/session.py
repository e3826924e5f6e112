"""A signed-in parent: how every call of the diary is made.

The ids a call needs stand in the enrolment's id, so nothing has to be looked up before it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from diary_core.abilities import Diary
from diary_core.credentials import CredentialKeeper
from diary_core.errors import ChildUnknown, NotFound, RegionChanged
from diary_core.model import Answer, Enrolment, Missing, Source, Unavailable
from diary_core.provider import Channel
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.client import LESSONS_AT_ONCE, Client
from diary_dnevnik_ru.connection import ACCESS_TOKEN, remembered_family
from diary_dnevnik_ru.enrolment_id import Seat

T = TypeVar("T")


class Session(Diary):
    """What all abilities stand on."""

    def __init__(self, channel: Channel, keeper: CredentialKeeper, source: Source) -> None:
        super().__init__(source, channel.now)
        self.zone = ZoneInfo(channel.instance.zone)
        self._channel = channel
        self._keeper = keeper
        self._family: frozenset[str] = frozenset()

    async def enrolments(self) -> Answer[Enrolment]:
        """Return every child in every class, in the diary's order."""
        return self.answered(await self._enrolments())

    async def ask(self, call: Callable[[Client], Awaitable[T]]) -> T:
        """Make a call about what is there for every child: when it is not found, it was moved.

        Raises:
            RegionChanged: The diary has no such call any more.
        """
        try:
            return await self.look_up(call)
        except NotFound as error:
            if type(error) is not NotFound:  # the call itself says what is not there
                raise
            raise RegionChanged("the diary has no such call any more") from error

    async def look_up(self, call: Callable[[Client], Awaitable[T]]) -> T:
        """Make a call about one thing by its id.

        Raises:
            NotFound: The diary has no such thing.
        """
        return await self._keeper.use(
            lambda credentials: call(Client(self._channel, credentials.secret(ACCESS_TOKEN)))
        )

    async def whose(self, enrolment_id: str) -> parse.Whose:
        """Return whose diary an id names.

        Ids the sign-in gave out need no call; another one may be a child added since, so the diary is asked.

        Raises:
            ChildUnknown: This parent has no such enrolment.
        """
        seat = Seat.read(enrolment_id)
        if enrolment_id not in self._family | remembered_family(await self._keeper.current()):
            await self._enrolments()
            if enrolment_id not in self._family:
                raise ChildUnknown("no enrolment of this diary has such an id", field="enrolment_id")
        return parse.Whose(seat, self.zone)

    async def weights(self, seat: Seat) -> parse.Weights:
        """Return what marks weigh at a school; what cannot be had is a gap inside."""
        async with together() as tasks:
            kinds = tasks.create_task(attempt(self.ask(lambda client: client.work_types(seat))))
            school = tasks.create_task(attempt(self.ask(lambda client: client.school(seat))))
        return parse.Weights.read(kinds.result(), school.result())

    async def lessons(self, ids: Sequence[str]) -> Sequence[wire.FullLesson]:
        """Return lessons by id, in any number; unknown ones are left out."""
        starts = range(0, len(ids), LESSONS_AT_ONCE)
        batches = [ids[start : start + LESSONS_AT_ONCE] for start in starts]
        async with together() as tasks:
            asked = [
                tasks.create_task(self.ask(lambda client, batch=batch: client.lessons(batch)))
                for batch in batches
            ]
        return [lesson for one in asked for lesson in one.result()]

    async def _enrolments(self) -> tuple[Enrolment, ...]:
        found = parse.enrolments(await self.ask(lambda client: client.context()), self.zone.key)
        self._family = frozenset(enrolment.id for enrolment in found)
        return found


def gap_of(call: object) -> Unavailable | None:
    """Return why a side call brought nothing; None when it brought something."""
    return call if isinstance(call, Unavailable) else None


def missing(gaps: Mapping[str, Unavailable | None]) -> Sequence[Missing]:
    """Return the gaps there are, by what they are gaps of."""
    return [Missing(what=what, reason=gap.reason) for what, gap in gaps.items() if gap is not None]
