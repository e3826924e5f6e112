"""Marks."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsMarks
from diary_core.model import Answer, Mark
from diary_mrko.parse.marks import marks
from diary_mrko.session import Session


class Marks(Session, ReadsMarks):
    """Marks of lessons."""

    @override
    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks of a span; the lesson, the teacher and the history are not loaded."""
        found = await self.read(
            enrolment_id, lambda client, child: client.marks(child.student_id, since, until)
        )
        return self.answered([mark for mark in marks(found, self.zone) if since <= mark.date <= until])
