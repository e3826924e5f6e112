"""Marks."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsMarks
from diary_core.model import Answer, Mark, Reason, Unavailable
from diary_core.side_calls import together
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.session import Session, missing


class Marks(Session, ReadsMarks):
    """Marks of lessons."""

    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks of lessons in the span, oldest lesson first.

        Marks name their lessons by id only, so a second round trip brings the lessons.
        """
        whose = await self.whose(enrolment_id)
        async with together() as tasks:
            marks = tasks.create_task(self.ask(lambda client: client.marks(whose.seat, since, until)))
            weights = tasks.create_task(self.weights(whose.seat))
        wanted = parse.lesson_ids(marks.result(), whose.seat)
        lessons = await self.lessons(wanted)
        lost = len(wanted) > len({lesson.id for lesson in lessons})
        return self.answered(
            parse.lesson_marks(marks.result(), lessons, weights.result(), whose, since=since, until=until),
            partial=missing(
                {
                    "lesson": Unavailable(reason=Reason.UPSTREAM_ERROR) if lost else None,
                    "weight": weights.result().gap,
                    "form": weights.result().kinds_gap,
                }
            ),
        )
