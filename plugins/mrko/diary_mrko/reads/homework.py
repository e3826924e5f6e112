"""Homework."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsHomework
from diary_core.model import Answer
from diary_core.model import Homework as Task
from diary_mrko.parse.homework import homework
from diary_mrko.session import Session


class Homework(Session, ReadsHomework):
    """Assignments by the day they are due."""

    @override
    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Task]:
        """Return what is due in a span."""
        found = await self.read(
            enrolment_id, lambda client, child: client.homework(child.student_id, since, until)
        )
        return self.answered([task for task in homework(found, self.zone) if since <= task.due_on <= until])
