"""Missed and late lessons."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsAttendance
from diary_core.model import Answer, AttendanceRecord
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.lesson_log import read_log
from diary_dnevnik_ru.session import Session


class Attendance(Session, ReadsAttendance):
    """Entries of the lesson log."""

    async def attendance(self, enrolment_id: str, since: date, until: date) -> Answer[AttendanceRecord]:
        """Return what was missed or entered late."""
        whose = await self.whose(enrolment_id)
        log = await read_log(self, whose.seat, since, until)
        found = parse.missed_lessons(log.answers, log.lessons, whose, since, until)
        return self.answered(found, partial=log.gaps)
