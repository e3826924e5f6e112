"""How terms and years ended."""

from __future__ import annotations

from collections.abc import Sequence

from diary_core.abilities import ReadsResults
from diary_core.errors import YearUnknown
from diary_core.model import AcademicYear, Answer, TermResult
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.session import Session, gap_of, missing


class Results(Session, ReadsResults):
    """Results of the class, and of the classes of former years."""

    async def academic_years(self, enrolment_id: str) -> Answer[AcademicYear]:
        """Return the years the child was in a class of this system."""
        seat = (await self.whose(enrolment_id)).seat
        groups = await self.ask(lambda client: client.all_groups(seat))
        return self.answered(parse.academic_years(groups, seat))

    async def results(self, enrolment_id: str, year_id: str | None = None) -> Answer[TermResult]:
        """Return the results of a year; whether those of a former one may be read is not known."""
        whose = await self.whose(enrolment_id)
        if year_id is None:
            return await self._results(whose, [whose.seat], current=True)
        groups = await self.ask(lambda client: client.all_groups(whose.seat))
        for year in parse.academic_years(groups, whose.seat):
            if year.id == year_id:
                seats = parse.seats_of_year(groups, whose.seat, year)
                return await self._results(whose, seats, current=year.current)
        raise YearUnknown("the child was in no class in such a year", field="year_id")

    async def _results(
        self, whose: parse.Whose, seats: Sequence[Seat], *, current: bool
    ) -> Answer[TermResult]:
        async with together() as tasks:
            found = [
                tasks.create_task(self.ask(lambda client, seat=seat: client.final_marks(seat)))
                for seat in seats
            ]
            periods = [
                tasks.create_task(attempt(self.ask(lambda client, seat=seat: client.reporting_periods(seat))))
                for seat in seats
            ]
        read = [
            parse.results(one.result(), terms.result(), whose, current=current)
            for one, terms in zip(found, periods, strict=True)
        ]
        gaps = [gap for terms in periods if (gap := gap_of(terms.result())) is not None]
        return self.answered(
            sorted((result for one in read for result in one), key=lambda result: result.subject.name),
            partial=missing({"terms": next(iter(gaps), None)}),
        )
