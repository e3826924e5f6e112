"""One homework out of the list: no call gives one by its id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from diary_core.errors import HomeworkUnknown
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef, is_homework_id
from diary_mrko.wire.homework import Homework

_SEPTEMBER: Final = 9
_NEAR: Final = timedelta(days=21)
"""Whatever a family ticks or opens is mostly due within so many days."""


async def find_homework(client: MrkoClient, child: ChildRef, homework_id: str, today: date) -> Homework:
    """Return a homework of this very child, looked for near the present day first, then in its school year.

    Raises:
        HomeworkUnknown: The child has none of this id in the present school year.
    """
    if is_homework_id(homework_id):
        for since, until in _spans(today):
            for item in await client.homework(child.student_id, since, until):
                if item.homework_entry_student_id == homework_id:
                    return item
    raise HomeworkUnknown("the child has no such homework", field="homework_id")


def _spans(today: date) -> Iterator[tuple[date, date]]:
    """Give the days around a day, then what is left of its school year before and after them."""
    began = today.year if today.month >= _SEPTEMBER else today.year - 1
    first, last = date(began, _SEPTEMBER, 1), date(began + 1, _SEPTEMBER, 1) - timedelta(days=1)
    since, until = max(today - _NEAR, first), min(today + _NEAR, last)
    yield since, until
    if first < since:
        yield first, since - timedelta(days=1)
    if until < last:
        yield until + timedelta(days=1), last
