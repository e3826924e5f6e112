"""Missed lessons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsAttendance
from diary_core.model import Answer, AttendanceRecord, Missing, Unavailable
from diary_core.side_calls import attempt, together
from diary_mrko.client import ABSENCES, MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.lesson_events import read_lessons
from diary_mrko.parse.absences import attendance
from diary_mrko.parse.timetable import failed_sources
from diary_mrko.session import Session
from diary_mrko.wire.absences import MissedDay
from diary_mrko.wire.lessons import Events


class Attendance(Session, ReadsAttendance):
    """Missed lessons; that a child came late is not told by this system."""

    @override
    async def attendance(self, enrolment_id: str, since: date, until: date) -> Answer[AttendanceRecord]:
        """Return the missed lessons of a span; without comments when their list failed to come."""
        events, listed = await self.read(
            enrolment_id, lambda client, child: _read_absences(client, child, since, until)
        )
        failed = [Missing(what="comment", reason=listed.reason)] if isinstance(listed, Unavailable) else []
        return self.answered(
            attendance(events.response, listed, since, until, self.zone),
            partial=[*failed, *failed_sources(events)],
        )


async def _read_absences(
    client: MrkoClient, child: ChildRef, since: date, until: date
) -> tuple[Events, Sequence[MissedDay] | Unavailable]:
    async with together() as tasks:
        events = tasks.create_task(read_lessons(client, child, since, until, expand=ABSENCES))
        listed = tasks.create_task(attempt(client.attendance(child.student_id, since, until)))
    found = listed.result()
    return events.result(), found if isinstance(found, Unavailable) else found.attendance
