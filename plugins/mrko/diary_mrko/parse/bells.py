"""Bells, as the lessons of a day tell them."""

from __future__ import annotations

import re
from typing import Final

from diary_core.model import LessonSlot
from diary_mrko.wire.lessons import Activity, HeldDay

_LESSON: Final = "LESSON"
_CLUB: Final = "AE"
"""Clubs of additional education ring no bell, whatever number stands beside them."""
_NUMBER: Final = re.compile(r"\s*(\d{1,2})(?!\d)", re.ASCII)


def bells(day: HeldDay) -> tuple[LessonSlot, ...]:
    """Return the bells of the lessons held, by number, each once: two lessons may share one.

    What neither has a number nor both its times is no bell.
    """
    found: dict[int, LessonSlot] = {}
    for activity in day.activities:
        slot = _slot(activity)
        if slot is not None:
            found.setdefault(slot.number, slot)
    return tuple(found[number] for number in sorted(found))


def _slot(activity: Activity) -> LessonSlot | None:
    number = _NUMBER.match(activity.info or "")
    starts, ends = activity.begin_time, activity.end_time
    club = activity.lesson is not None and activity.lesson.lesson_education_type == _CLUB
    if activity.type != _LESSON or club or number is None or starts is None or ends is None or ends <= starts:
        return None
    return LessonSlot(number=int(number[1]), starts=starts, ends=ends)
