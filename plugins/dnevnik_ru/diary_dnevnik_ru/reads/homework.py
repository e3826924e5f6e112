"""Homework."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsHomework, ReadsOverdueHomework
from diary_core.model import Answer
from diary_core.model import Homework as Task
from diary_core.side_calls import together
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.pieces import pieces
from diary_dnevnik_ru.session import Session


class Homework(Session, ReadsHomework, ReadsOverdueHomework):
    """Assignments by the day they are due."""

    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Task]:
        """Return what is due in the span, by due date."""
        whose = await self.whose(enrolment_id)
        async with together() as tasks:
            asked = [
                tasks.create_task(self.ask(lambda client, piece=piece: client.homeworks(whose.seat, *piece)))
                for piece in pieces(since, until)
            ]
        return self.answered(parse.due_homework([one.result() for one in asked], whose, since, until))

    async def overdue_homework(self, enrolment_id: str, since: date, until: date) -> Answer[Task]:
        """Return what the diary itself calls undone; it tells ids and days, the list of homework the rest."""
        whose = await self.whose(enrolment_id)
        undone = await self.ask(lambda client: client.undone(whose.seat))
        due = {
            task.work: task.target_date
            for task in undone
            if task.person == whose.seat.person
            and task.target_date is not None
            and since <= task.target_date <= until
        }
        if not due:
            return self.answered([])
        answer = await self.homework(enrolment_id, min(due.values()), max(due.values()))
        late = [task.model_copy(update={"done": False}) for task in answer.items if task.id in due]
        return answer.model_copy(update={"items": tuple(late)})
