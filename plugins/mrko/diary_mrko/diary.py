"""The diary behind one connection to a node of the МЭШ family."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from typing_extensions import override

from diary_core.abilities import Diary, ReadsDays, ReadsHomework, ReadsMarks, ReadsSchool, ReadsTerms
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import ChildUnknown, NotFound, NotPermitted, RegionChanged
from diary_core.model import (
    Answer,
    Day,
    Enrolment,
    Homework,
    Mark,
    Missing,
    Reason,
    School,
    Source,
    Term,
    Unavailable,
)
from diary_core.provider import Channel
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.days import days
from diary_mrko.parse.family import enrolments
from diary_mrko.parse.homework import homework
from diary_mrko.parse.marks import marks
from diary_mrko.parse.school import school
from diary_mrko.parse.terms import terms
from diary_mrko.renewal import check_finished
from diary_mrko.week import read_week
from diary_mrko.wire.family import FamilyChild, FamilyProfile
from diary_mrko.wire.year import AcademicYear, PeriodsSchedule

ResultT = TypeVar("ResultT")


class MrkoDiary(Diary, ReadsDays, ReadsMarks, ReadsHomework, ReadsTerms, ReadsSchool):
    """The diary of one signed-in adult at one node.

    The children are asked for at most once for everything but `enrolments()` itself.

    Args:
        channel: The node.
        keeper: The credentials, kept fresh.
        source: Stamped on every answer.
    """

    def __init__(self, channel: Channel, keeper: CredentialKeeper, source: Source) -> None:
        super().__init__(source, channel.now)
        self._channel = channel
        self._keeper = keeper
        self._zone = ZoneInfo(channel.instance.zone)
        self._family: FamilyProfile | None = None
        self._asking_for_family = asyncio.Lock()

    @override
    async def enrolments(self) -> Answer[Enrolment]:
        """Return the children in the diary's order."""
        self._family = await self._ask(MrkoClient.family)
        return self.answered(enrolments(self._family, self._zone))

    @override
    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return the days of a span; what else than lessons failed to come is named as partial."""
        parts = await self._read(enrolment_id, lambda client, child: read_week(client, child, since, until))
        if any(part.reason is Reason.NOT_PERMITTED for part in parts.missing()):
            await self._child(ChildRef.read(enrolment_id))
        return self.answered(days(parts, since, until, self._zone), partial=parts.missing())

    @override
    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks of a span; the lesson, the teacher and the history are not loaded."""
        found = await self._read(
            enrolment_id, lambda client, child: client.marks(child.student_id, since, until)
        )
        return self.answered([mark for mark in marks(found, self._zone) if since <= mark.date <= until])

    @override
    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        """Return what is due in a span."""
        found = await self._read(
            enrolment_id, lambda client, child: client.homework(child.student_id, since, until)
        )
        return self.answered([task for task in homework(found, self._zone) if since <= task.due_on <= until])

    @override
    async def terms(self, enrolment_id: str) -> Answer[Term]:
        """Return the terms of the current year; without the year itself when that failed to come."""
        years, schedules = await self._read(enrolment_id, _read_terms)
        if isinstance(years, Unavailable):
            return self.answered(terms((), schedules), partial=[Missing(what="year", reason=years.reason)])
        return self.answered(terms(years, schedules))

    @override
    async def school(self, enrolment_id: str) -> Answer[School]:
        """Return the school with the people of the child's class."""
        child = await self._child(ChildRef.read(enrolment_id))
        own, class_id = child.school, child.class_unit_id
        if own is None or class_id is None:
            raise ChildUnknown("the child is in no class", field="enrolment_id")
        info = await self._ask(lambda client: client.school(own.id, class_id, child.id))
        return self.answered([school(info, own.short_name, self._zone)])

    async def _read(
        self, enrolment_id: str, call: Callable[[MrkoClient, ChildRef], Awaitable[ResultT]]
    ) -> ResultT:
        """Make a call about one child.

        Whether a node answers 403 or 404 for a stranger's child is not known: the family itself decides.
        """
        ref = ChildRef.read(enrolment_id)
        if self._family is not None:
            await self._child(ref)
        try:
            return await self._use(lambda client: call(client, ref))
        except NotPermitted:
            await self._child(ref)
            raise
        except NotFound as error:
            await self._child(ref)
            raise RegionChanged("the diary has no such call any more") from error

    async def _child(self, ref: ChildRef) -> FamilyChild:
        async with self._asking_for_family:
            if self._family is None:
                self._family = await self._ask(MrkoClient.family)
        for child in self._family.children:
            if ChildRef.of(child.id, child.contingent_guid) == ref:
                return child
        raise ChildUnknown("the family has no such child", field="enrolment_id")

    async def _ask(self, call: Callable[[MrkoClient], Awaitable[ResultT]]) -> ResultT:
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


async def _read_terms(
    client: MrkoClient, child: ChildRef
) -> tuple[Sequence[AcademicYear] | Unavailable, Sequence[PeriodsSchedule]]:
    async with together() as tasks:
        years = tasks.create_task(attempt(client.academic_years()))
        schedules = tasks.create_task(client.periods(child.student_id))
    return years.result(), schedules.result()
