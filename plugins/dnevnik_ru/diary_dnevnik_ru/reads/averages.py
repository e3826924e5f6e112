"""The diary's own averages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from diary_core.abilities import ReadsAverages
from diary_core.errors import DisabledBySchool, TermUnknown
from diary_core.model import Answer, DiaryAverage, Unavailable
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.session import Session, gap_of, missing


class Averages(Session, ReadsAverages):
    """Averages of the terms of the class, weighted where the school weighs."""

    async def averages(self, enrolment_id: str, term_id: str) -> Answer[DiaryAverage]:
        """Return the averages of a term; names of subjects that failed to come are a gap."""
        whose = await self.whose(enrolment_id)
        seat = whose.seat
        async with together() as tasks:
            periods = tasks.create_task(self.ask(lambda client: client.reporting_periods(seat)))
            school = tasks.create_task(self.ask(lambda client: client.school(seat)))
            subjects = tasks.create_task(attempt(self.ask(lambda client: client.subjects(seat))))
        term = next((period for period in periods.result() if period.id == term_id), None)
        if term is None:
            raise TermUnknown("the class has no such term", field="term_id")
        found = await self._shown(whose, school.result(), term)
        taught = subjects.result()
        names = {} if isinstance(taught, Unavailable) else parse.names_of(taught)
        return self.answered(
            parse.averages(found, names, term_id), partial=missing({"subject": gap_of(taught)})
        )

    async def _shown(
        self, whose: parse.Whose, school: wire.School, term: wire.ReportingPeriod
    ) -> Mapping[str, Decimal | None]:
        """Return the averages of the kind the school shows, by id of the subject."""
        seat = whose.seat
        if school.uses_weighted_avg:
            weighted = await self.ask(lambda client: client.weighted_averages(seat, term.start, term.finish))
            return parse.weighted_averages(weighted, seat)
        if school.uses_avg is False:
            raise DisabledBySchool("the school shows no averages")
        today = self._now().astimezone(whose.zone).date()
        plain = await self.ask(lambda client: client.averages(seat, term.id, today))
        return parse.plain_averages(plain, seat)
