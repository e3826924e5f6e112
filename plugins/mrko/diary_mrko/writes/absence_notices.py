"""Telling the school that a child will be away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from diary_core.abilities import NotifiesAbsence
from diary_core.errors import AbsenceInPast
from diary_core.model import AbsenceNotice, Answer, NewAbsenceNotice, OfferedReason
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.absence_notices import named, notices, offered, told
from diary_mrko.session import Session
from diary_mrko.wire.absences import Attendance
from diary_mrko.wire.lessons import ShortDay


class AbsenceNotices(Session, NotifiesAbsence):
    """Notices by the day and by the lesson; only a parent may give them."""

    @override
    async def absence_reasons(self, enrolment_id: str) -> Answer[OfferedReason]:
        """Return the reasons of the node a parent may choose from."""
        await self.child(ChildRef.read(enrolment_id))
        return self.answered(tuple(offered(await self.ask(MrkoClient.nonattendance_reasons))))

    @override
    async def absence_notices(self, enrolment_id: str, since: date, until: date) -> Answer[AbsenceNotice]:
        """Return the notices of the span, from the list of missed days."""

        async def read(client: MrkoClient, child: ChildRef) -> tuple[Attendance, str]:
            return await client.attendance(child.student_id, since, until), client.profile_id

        listed, profile_id = await self.read(enrolment_id, read)
        found = [notice for notice in notices(listed.attendance, profile_id) if since <= notice.date <= until]
        return self.answered(sorted(found, key=lambda notice: notice.date))

    @override
    async def notify_absence(self, enrolment_id: str, notice: NewAbsenceNotice) -> tuple[str, ...]:
        """Tell the school; lessons are named by their bells, which the short timetable knows."""
        ref = ChildRef.read(enrolment_id)
        self._not_over(notice.date)
        timetable: Sequence[ShortDay] = ()
        if notice.lesson_ids:
            timetable = await self.read(
                enrolment_id, lambda client, child: client.timetable(child.student_id, [notice.date])
            )
        notifications = told(notice, timetable)
        receipts = await self.read(
            enrolment_id, lambda client, _: client.notify_absence(ref.student_id, notifications)
        )
        return receipts.ids

    @override
    async def withdraw_absence(self, enrolment_id: str, notice_ids: Sequence[str]) -> None:
        """Take notices back."""
        ref = ChildRef.read(enrolment_id)
        names = named(notice_ids)
        for name in names:
            self._not_over(name.date)
        await self.read(enrolment_id, lambda client, _: client.withdraw_absence(ref.student_id, names))

    def _not_over(self, on: date) -> None:
        """Keep to the rule of the diary's own page before it is asked: how it refuses is not known.

        Raises:
            AbsenceInPast: The day is over at the school.
        """
        if on < self._now().astimezone(self.zone).date():
            raise AbsenceInPast("the day is over at the school", field="date")
