"""What an answer shows that is worth watching, day by day, in the form in which it is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from diary_api.school.readings import Kind, Reading
from diary_core.model import (
    NOT_LOADED,
    Announcement,
    Answer,
    AttendanceRecord,
    Day,
    Homework,
    Lesson,
    Mark,
    Model,
    Thing,
    known,
)

ItemT = TypeVar("ItemT", bound=Model)
Name = Literal["mark", "homework", "lesson", "attendance", "announcement"]

SHAPES: Mapping[Name, type[Thing]] = MappingProxyType(
    {
        "mark": Mark,
        "homework": Homework,
        "lesson": Lesson,
        "attendance": AttendanceRecord,
        "announcement": Announcement,
    }
)
WATCHED = frozenset({Kind.DAYS, Kind.ANNOUNCEMENTS})
"""Readings that are compared.

A week holds every mark, task, lesson and absence, always in the same detail; a list of marks tells the same
ones with more or fewer fields, which would look like a change.
"""


class Seen(BaseModel):
    """One thing as it was seen."""

    model_config = ConfigDict(frozen=True)

    name: Name
    id: str
    """The diary's own."""
    nth: int
    """Counts those of one day that share an id, from 0."""
    body: str
    """The thing as JSON, without what changes by itself or by the family's own hand."""
    born_on: date | None
    """The school day it came into being, where the diary tells it."""
    ordinary: bool
    """Whether it is no news that it is there: a lesson that is held as planned."""

    @property
    def key(self) -> tuple[Name, str, int]:
        """Return what it is known by."""
        return self.name, self.id, self.nth


def seen_on(reading: Reading[ItemT], answer: Answer[ItemT], zone: ZoneInfo) -> Mapping[date, Sequence[Seen]]:
    """Return what an answer shows on each day of its span, also on the empty ones.

    Args:
        reading: One of `WATCHED`.
        answer: A whole one: a part that failed to come must not look like things that vanished.
        zone: The school's.
    """
    assert reading.span is not None  # noqa: S101  what is watched is read by spans
    length = (reading.span.until - reading.span.since).days + 1
    found: dict[date, list[Seen]] = {
        reading.span.since + timedelta(days=number): [] for number in range(length)
    }
    for item in answer.items:
        for day, seen in _of(item, zone):
            if day in found:
                nth = sum((one.name, one.id) == (seen.name, seen.id) for one in found[day])
                found[day].append(seen.model_copy(update={"nth": nth}))
    return found


def _of(item: Model, zone: ZoneInfo) -> Iterator[tuple[date, Seen]]:
    match item:
        case Day():
            yield from ((item.date, seen) for seen in _of_day(item, zone))
        case Announcement():
            published = known(item.published_at)
            if published is not None:
                yield published.astimezone(zone).date(), _seen("announcement", item)
        case _:
            raise TypeError(f"{type(item).__name__} is not watched")


def _of_day(day: Day, zone: ZoneInfo) -> Iterator[Seen]:
    for task in known(day.homework) or ():
        yield _task(task)
    for lesson in day.lessons:
        yield _lesson(lesson)
        for mark in known(lesson.marks) or ():
            entered = known(mark.entered_at)
            yield _seen("mark", mark, born_on=entered and entered.astimezone(zone).date())
        for task in known(lesson.homework) or ():
            yield _task(task)
        missed = known(lesson.attendance)
        if missed is not None:
            yield _seen("attendance", missed)


def _lesson(lesson: Lesson) -> Seen:
    """What is on a lesson is watched by itself, and its topic is written while it is held."""
    bare = lesson.model_copy(
        update={
            "topic": NOT_LOADED,
            "control": NOT_LOADED,
            "remote": NOT_LOADED,
            "homework": NOT_LOADED,
            "marks": NOT_LOADED,
            "attendance": NOT_LOADED,
            "remark": NOT_LOADED,
        }
    )
    return _seen("lesson", bare, ordinary=lesson.change not in {"replaced", "cancelled", "moved", "added"})


def _task(task: Homework) -> Seen:
    return _seen("homework", task.model_copy(update={"done": NOT_LOADED}), born_on=known(task.assigned_on))


def _seen(name: Name, thing: Thing, *, born_on: date | None = None, ordinary: bool = False) -> Seen:
    body = thing.model_dump_json()
    return Seen(name=name, id=thing.id, nth=0, body=body, born_on=born_on, ordinary=ordinary)
