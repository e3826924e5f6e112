"""Missed and late lessons."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsAttendance
from diary_core.model import Answer, AttendanceRecord, Reason, Unavailable
from diary_core.side_calls import together
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.pieces import pieces
from diary_dnevnik_ru.session import Session, missing


class Attendance(Session, ReadsAttendance):
    """Entries of the lesson log."""

    async def attendance(self, enrolment_id: str, since: date, until: date) -> Answer[AttendanceRecord]:
        """Return what was missed or entered late; lessons the entries come without are asked for."""
        whose = await self.whose(enrolment_id)
        seat = whose.seat
        async with together() as tasks:
            asked = [
                tasks.create_task(self.ask(lambda client, piece=piece: client.log_entries(seat, *piece)))
                for piece in pieces(since, until)
            ]
        answers = [one.result() for one in asked]
        wanted = parse.undescribed(answers, seat)
        lessons = {lesson.id: lesson for answer in answers for lesson in answer.lessons}
        lessons |= {lesson.id: lesson for lesson in await self.lessons(wanted)}
        lost = set(wanted) - lessons.keys()
        return self.answered(
            parse.missed_lessons(answers, lessons, whose, since, until),
            partial=missing({"lesson": Unavailable(reason=Reason.UPSTREAM_ERROR) if lost else None}),
        )
