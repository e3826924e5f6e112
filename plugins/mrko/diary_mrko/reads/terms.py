"""How the school cuts its year."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from diary_core.abilities import ReadsTerms
from diary_core.model import Answer, Missing, Term, Unavailable
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.terms import terms
from diary_mrko.session import Session
from diary_mrko.wire.year import AcademicYear, PeriodsSchedule


class Terms(Session, ReadsTerms):
    """Terms of the current year."""

    @override
    async def terms(self, enrolment_id: str) -> Answer[Term]:
        """Return the terms of the current year; without the year itself when that failed to come."""
        years, schedules = await self.read(enrolment_id, _read_terms)
        if isinstance(years, Unavailable):
            return self.answered(terms((), schedules), partial=[Missing(what="year", reason=years.reason)])
        return self.answered(terms(years, schedules))


async def _read_terms(
    client: MrkoClient, child: ChildRef
) -> tuple[Sequence[AcademicYear] | Unavailable, Sequence[PeriodsSchedule]]:
    async with together() as tasks:
        years = tasks.create_task(attempt(client.academic_years()))
        schedules = tasks.create_task(client.periods(child.student_id))
    return years.result(), schedules.result()
