"""Who missed what, who said so in advance, and what the turnstile saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import IntEnum, StrEnum


class AbsenceKind(StrEnum):
    """What the journal says of one pupil on one lesson."""

    ABSENT = "absent"
    LATE = "late"


class AbsenceReason(IntEnum):
    """Reasons a school knows; the numbers are the ones МЭШ uses."""

    ILLNESS = 1
    UNWELL = 2
    FAMILY = 3
    NO_NOTICE = 4
    ILLNESS_REGISTER = 5
    PARENTS_APPLICATION = 6
    QUARANTINE = 7
    UNKNOWN = 8
    PUPILS_APPLICATION = 9
    INDIVIDUAL_PLAN = 10
    PARENTS_LEAVE = 11
    HOLIDAYS = 12

    @property
    def excused(self) -> bool:
        """Say whether the school accepts it."""
        return self not in (AbsenceReason.NO_NOTICE, AbsenceReason.UNKNOWN)

    @property
    def ill(self) -> bool:
        """Say whether it is an illness."""
        return self in (AbsenceReason.ILLNESS, AbsenceReason.UNWELL, AbsenceReason.ILLNESS_REGISTER)


@dataclass(frozen=True, slots=True)
class Absence:
    """One pupil not there, or late, on one lesson."""

    id: int
    child_id: int
    lesson_id: int
    on: date
    kind: AbsenceKind
    reason: AbsenceReason | None
    """None: not said, or a pupil only late."""
    excused: bool
    minutes_late: int | None
    comment: str | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class AbsenceDay:
    """The missed lessons of one pupil on one day; late ones are not among them."""

    child_id: int
    on: date
    absences: tuple[Absence, ...]
    """In lesson order, never empty."""
    whole_day: bool
    """Every lesson of the study plan that day is missed (of those begun, on the current day)."""


@dataclass(frozen=True, slots=True)
class AbsenceNotice:
    """What a parent told the school in advance: a whole day, or one lesson of it."""

    id: int
    child_id: int
    parent_id: int
    on: date
    slot: int | None
    """None: the whole day."""
    reason: AbsenceReason
    comment: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a school building as the turnstile saw it; wall times of the school."""

    id: int
    child_id: int
    on: date
    came: time | None
    left: time | None
    """None: still inside, or the card was not shown."""
    building_id: int

    @property
    def complete(self) -> bool:
        """Say whether both passes were seen."""
        return self.came is not None and self.left is not None
