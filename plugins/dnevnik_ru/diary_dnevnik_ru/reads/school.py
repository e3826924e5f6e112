"""The school."""

from __future__ import annotations

from diary_core.abilities import ReadsSchool
from diary_core.model import Answer
from diary_core.model import School as Described
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.session import Session, missing


class School(Session, ReadsSchool):
    """The school and the people of the class."""

    async def school(self, enrolment_id: str) -> Answer[Described]:
        """Return the school with its passport, who teaches the class what, and the child's subgroups."""
        seat = (await self.whose(enrolment_id)).seat
        async with together() as tasks:
            school = tasks.create_task(self.ask(lambda client: client.school(seat)))
            passport = tasks.create_task(attempt(self.ask(lambda client: client.school_parameters(seat))))
            teachers = tasks.create_task(attempt(self.ask(lambda client: client.teachers(seat))))
            leader = tasks.create_task(attempt(self.ask(lambda client: client.class_teacher(seat))))
            staff = tasks.create_task(attempt(self.ask(lambda client: client.staff(seat))))
            groups = tasks.create_task(attempt(self.ask(lambda client: client.groups(seat))))
        parts = parse.SchoolParts(
            passport.result(), teachers.result(), leader.result(), staff.result(), groups.result()
        )
        found = parse.school_profile(school.result(), parts, self.zone.key)
        return self.answered([found], partial=missing(parts.gaps))
