"""Presence and absence."""

from __future__ import annotations

from typing import Literal

from diary_core.model.calendar import Moment, SchoolDate, WallTime, ZoneName
from diary_core.model.school import Subject
from diary_core.model.values import NOT_LOADED, Maybe, Model


class AbsenceReason(Model):
    """Why the child was, or will be, away."""

    code: str
    """The diary's own code, kept raw."""
    title: str


class AttendanceRecord(Model):
    """That a lesson was missed or entered late."""

    id: str
    date: SchoolDate
    lesson_id: str | None
    """None for a whole day."""
    subject: Subject | None
    kind: Literal["absent", "late", "other"]
    display: str | None
    """The letter of a paper diary, as «Н» or «Б»."""
    excused: Maybe[bool | None] = NOT_LOADED
    counted: bool
    """Whether the school counts it as a missed lesson."""
    reason: Maybe[AbsenceReason | None] = NOT_LOADED
    noted_by: Literal["teacher", "parent", "system", "mark_cell", "unknown"]
    comment: Maybe[str | None] = NOT_LOADED


class AbsenceNotice(Model):
    """A parent's notice that the child will be away."""

    id: str
    date: SchoolDate
    lesson_ids: tuple[str, ...] = ()
    """Empty for the whole day."""
    reason: AbsenceReason
    comment: str | None
    created_at: Maybe[Moment | None] = NOT_LOADED


class Visit(Model):
    """One pass through the school's turnstile."""

    date: SchoolDate
    entered: WallTime | None
    left: WallTime | None
    """None while inside, or when the pass was incomplete."""
    zone: ZoneName
    place: str | None
