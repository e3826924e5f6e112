"""A week in one round trip: five calls go out together, and only the calendar's must come back."""

from __future__ import annotations

from datetime import date

from diary_core.side_calls import attempt, together
from diary_mrko.client import EVERYTHING, MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.lesson_events import read_lessons
from diary_mrko.parse.days import WeekParts, dates


async def read_week(client: MrkoClient, child: ChildRef, since: date, until: date) -> WeekParts:
    """Return everything the node says of a span of days.

    Raises:
        DiaryError: Whatever `read_lessons` raises; of the other calls only the reason is kept.
    """
    async with together() as tasks:
        events = tasks.create_task(read_lessons(client, child, since, until, expand=EVERYTHING))
        homework = tasks.create_task(attempt(client.homework(child.student_id, since, until)))
        marks = tasks.create_task(attempt(client.marks(child.student_id, since, until)))
        timetable = tasks.create_task(attempt(client.timetable(child.student_id, dates(since, until))))
        calendar = tasks.create_task(attempt(client.calendar(child.student_id, since, until)))
    return WeekParts(
        events=events.result(),
        homework=homework.result(),
        marks=marks.result(),
        timetable=timetable.result(),
        calendar=calendar.result(),
    )
