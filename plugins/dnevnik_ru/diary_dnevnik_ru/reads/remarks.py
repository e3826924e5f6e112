"""Teachers' remarks."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsRemarks
from diary_core.model import Answer, Remark
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.lesson_log import read_log
from diary_dnevnik_ru.session import Session


class Remarks(Session, ReadsRemarks):
    """Comments of the lesson log: behaviour has no place of its own in this system."""

    async def remarks(self, enrolment_id: str, since: date, until: date) -> Answer[Remark]:
        """Return what teachers wrote in the log."""
        whose = await self.whose(enrolment_id)
        log = await read_log(self, whose.seat, since, until)
        found = parse.remarks(log.answers, log.lessons, whose, since, until)
        return self.answered(found, partial=log.gaps)
