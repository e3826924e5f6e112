"""A lesson: what was planned, what happened, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from diary_sandbox.world.places import LessonKind


class LessonChange(StrEnum):
    """How the actual lesson differs from the plan, as known now."""

    NONE = "none"
    REPLACED = "replaced"
    """Another teacher, sometimes another subject."""
    CANCELLED = "cancelled"
    MOVED = "moved"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class LessonHalf:
    """Where and when a lesson stands, by plan or in fact; wall times of the school."""

    on: date
    slot: int | None
    """Lesson number from 1; None for additional education, which has no bells."""
    starts: time
    ends: time
    subject_id: int
    teacher_id: int
    room: str | None
    building_id: int | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of a class, of one of its subgroups, or of a club.

    Every query answers with what is known at the world's clock: before a change is announced the lesson
    stands as planned, before it has begun it has no topic.
    """

    id: int
    class_id: int
    kind: LessonKind
    group_id: int
    """The `StudyGroup` of the half that holds."""
    subgroup: int | None
    """None: the whole class."""
    planned: LessonHalf | None
    """None only for an added lesson."""
    actual: LessonHalf | None
    """What holds in fact; equal to `planned` unless changed; None only for a cancelled lesson."""
    change: LessonChange
    changed_at: datetime | None
    """When the change was announced; None when nothing changed."""
    happened: bool
    """The lesson is over by the world's clock and was not cancelled."""
    topic: str | None
    """None before the lesson, and when the teacher wrote none."""
    remote: bool
    link: str | None
    """Where a remote lesson is joined."""
    control_form_id: int | None
    """A control work is planned or was written; None on ordinary lessons."""

    @property
    def half(self) -> LessonHalf:
        """Return the half that holds: the actual one, or the planned one of a cancelled lesson."""
        half = self.actual or self.planned
        if half is None:
            raise ValueError(f"lesson {self.id!r} has neither half")
        return half

    @property
    def on(self) -> date:
        """Return the day of the half that holds."""
        return self.half.on

    @property
    def subject_id(self) -> int:
        """Return the subject of the half that holds."""
        return self.half.subject_id
