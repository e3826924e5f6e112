"""Teachers' remarks."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from typing_extensions import override

from diary_core.abilities import ReadsRemarks
from diary_core.errors import NotPermitted, RegionDown
from diary_core.model import Answer, Missing, Reason, Remark, Unavailable
from diary_core.side_calls import attempt_each
from diary_mrko.ids import ChildRef
from diary_mrko.lesson_events import read_lessons
from diary_mrko.parse.remarks import EDUCATION_TYPES, remarks
from diary_mrko.parse.timetable import Placed, failed_sources, placed
from diary_mrko.session import Session
from diary_mrko.wire.lessons import LessonDetails

_LESSONS_MOST: Final = 160
"""Four weeks of a full timetable, eight seconds at our own pace: each lesson is a call."""


class Remarks(Session, ReadsRemarks):
    """Remarks to lessons; only the details of a lesson hold them, so every lesson is asked for."""

    @override
    async def remarks(self, enrolment_id: str, since: date, until: date) -> Answer[Remark]:
        """Return the remarks of a span up to today; of a long one those to its latest lessons.

        Raises:
            RegionDown: No lesson told of itself.
        """
        ref = ChildRef.read(enrolment_id)
        events = await self.read(
            enrolment_id, lambda client, child: read_lessons(client, child, since, until, expand=())
        )
        today = self.today()
        begun = placed(events.response, since, min(until, today), self.zone)
        lessons = begun[-_LESSONS_MOST:]
        told = await attempt_each([partial(self._details, ref, lesson) for lesson in lessons])
        gaps = {one.reason for one in told if isinstance(one, Unavailable)}
        found = [
            (lesson, one)
            for lesson, one in zip(lessons, told, strict=True)
            if not isinstance(one, Unavailable)
        ]
        if lessons and not found:
            raise (NotPermitted if gaps == {Reason.NOT_PERMITTED} else RegionDown)("no lesson told of itself")
        partly = [Missing(what="lesson", reason=reason) for reason in sorted(gaps)]
        if len(lessons) < len(begun):
            partly.append(Missing(what="older", reason=Reason.UNSUPPORTED))
        return self.answered(
            tuple(remarks(found, ref.student_id)), partial=[*partly, *failed_sources(events)]
        )

    async def _details(self, ref: ChildRef, lesson: Placed) -> LessonDetails:
        kind = EDUCATION_TYPES[lesson.kind]
        return await self.ask(lambda client: client.lesson(ref.student_id, lesson.event.id, kind))
