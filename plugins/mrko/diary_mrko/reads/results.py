"""How terms and years ended."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from diary_core.abilities import ReadsResults
from diary_core.errors import NotPermitted, RegionChanged, YearUnknown
from diary_core.model import AcademicYear, Answer, Missing, TermResult, Unavailable
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.results import results
from diary_mrko.parse.terms import terms
from diary_mrko.parse.years import academic_years
from diary_mrko.session import Session
from diary_mrko.wire.results import FinalMarks
from diary_mrko.wire.year import AcademicYear as ListedYear
from diary_mrko.wire.year import PeriodsSchedule


class Results(Session, ReadsResults):
    """Results of the current and of former years."""

    @override
    async def academic_years(self, enrolment_id: str) -> Answer[AcademicYear]:
        """Return the years of the journal; it does not tell of which it keeps results."""
        await self.child(ChildRef.read(enrolment_id))
        return self.answered(academic_years(await self.ask(MrkoClient.academic_years), self.today()))

    @override
    async def results(self, enrolment_id: str, year_id: str | None = None) -> Answer[TermResult]:
        """Return the results of a year; when the terms failed to come, which of them each closes is a gap."""
        years, schedules = await self.read(enrolment_id, _read_years)
        year = _chosen(academic_years(years, self.today()), year_id)
        found = await self.read(enrolment_id, lambda client, child: _read_results(client, child, year))
        if isinstance(schedules, Unavailable):
            partial = [Missing(what="term_id", reason=schedules.reason)] if year.current else []
            return self.answered(results(found, year, schedules), partial=partial)
        return self.answered(results(found, year, terms(years, schedules)))


def _chosen(years: Sequence[AcademicYear], year_id: str | None) -> AcademicYear:
    for year in years:
        if year.current if year_id is None else year.id == year_id:
            return year
    if year_id is None:
        raise RegionChanged("the journal has no current school year", field="[].current_year")
    raise YearUnknown("the journal has no such school year", field="year_id")


async def _read_years(
    client: MrkoClient, child: ChildRef
) -> tuple[Sequence[ListedYear], Sequence[PeriodsSchedule] | Unavailable]:
    async with together() as tasks:
        years = tasks.create_task(client.academic_years())
        schedules = tasks.create_task(attempt(client.periods(child.student_id)))
    return years.result(), schedules.result()


async def _read_results(client: MrkoClient, child: ChildRef, year: AcademicYear) -> FinalMarks:
    if child.person_id is None:
        raise NotPermitted("the child is not in the register results are kept by")
    return await client.final_marks(child.person_id, year.id)
