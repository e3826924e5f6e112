"""Comparing a child with the class, by the parent's leave alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from diary_api.class_standing.schemas import ClassStandingChoice
from diary_api.connections.family import Asked, Family, KnownChild, unknown_child
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.school import readings
from diary_api.school.cache import Served
from diary_api.school.readings import Kind
from diary_api.school.service import SchoolDiaries
from diary_api.storage.tables import ChildRow
from diary_api.storage.touched import touching
from diary_core.abilities import ReadsClassStanding
from diary_core.errors import ClassStandingOff


@dataclass(frozen=True)
class ClassStandings:
    """The places of every child whose parent wants to know them."""

    family: Family
    school: SchoolDiaries

    async def read(self, asked: Asked) -> Served:
        """Return where a child stands in the class.

        Raises:
            ClassStandingOff: The parent has not turned it on.
            NotSupported: The diary has no such thing, whatever the parent chooses.
            DiaryError: As for every read.
        """
        place = await self.school.access.place(asked, Kind.CLASS_STANDING)
        self.family.diaries.check_able(place.child.connection, ReadsClassStanding)
        if not place.child.class_standing_shown:
            raise ClassStandingOff("the comparison with the class is off for this child")
        return await self.school.read(asked, readings.class_standing())

    async def choose(
        self, account_id: str, child_id: str, choice: ClassStandingChoice
    ) -> ClassStandingChoice:
        """Remember a parent's choice about a child; what was kept of the class goes when it is turned off.

        Raises:
            ChildUnknown: This account has no such child of its own.
            NotSupported: It is turned on, and the diary has no such thing.
        """
        child = await self.family.child(account_id, child_id)
        if choice.shown:
            self.family.diaries.check_able(child.connection, ReadsClassStanding)
        try:
            await self._choose(account_id, child, choice)
        except IntegrityError as error:  # the account was erased in this very moment
            raise unknown_child(child_id) from error
        return choice

    async def _choose(self, account_id: str, child: KnownChild, choice: ClassStandingChoice) -> None:
        async with self.family.storage.writing() as session:
            chosen = update(ChildRow).where(ChildRow.id == child.id).values(class_standing_shown=choice.shown)
            await session.execute(touching(chosen, child.id))
            done = EventKind.CLASS_STANDING_SHOWN if choice.shown else EventKind.CLASS_STANDING_HIDDEN
            now = self.family.diaries.clock()
            session.add(event(self.family.storage.ring, now, account_id, done, About(child_id=child.id)))
            if not choice.shown:
                for enrolment in child.enrolments:
                    await self.school.answers.forget(session, enrolment.id, Kind.CLASS_STANDING)
