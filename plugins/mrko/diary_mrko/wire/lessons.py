"""The timetable: the merged calendar, and the short timetable beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from diary_core.envelope import Envelope
from diary_mrko.wire.family import StaffMember
from diary_mrko.wire.homework import LessonHomework
from diary_mrko.wire.marks import LessonMark
from diary_mrko.wire.values import (
    Day,
    Flag,
    Id,
    Listed,
    MaybeClock,
    MaybeMoment,
    MaybeText,
    Wire,
    WireMoment,
)


class Event(Wire):
    """One event of the calendar, as far as a lesson needs it."""

    id: Id
    source: str
    start_at: WireMoment
    finish_at: MaybeMoment = None
    subject_id: Id | None = None
    subject_name: MaybeText = None
    lesson_name: MaybeText = None
    lesson_theme: MaybeText = None
    title: MaybeText = None
    room_name: MaybeText = None
    room_number: MaybeText = None
    lesson_type: MaybeText = None
    course_lesson_type: MaybeText = None
    group_id: Id | None = None
    group_name: MaybeText = None
    cancelled: Flag = False
    replaced: Flag = False
    is_missed_lesson: Flag = False
    absence_reason_id: Id | None = None
    nonattendance_reason_id: Id | None = None
    health_status: MaybeText = None
    link_to_join: MaybeText = None
    homework: LessonHomework | None = None
    marks: Listed[LessonMark] = ()


def _failed_sources(value: object) -> object:
    """Name the sources that failed: null, an object keyed by source, or a list (shape not known)."""
    if isinstance(value, dict):
        return tuple(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  keys
    if isinstance(value, list):
        return ("UNKNOWN",) if value else ()
    return () if value is None else value


FailedSources = Annotated[tuple[str, ...], BeforeValidator(_failed_sources)]
"""Codes of the sources of the calendar that failed; their texts stay behind."""


class Events(Wire):
    """Answer of `eventcalendar/v1/api/events`, asked for lessons."""

    response: Listed[Event]
    errors: FailedSources = ()


class LessonDetails(Wire, Envelope):
    """Answer of `family/*/v1/lesson_schedule_items/{id}`, as far as neither event nor timetable tells it."""

    comment: MaybeText = None
    teacher: StaffMember | None = None


class ShortLesson(Wire):
    """A lesson of the short timetable."""

    schedule_item_id: Id | None = None
    bell_id: Id | None = None
    begin_time: MaybeText = None
    end_time: MaybeText = None
    lesson_name: MaybeText = None
    lesson_type: MaybeText = None
    lesson_education_type: MaybeText = None
    absence_reason_id: Id | None = None


class ShortDay(Wire):
    """A day of `family/*/v1/schedule/short`."""

    date: Day
    lessons: Listed[ShortLesson] = ()


class HeldLesson(Wire):
    """What stands in a lesson of a day."""

    lesson_education_type: MaybeText = None


class Activity(Wire):
    """A lesson of a day, or the break before it."""

    type: MaybeText = None
    info: MaybeText = None
    """«1 урок»."""
    begin_time: MaybeClock = None
    end_time: MaybeClock = None
    lesson: HeldLesson | None = None


class HeldDay(Wire, Envelope):
    """Answer of `family/*/v1/schedule`: one day with its breaks."""

    activities: Listed[Activity] = ()
