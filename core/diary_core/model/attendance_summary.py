"""How much was missed, counted."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from diary_core.model.calendar import SchoolDate
from diary_core.model.school import Subject
from diary_core.model.values import Model


class AttendanceCounts(Model):
    """Numbers of lessons, and of days told as a whole."""

    absent: int = Field(ge=0)
    """Missed lessons that the school counts; those of days told as a whole are not among them."""
    excused: int = Field(ge=0)
    """Of the missed ones, those the school accepts."""
    unexcused: int = Field(ge=0)
    """Of the missed ones, those it does not."""
    unknown: int = Field(ge=0)
    """Of the missed ones, those of which the diary does not say so."""
    late: int = Field(ge=0)
    """Lessons entered late; a diary that does not tell lateness has none."""
    other: int = Field(ge=0)
    """What the school does not count as missed, such as an olympiad."""
    whole_days: int = Field(ge=0)
    """Days told as missed without naming their lessons."""

    @model_validator(mode="after")
    def _every_absence_is_of_one_kind(self) -> Self:
        if self.excused + self.unexcused + self.unknown != self.absent:
            raise ValueError("a missed lesson is excused, not excused, or nobody knows")
        return self


class SubjectAttendance(Model):
    """How much was missed of one subject."""

    subject: Subject
    counts: AttendanceCounts


class AttendanceSummary(Model):
    """How much was missed in a span."""

    since: SchoolDate
    """First day, inclusive."""
    until: SchoolDate
    """Last day, inclusive."""
    total: AttendanceCounts
    days: int = Field(ge=0)
    """Days on which at least one lesson was missed, or which were missed as a whole."""
    subjects: tuple[SubjectAttendance, ...]
    """Those with something to tell, by name."""
