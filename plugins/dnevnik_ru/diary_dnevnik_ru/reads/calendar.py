"""The calendar of the school year."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsCalendar
from diary_core.model import Answer, DayException
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.session import Session


class Calendar(Session, ReadsCalendar):
    """Vacations: other days that are not ordinary, the system does not tell."""

    async def calendar(self, enrolment_id: str, since: date, until: date) -> Answer[DayException]:
        """Return the days of vacation in a span, oldest first."""
        whose = await self.whose(enrolment_id)
        group = await self.ask(lambda client: client.holidays(whose.seat))
        return self.answered(parse.vacations(group.holidays, since, until))
