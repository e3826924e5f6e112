"""A week in one round trip: five calls go out together, and only the calendar's must come back."""

from __future__ import annotations

from datetime import date
from typing import Final

from diary_core.errors import NotPermitted, RegionDown
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.days import WeekParts, dates
from diary_mrko.parse.timetable import LESSON_SOURCES

_LESSONS: Final = "PLAN"


async def read_week(client: MrkoClient, child: ChildRef, since: date, until: date) -> WeekParts:
    """Return everything the node says of a span of days.

    Raises:
        NotPermitted: The child is not in the register the calendar is kept by.
        RegionDown: The calendar came without lessons, because their source failed.
        DiaryError: Whatever the calendar's call raises; of the others only the reason is kept.
    """
    if child.person_id is None:
        raise NotPermitted("the child is not in the register the calendar is kept by")
    async with together() as tasks:
        events = tasks.create_task(client.events(child.person_id, since, until, LESSON_SOURCES))
        homework = tasks.create_task(attempt(client.homework(child.student_id, since, until)))
        marks = tasks.create_task(attempt(client.marks(child.student_id, since, until)))
        timetable = tasks.create_task(attempt(client.timetable(child.student_id, dates(since, until))))
        calendar = tasks.create_task(attempt(client.calendar(child.student_id, since, until)))
    found = events.result()
    if _LESSONS in found.errors and not any(event.source == _LESSONS for event in found.response):
        raise RegionDown("the source of lessons failed")
    return WeekParts(
        events=found,
        homework=homework.result(),
        marks=marks.result(),
        timetable=timetable.result(),
        calendar=calendar.result(),
    )
