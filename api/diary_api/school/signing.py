"""The parent's weekly signature, given through the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from diary_api.connections.diaries import check_open
from diary_api.connections.family import Asked, Place
from diary_api.school.readings import Kind
from diary_api.school.service import SchoolDiaries
from diary_api.storage.tables import GrantRow
from diary_core.abilities import SignsWeeks, able
from diary_core.errors import InvalidInput, WeekAhead
from diary_core.model import WeekSignature


@dataclass(frozen=True)
class Signing:
    """Signs weeks in the name of the child's own parent: no grant lets another do it."""

    school: SchoolDiaries

    async def sign(self, asked: Asked, week: date) -> WeekSignature:
        """Sign a week and return it as the diary has it; signing twice is signing once.

        Args:
            asked: Whose week.
            week: Its Monday.

        Raises:
            ChildUnknown: The account has no such child, and no grant on one.
            RightMissing: It has a grant, and no grant lets it sign.
            InvalidInput: The day is no Monday, or the enrolment must be named.
            WeekAhead: The week has not begun at the school.
            NotSupported: The diary takes no signatures.
            NotPermitted: The diary takes them from legal representatives alone.
            DiaryError: Whatever else the diary says.
        """

        async def sign(place: Place, _: GrantRow | None) -> WeekSignature:
            self._check(place, week)
            enrolment = place.enrolment
            signed = await self.school.diaries.run(
                place.child.connection,
                lambda diary: able(diary, SignsWeeks).sign_week(enrolment.as_listed.id, week),
            )
            answers = self.school.answers
            async with answers.storage.writing() as session:
                await answers.outdate(session, enrolment.id, {Kind.SIGNATURES})
            return signed

        return await self.school.access.act(asked, Kind.SIGNATURES, sign)

    def _check(self, place: Place, week: date) -> None:
        """Refuse what the diary need not be asked about."""
        connection = place.child.connection
        self.school.diaries.check_able(connection, SignsWeeks)
        check_open(connection)
        if week.weekday():
            raise InvalidInput("a week is named by its Monday", field="week")
        if week > self.school.family.today(place):
            raise WeekAhead("the week has not begun", field="week")
