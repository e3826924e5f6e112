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


class OfferedReason(AbsenceReason):
    """A reason a parent may give the school in advance."""

    document_needed: Maybe[bool] = NOT_LOADED
    """Whether the school wants a paper besides; it is handed in at school."""


class NewAbsenceNotice(Model):
    """What a parent wants to tell the school: one day, or some lessons of it."""

    date: SchoolDate
    lesson_ids: tuple[str, ...] = ()
    """As in the days of the diary, each once; empty for the whole day."""
    reason_code: str
    """One of the offered ones."""
    comment: str | None = None


class AbsenceNotice(Model):
    """That a parent has told the school of an absence: of one day, or of one lesson.

    Told of several lessons, the diary holds a notice for each.
    """

    id: str
    """What withdraws it: the diary's own number, else made of the day and the lesson."""
    date: SchoolDate
    lesson_id: str | None
    """As in the days of the diary; None for the whole day."""
    reason: AbsenceReason | None
    """None when the diary holds the notice without one."""
    comment: str | None
    told_by: Literal["self", "other", "unknown"]
    """Whether the signed-in person has told it, or another parent."""
    created_at: Maybe[Moment | None] = NOT_LOADED


class Visit(Model):
    """One pass through the school's turnstile."""

    date: SchoolDate
    entered: WallTime | None
    left: WallTime | None
    """None while inside, or when the pass was incomplete."""
    zone: ZoneName
    place: str | None
