"""The calendar of the school year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsCalendar
from diary_core.model import Answer, DayException, Missing, Unavailable
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.calendar import calendar
from diary_mrko.session import Session
from diary_mrko.wire.year import CalendarDay, Transposition


class Calendar(Session, ReadsCalendar):
    """Holidays, vacations, days off and moved days."""

    @override
    async def calendar(self, enrolment_id: str, since: date, until: date) -> Answer[DayException]:
        """Return the days that are not ordinary; without days that work for others when those failed."""
        days, moved = await self.read(
            enrolment_id, lambda client, child: _read_calendar(client, child, since, until)
        )
        if isinstance(moved, Unavailable):
            partial = [Missing(what="moved", reason=moved.reason)]
            return self.answered(calendar(days, (), since, until), partial=partial)
        return self.answered(calendar(days, moved, since, until))


async def _read_calendar(
    client: MrkoClient, child: ChildRef, since: date, until: date
) -> tuple[Sequence[CalendarDay], Sequence[Transposition] | Unavailable]:
    async with together() as tasks:
        days = tasks.create_task(client.calendar(child.student_id, since, until))
        moved = tasks.create_task(attempt(_read_moved(client, since, until)))
    return days.result(), moved.result()


async def _read_moved(client: MrkoClient, since: date, until: date) -> Sequence[Transposition]:
    """Return the moved days of every school year the span touches; each year has a calendar of its own."""
    years = [
        year
        for year in await client.academic_years()
        if year.calendar_id and year.begin_date <= until and since <= year.end_date
    ]
    async with together() as tasks:
        asked = [
            tasks.create_task(client.transpositions(calendar_id))
            for calendar_id in dict.fromkeys(year.calendar_id or "" for year in years)
        ]
    return [move for one in asked for move in one.result()]
