"""Homework."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsHomework, ReadsOverdueHomework
from diary_core.model import Answer, Missing, Reason, Unavailable
from diary_core.model import Homework as Task
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.lesson_events import read_lessons
from diary_mrko.parse.homework import homework
from diary_mrko.session import Session
from diary_mrko.wire.homework import Homework as Item
from diary_mrko.wire.lessons import Events


class Homework(Session, ReadsHomework, ReadsOverdueHomework):
    """Assignments by the day they are due."""

    @override
    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Task]:
        """Return what is due in a span; how long it takes stands on the lessons, asked for beside it."""

        async def read(client: MrkoClient, child: ChildRef) -> tuple[Sequence[Item], Events | Unavailable]:
            async with together() as tasks:
                listed = tasks.create_task(client.homework(child.student_id, since, until))
                lessons = tasks.create_task(
                    attempt(read_lessons(client, child, since, until, expand=("homework",)))
                )
            return listed.result(), lessons.result()

        listed, lessons = await self.read(enrolment_id, read)
        failed = isinstance(lessons, Unavailable) and lessons.reason is Reason.UPSTREAM_ERROR
        return self.answered(
            [task for task in homework(listed, self.zone, lessons) if since <= task.due_on <= until],
            partial=[Missing(what="minutes", reason=Reason.UPSTREAM_ERROR)] if failed else (),
        )

    @override
    async def overdue_homework(self, enrolment_id: str, since: date, until: date) -> Answer[Task]:
        """Return what the family has not ticked and was due before today."""
        answer = await self.homework(enrolment_id, since, until)
        today = self.today()
        late = [task for task in answer.items if task.due_on < today and task.done is False]
        return answer.model_copy(update={"items": tuple(late)})
