"""Marks as the school wrote them, what is owed, and what a term ended with."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from diary_core.model.calendar import Moment, SchoolDate
from diary_core.model.school import Subject, Teacher
from diary_core.model.values import NOT_LOADED, Maybe, Model, known

MarkStatus = Literal[
    "graded", "absent", "exempt", "not_submitted", "passed", "failed", "pending", "annulled", "info"
]
"""`graded` has a value; `pending` is a «точка»; `info` is any text we only show."""


_WITHOUT_NUMBER: frozenset[MarkStatus] = frozenset({"absent", "exempt", "not_submitted"})


class MarkScale(Model):
    """The system a mark was given in."""

    kind: Literal["five", "ten", "hundred", "pass_fail", "other"]
    raw: str | None = None
    """The diary's own word for it, kept when it is not one of ours."""


class MarkPart(Model):
    """One half of a split mark such as `3/5`."""

    display: str
    value: Decimal | None


class MarkVersion(Model):
    """What the mark was before an edit."""

    display: str
    until: Moment
    """When it ceased to be so."""


class Mark(Model):
    """A mark as the school wrote it; nothing in it is invented.

    One that contradicts itself cannot be made: that counts without a number, or an absence worth a zero.
    """

    id: str
    """The diary's own id; an edited mark keeps it."""
    subject: Subject
    date: SchoolDate
    """The school's local date of the lesson it was given for."""
    display: str
    """Exactly as the school wrote it, cleaned of markup only."""
    value: Decimal | None
    """On `scale`; None for anything that is not a number."""
    modifier: Literal["+", "-"] | None = None
    parts: tuple[MarkPart, ...] = ()
    """The halves of a split mark, in order; empty for an ordinary one."""
    status: MarkStatus
    scale: MarkScale
    counts: bool
    """Whether it enters an average."""
    weight: Maybe[Decimal | None] = NOT_LOADED
    """Zero is legal: shown, not counted. None when the school uses no weights."""
    form: Maybe[str | None] = NOT_LOADED
    """Control form: what kind of work it was given for."""
    important: Maybe[bool] = NOT_LOADED
    """A control work or an exam."""
    comment: Maybe[str | None] = NOT_LOADED
    due_on: SchoolDate | None = None
    """For a pending mark: the last day to mend it."""
    lesson_id: Maybe[str | None] = NOT_LOADED
    """None for a mark that hangs on a term rather than a lesson."""
    entered_at: Maybe[Moment | None] = NOT_LOADED
    edited_at: Maybe[Moment | None] = NOT_LOADED
    teacher: Maybe[Teacher | None] = NOT_LOADED
    history: Maybe[tuple[MarkVersion, ...]] = NOT_LOADED
    """Earlier versions, oldest first."""

    @model_validator(mode="after")
    def _without_contradiction(self) -> Self:
        numbered = self.value is not None or bool(self.parts)
        contradictions = {
            "shows nothing": not self.display.strip(),
            "counts without a number": self.counts and not numbered,
            f"counts though {self.status}": self.counts and self.status != "graded",
            "counts with weight zero": self.counts and self.weight == 0,
            f"has a number though {self.status}": numbered and self.status in _WITHOUT_NUMBER,
            "has a deadline though not pending": self.due_on is not None and self.status != "pending",
        }
        for contradiction, found in contradictions.items():
            if found:
                raise ValueError(f"the mark {contradiction}")
        return self


class Debt(Model):
    """A pending mark whose deadline has passed unpaid."""

    mark: Mark
    overdue_since: SchoolDate

    @model_validator(mode="after")
    def _of_a_pending_mark(self) -> Self:
        if self.mark.status != "pending":
            raise ValueError("only a pending mark can be owed")
        return self


class TermResult(Model):
    """A final mark: of a term, a year, an exam or an attestation."""

    id: str
    subject: Subject
    kind: Literal["term", "year", "exam", "attestation", "final", "other"]
    """`final` is the mark of the certificate: it is made of the year and the exam, and stands above both."""
    title: str
    """What it is called: «1 триместр», «Годовая отметка»."""
    term_id: Maybe[str | None]
    """The term of `terms()` that it closes; None for what closes no single term, or one of a former year."""
    display: str
    """Exactly as the school wrote it, cleaned of markup only."""
    value: Decimal | None
    """None for anything that is not a number."""
    status: MarkStatus
    entered_at: Maybe[Moment | None] = NOT_LOADED

    @model_validator(mode="after")
    def _without_contradiction(self) -> Self:
        contradictions = {
            "shows nothing": not self.display.strip(),
            f"has a number though {self.status}": self.value is not None and self.status in _WITHOUT_NUMBER,
            "closes a term though it is none of a term": self.kind != "term"
            and known(self.term_id) is not None,
        }
        for contradiction, found in contradictions.items():
            if found:
                raise ValueError(f"the result {contradiction}")
        return self
