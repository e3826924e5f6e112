"""Bell times."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsBells
from diary_core.model import Answer, LessonSlot
from diary_mrko.parse.bells import bells
from diary_mrko.session import Session


class Bells(Session, ReadsBells):
    """Bells of the lessons a child has: what rings for others, the system does not tell."""

    @override
    async def bells(self, enrolment_id: str, on: date) -> Answer[LessonSlot]:
        """Return the bells of the lessons of one day; empty on a day without lessons."""
        day = await self.read(enrolment_id, lambda client, child: client.held_day(child.student_id, on))
        return self.answered(bells(day))
