"""The parent's weekly signature."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from diary_core.abilities import SignsWeeks
from diary_core.errors import ChildUnknown, InvalidInput, NotPermitted, RegionChanged, WeekAhead
from diary_core.model import Answer, WeekSignature
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.signatures import monday_of, signatures
from diary_mrko.session import Session


class Signatures(Session, SignsWeeks):
    """That a parent has read a week; only a legal representative may say so."""

    @override
    async def signatures(self, enrolment_id: str, since: date, until: date) -> Answer[WeekSignature]:
        """Return the weeks of a span that have begun."""
        last = min(until, self.today())

        async def read(client: MrkoClient, child: ChildRef) -> tuple[WeekSignature, ...]:
            first, student_id = monday_of(since), child.student_id
            signed = await client.school_life.signed_weeks(student_id, first, max(first, monday_of(last)))
            return tuple(signatures(signed, student_id, since, last, self.zone))

        return self.answered(await self.read(enrolment_id, read))

    @override
    async def sign_week(self, enrolment_id: str, week: date) -> WeekSignature:
        """Sign a week that is not signed yet, and return it as the diary lists it afterwards."""
        if week.weekday():
            raise InvalidInput("a week is named by its Monday", field="week")
        if week > self.today():
            raise WeekAhead("the week has not begun", field="week")
        if await self._role(enrolment_id) != "parent":
            raise NotPermitted("only a legal representative signs")
        known = await self._one(enrolment_id, week)
        if known.signed:
            return known
        await self.read(
            enrolment_id,
            lambda client, child: client.school_life.sign_week(client.profile_id, child.student_id, week),
        )
        signed = await self._one(enrolment_id, week)
        if not signed.signed:
            raise RegionChanged("the diary took a signature and does not list it")
        return signed

    async def _one(self, enrolment_id: str, week: date) -> WeekSignature:
        return (await self.signatures(enrolment_id, week, week)).items[0]

    async def _role(self, enrolment_id: str) -> str:
        for enrolment in (await self.enrolments()).items:
            if enrolment.id == enrolment_id:
                return enrolment.role
        raise ChildUnknown("the family has no such child", field="enrolment_id")
