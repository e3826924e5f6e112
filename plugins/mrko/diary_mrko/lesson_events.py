"""Lessons out of the merged calendar, which must bring them: a day without them would be told as free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from diary_core.errors import RegionDown
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.timetable import LESSON_SOURCES
from diary_mrko.wire.lessons import Events

_LESSONS: Final = "PLAN"


async def read_lessons(
    client: MrkoClient, child: ChildRef, since: date, until: date, *, expand: Iterable[str]
) -> Events:
    """Return the lessons of a span, clubs and extra-curricular hours included.

    Args:
        client: The services.
        child: Whose lessons.
        since: First day, inclusive.
        until: Last day, inclusive.
        expand: Parts that are left out unless asked for.

    Raises:
        NotPermitted: The child is not in the register that the calendar is kept by.
        RegionDown: The calendar came without lessons, because their source failed.
    """
    found = await client.events(child.registered(), since, until, LESSON_SOURCES, expand=expand)
    if _LESSONS in found.errors and not any(event.source == _LESSONS for event in found.response):
        raise RegionDown("the source of lessons failed")
    return found
