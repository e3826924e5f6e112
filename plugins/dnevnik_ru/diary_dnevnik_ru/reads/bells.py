"""Bell times."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsBells
from diary_core.model import Answer, LessonSlot
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.session import Session


class Bells(Session, ReadsBells):
    """Bells of the weekday, also on days without lessons."""

    async def bells(self, enrolment_id: str, on: date) -> Answer[LessonSlot]:
        """Return the bells of one day, by number."""
        whose = await self.whose(enrolment_id)
        return self.answered(parse.bells(await self.ask(lambda client: client.timetables(whose.seat)), on))
