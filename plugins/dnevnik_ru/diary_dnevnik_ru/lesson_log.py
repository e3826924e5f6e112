"""The lesson log of a span: its entries, and the lessons they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from diary_core.model import Missing, Reason, Unavailable
from diary_core.side_calls import together
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.pieces import pieces
from diary_dnevnik_ru.session import Session, missing


@dataclass(frozen=True, slots=True)
class LessonLog:
    """What the log holds of one child."""

    answers: Sequence[wire.LogEntries]
    lessons: Mapping[str, wire.FullLesson]
    """By id."""
    gaps: Sequence[Missing]
    """Not empty when the diary could not describe a lesson of an entry."""


async def read_log(session: Session, seat: Seat, since: date, until: date) -> LessonLog:
    """Return the log of a span; lessons the entries come without are asked for."""
    async with together() as tasks:
        asked = [
            tasks.create_task(session.ask(lambda client, piece=piece: client.log_entries(seat, *piece)))
            for piece in pieces(since, until)
        ]
    answers = [one.result() for one in asked]
    wanted = parse.undescribed(answers, seat)
    lessons = {lesson.id: lesson for answer in answers for lesson in answer.lessons}
    lessons |= {lesson.id: lesson for lesson in await session.lessons(wanted)}
    lost = set(wanted) - lessons.keys()
    return LessonLog(
        answers, lessons, missing({"lesson": Unavailable(reason=Reason.UPSTREAM_ERROR) if lost else None})
    )
