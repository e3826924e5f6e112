"""Lessons and the days they make."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from diary_core.model.attendance import AttendanceRecord
from diary_core.model.calendar import SchoolDate, WallTime, ZoneName
from diary_core.model.homework import Homework
from diary_core.model.marks import Mark
from diary_core.model.school import DayException, Subject, Teacher
from diary_core.model.values import NOT_LOADED, Maybe, Model


class LessonHalf(Model):
    """One half of a lesson: as it was planned, or as it is."""

    subject: Subject
    starts: WallTime | None
    """Wall time in the zone of the day."""
    ends: WallTime | None
    room: Maybe[str | None] = NOT_LOADED
    teachers: Maybe[tuple[Teacher, ...]] = NOT_LOADED


class Lesson(Model):
    """A lesson, or another thing that stands in the timetable."""

    id: str
    date: SchoolDate
    """The school's local date."""
    slot: Maybe[int | None] = NOT_LOADED
    """Number of the bell; several lessons may share one."""
    kind: Literal["lesson", "extracurricular", "additional"]
    """`extracurricular` is внеурочная деятельность, `additional` is дополнительное образование."""
    planned: Maybe[LessonHalf | None]
    """None when it was added."""
    actual: LessonHalf | None
    """None when it was cancelled."""
    change: Maybe[Literal["none", "replaced", "cancelled", "moved", "added"]]
    topic: Maybe[str | None] = NOT_LOADED
    control: Maybe[bool] = NOT_LOADED
    """A control work is planned for it."""
    remote: Maybe[bool] = NOT_LOADED
    homework: Maybe[tuple[Homework, ...]] = NOT_LOADED
    """What must be ready for this lesson."""
    marks: Maybe[tuple[Mark, ...]] = NOT_LOADED
    attendance: Maybe[AttendanceRecord | None] = NOT_LOADED
    """None when the child was there, or when nobody has said otherwise."""
    remark: Maybe[str | None] = NOT_LOADED

    @model_validator(mode="after")
    def _halves_fit_the_change(self) -> Self:
        if (self.actual is None) != (self.change == "cancelled"):
            raise ValueError("a cancelled lesson, and no other, has no actual half")
        if (self.planned is None) != (self.change == "added"):
            raise ValueError("an added lesson, and no other, has no planned half")
        return self


class Day(Model):
    """One day of the diary, also when it has no lessons."""

    date: SchoolDate
    zone: ZoneName
    """IANA name of the school's time zone, in which every time of the day is told."""
    lessons: tuple[Lesson, ...]
    """By starting time, then by id."""
    homework: Maybe[tuple[Homework, ...]] = NOT_LOADED
    """What is due this day and stands on none of its lessons."""
    exception: Maybe[DayException | None] = NOT_LOADED
    """Why it is not an ordinary school day; None when it is one."""
