"""The diary's own averages."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from diary_core.abilities import ReadsAverages
from diary_core.errors import TermUnknown
from diary_core.model import Answer, DiaryAverage, Term
from diary_core.side_calls import together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.averages import averages
from diary_mrko.parse.terms import terms
from diary_mrko.session import Session
from diary_mrko.wire.marks import SubjectMarks


class Averages(Session, ReadsAverages):
    """Averages of the terms of the current year, and of the year itself."""

    @override
    async def averages(self, enrolment_id: str, term_id: str) -> Answer[DiaryAverage]:
        """Return the averages of a term; an id of a term says nothing to the server, so all of them come."""
        found, known = await self.read(enrolment_id, _read_averages)
        for term in known:
            if term.id == term_id:
                return self.answered(averages(found, term))
        raise TermUnknown("the school year has no such term", field="term_id")


async def _read_averages(
    client: MrkoClient, child: ChildRef
) -> tuple[Sequence[SubjectMarks], Sequence[Term]]:
    async with together() as tasks:
        found = tasks.create_task(client.subject_marks(child.student_id))
        years = tasks.create_task(client.academic_years())
        schedules = tasks.create_task(client.periods(child.student_id))
    return found.result(), terms(years.result(), schedules.result())
