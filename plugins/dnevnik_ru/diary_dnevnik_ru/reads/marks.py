"""Marks: lists, and one in depth."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from diary_core.abilities import ReadsMarkDetails, ReadsMarks
from diary_core.errors import MarkUnknown, NotFound, RegionChanged
from diary_core.model import Answer, Mark, Reason, Unavailable
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.session import Session, gap_of, missing

_MARK: Final = re.compile(r"[0-9]{1,20}")


class Marks(Session, ReadsMarks, ReadsMarkDetails):
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

    async def mark(self, enrolment_id: str, mark_id: str) -> Answer[Mark]:
        """Return one mark with who gave it.

        It names its lesson, the lesson its day, and the day the teacher: three round trips.
        """
        whose = await self.whose(enrolment_id)
        async with together() as tasks:
            finding = tasks.create_task(self._find(whose, mark_id))
            weights = tasks.create_task(self.weights(whose.seat))
        sent, lesson = finding.result()
        day = await attempt(self.ask(lambda client: client.schedules(whose.seat, lesson.date, lesson.date)))
        found = parse.mark_in_depth(sent, lesson, day, weights.result(), whose)
        if found is None:
            raise _unknown()
        return self.answered(
            [found],
            partial=missing(
                {
                    "teacher": gap_of(day),
                    "weight": weights.result().gap,
                    "form": weights.result().kinds_gap,
                }
            ),
        )

    async def _find(self, whose: parse.Whose, mark_id: str) -> tuple[wire.Mark, wire.FullLesson]:
        """Return a mark of this child with its lesson; a result has none, and is no mark of a lesson."""
        if not _MARK.fullmatch(mark_id):
            raise _unknown()
        try:
            sent = await self.look_up(lambda client: client.mark(mark_id))
        except NotFound as error:
            raise _unknown() from error
        if sent.lesson is None or not parse.is_of(whose.seat, sent):
            raise _unknown()
        lessons = await self.lessons([sent.lesson])
        if not lessons:
            raise RegionChanged("a mark hangs on a lesson that is not there", field="lesson")
        return sent, lessons[0]


def _unknown() -> MarkUnknown:
    return MarkUnknown("the child has no such mark", field="mark_id")
