"""The week diary, joined of five answers asked for at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from diary_core.model import Day, Missing, Unavailable
from diary_mrko.parse.calendar import exceptions
from diary_mrko.parse.lesson_homework import place_homework
from diary_mrko.parse.lessons import lesson
from diary_mrko.parse.timetable import failed_sources, placed
from diary_mrko.wire.homework import Homework
from diary_mrko.wire.lessons import Events, ShortDay, ShortLesson
from diary_mrko.wire.marks import ListedMark
from diary_mrko.wire.year import CalendarDay


@dataclass(frozen=True, slots=True)
class WeekParts:
    """What the servers said of one child and one span; only the events are indispensable."""

    events: Events
    homework: Sequence[Homework] | Unavailable
    marks: Sequence[ListedMark] | Unavailable
    timetable: Sequence[ShortDay] | Unavailable
    calendar: Sequence[CalendarDay] | Unavailable

    def missing(self) -> tuple[Missing, ...]:
        """Return what the servers failed to deliver."""
        sides = {
            "lessons.homework": self.homework,
            "lessons.marks.entered_at": self.marks,
            "lessons.topic": self.timetable,
            "exception": self.calendar,
        }
        failed = [
            Missing(what=what, reason=side.reason)
            for what, side in sides.items()
            if isinstance(side, Unavailable)
        ]
        return (*failed, *failed_sources(self.events))


def days(parts: WeekParts, since: date, until: date, zone: ZoneInfo) -> tuple[Day, ...]:
    """Return every day of the span, oldest first, with all that the parts say of it.

    Raises:
        RegionChanged: Something indispensable is missing inside a part, such as the name of a lesson.
    """
    places = placed(parts.events.response, since, until, zone)
    homework = place_homework(places, parts.homework, zone)
    listed_marks = _by_id(parts.marks)
    timetable = _by_lesson(parts.timetable)
    calendar = parts.calendar if isinstance(parts.calendar, Unavailable) else exceptions(parts.calendar)
    return tuple(
        Day(
            date=on,
            zone=zone.key,
            lessons=tuple(
                lesson(
                    place,
                    homework=homework.by_lesson.get(place.id, ()),
                    listed_marks=listed_marks,
                    timetable=timetable,
                    zone=zone,
                )
                for place in places
                if place.on == on
            ),
            homework=parts.homework
            if isinstance(parts.homework, Unavailable)
            else homework.by_day.get(on, ()),
            exception=calendar if isinstance(calendar, Unavailable) else calendar.get(on),
        )
        for on in dates(since, until)
    )


def dates(since: date, until: date) -> Sequence[date]:
    """Return every date of a span, both ends included."""
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def _by_id(marks: Sequence[ListedMark] | Unavailable) -> Mapping[str, ListedMark] | Unavailable:
    return marks if isinstance(marks, Unavailable) else {mark.id: mark for mark in marks}


def _by_lesson(days: Sequence[ShortDay] | Unavailable) -> Mapping[str, ShortLesson] | Unavailable:
    if isinstance(days, Unavailable):
        return days
    return {item.schedule_item_id: item for day in days for item in day.lessons if item.schedule_item_id}
