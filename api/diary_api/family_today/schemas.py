"""What a family's day looks like from outside."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from diary_core.model import (
    AttendanceRecord,
    Change,
    Day,
    Debt,
    Event,
    Homework,
    Mark,
    Maybe,
    Model,
    Moment,
    SchoolDate,
    WeekSignature,
    ZoneName,
    documented_once,
)
from diary_core.people import PersonName

ItemT = TypeVar("ItemT", bound=Model)


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


@documented_once
class Part(_Shown, Generic[ItemT]):
    """One part of a child's day, which may fail without the others."""

    items: tuple[ItemT, ...] = ()
    as_of: Moment | None = None
    """When the diary said so; null when the part is missing."""
    stale: bool = False
    """True when a newer answer was wanted and could not be had in time."""
    stale_reason: str | None = None
    missing: str | None = Field(default=None, examples=["region_down"])
    """The problem code that kept us from it; null when it is there."""


class DayPart(Part[Day]):
    """A day with its lessons; without items when there is no such day in sight."""


class HomeworkPart(Part[Homework]):
    """Homework that is not ticked."""


class DebtPart(Part[Debt]):
    """Pending marks whose deadline has passed."""


class AttendancePart(Part[AttendanceRecord]):
    """Absences."""


class SignaturePart(Part[WeekSignature]):
    """Weeks."""


class EventPart(Part[Event]):
    """Events."""


class ChildToday(_Shown):
    """One child in one school, today."""

    child_id: str = Field(examples=["chd_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    enrolment_id: str = Field(examples=["enr_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    connection_id: str = Field(examples=["con_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    name: Maybe[PersonName]
    label: str | None
    """The parent's own word for the child, where the diary keeps one."""
    date: SchoolDate
    """The school's own today."""
    zone: ZoneName
    today: DayPart
    next_day: DayPart
    """The next day with lessons within a week."""
    homework: HomeworkPart
    """What is due on the next day with lessons and not ticked."""
    debts: DebtPart
    to_explain: AttendancePart
    """Absences of the last two weeks that nobody has given a reason for."""
    to_sign: SignaturePart
    """Weeks of the last four, those of vacation left out, that wait for the signature of one who may sign."""
    meetings: EventPart
    """Parents' meetings of the next two weeks."""
    changes: tuple[Change, ...]
    """What the gateway has seen change since the last look, oldest first."""
    new_marks: tuple[Mark, ...]
    """Marks that appeared or were changed since the last look, as they are now."""


class Need(_Shown):
    """Something that waits for a parent."""

    child_id: str | None = Field(examples=["chd_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    """Null for a linked diary whose children are not known yet."""
    connection_id: str = Field(examples=["con_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    kind: Literal["sign_in", "debt", "explain", "sign_week", "meeting"]
    count: int
    """How many of them."""


class FamilyDay(_Shown):
    """Every child of the family, today."""

    at: Moment
    items: tuple[ChildToday, ...]
    """By linked diary, oldest link first, then in the diary's order."""
    needs: tuple[Need, ...]
    """What waits for a parent, the most pressing kind first."""
    cursor: str = Field(examples=["42"])
    """Send it back as `after` at the next look."""
