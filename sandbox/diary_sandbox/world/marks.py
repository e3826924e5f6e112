"""Marks as the school wrote them, and results of terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class MarkStatus(StrEnum):
    """What a mark says."""

    GRADED = "graded"
    NOT_ATTESTED = "not_attested"
    """«н/а»."""
    PASSED = "passed"
    """«зач»."""
    FAILED = "failed"
    """«незач»."""
    EXEMPT = "exempt"
    """«осв»."""
    IN_COMMENT = "in_comment"
    """«См»: the number is in the comment («балл: 4,5»)."""


class PointState(StrEnum):
    """The life of a «точка», a pending mark with a deadline."""

    OPEN = "open"
    """The deadline is ahead."""
    EXPIRED = "expired"
    """The deadline has passed, the debt stands."""
    TURNED = "turned"
    """It has become an ordinary mark."""


@dataclass(frozen=True, slots=True)
class Point:
    """A «точка»; it counts in no average before it is turned."""

    due_on: date
    state: PointState
    turned_at: datetime | None = None
    """When it became an ordinary mark; None while it has not."""


@dataclass(frozen=True, slots=True)
class MarkVersion:
    """A mark as it stood before an edit."""

    display: str
    comment: str | None
    until: datetime
    """When this version was replaced."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark in one cell of the journal."""

    id: int
    child_id: int
    lesson_id: int
    class_id: int
    subject_id: int
    teacher_id: int
    on: date
    """Day of the lesson, not of the entry."""
    ordinal: int
    """0 for the first mark of this pupil on this lesson, then 1, ..."""
    display: str
    """As written: `5`, `4-`, `3/5`, `н/а`, `зач`, `осв`, `См`."""
    status: MarkStatus
    values: tuple[Decimal, ...]
    """What counts: one value, two for a split mark, none for words; a modifier is dropped (4- is 4)."""
    weight: int | None
    """Of its control form; 0 is shown and not counted; None where the school does not weigh."""
    control_form_id: int
    comment: str | None
    exam: bool
    """Weighs more than an ordinary mark."""
    point: Point | None
    entered_at: datetime
    edited_at: datetime | None
    """Last edit; None: never edited."""
    history: tuple[MarkVersion, ...]
    """Earlier versions, oldest first."""

    @property
    def counts(self) -> bool:
        """Say whether this mark takes part in averages."""
        pending = self.point is not None and self.point.state is not PointState.TURNED
        return bool(self.values) and self.weight != 0 and not pending


class ResultKind(StrEnum):
    """What a result closes."""

    TERM = "term"
    YEAR = "year"
    EXAM = "exam"
    FINAL = "final"
    """The mark of the certificate, year and exam together."""
    ATTESTATION = "attestation"
    """Intermediate attestation."""


@dataclass(frozen=True, slots=True)
class TermResult:
    """A result of one pupil in one subject."""

    id: int
    child_id: int
    subject_id: int
    kind: ResultKind
    term_id: int
    """The term it closes; the year's term for year, exam, final and attestation."""
    display: str
    status: MarkStatus
    value: Decimal | None
    entered_at: datetime
    edited_at: datetime | None
