"""What notices of absence look like from outside, and what the outbox keeps of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from diary_api.absences.states import NoticeState
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.spans import Day
from diary_core.model import AbsenceNotice, Moment, NewAbsenceNotice, OfferedReason, SchoolDate
from diary_core.text import tidy

COMMENT_MOST = 500
"""Characters of a comment: a few sentences."""
LESSONS_MOST = 20
"""Lessons of one notice: no school day has more."""


class NewAbsence(BaseModel):
    """What to tell the school: some days, or some lessons of one day."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    since: Day = Field(examples=["2026-09-17"])
    """First day, by the school's own date; not one that is over."""
    until: Day | None = Field(default=None, examples=["2026-09-18"])
    """Last day, inclusive; the first one unless given."""
    lesson_ids: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(
        default=(), max_length=LESSONS_MOST
    )
    """Lessons of the first day, as `GET /v1/children/{child_id}/days` names them; whole days unless given."""
    reason_code: str = Field(min_length=1, max_length=40, examples=["3"])
    """One of `GET /v1/children/{child_id}/absence-notices/reasons`."""
    comment: str | None = Field(default=None, max_length=COMMENT_MOST, examples=["Едем к бабушке"])
    """What the class teacher should know besides."""

    @field_validator("comment")
    @classmethod
    def _tidy(cls, comment: str | None) -> str | None:
        return tidy(comment or "") or None

    @field_validator("lesson_ids")
    @classmethod
    def _each_once(cls, lesson_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(lesson_ids))


class Told(BaseModel):
    """One notice as the outbox keeps it, sealed."""

    model_config = ConfigDict(frozen=True)

    notice: NewAbsenceNotice
    account_id: str
    """Who has told it: the child's parent, or a trusted person."""
    grant_id: str | None
    """By which grant, of a trusted person."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Notice(_Shown):
    """A notice of absence that was told through the gateway: of one day, or of lessons of it."""

    id: str = Field(examples=["ntc_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    child_id: str = Field(examples=["chd_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    enrolment_id: str = Field(examples=["enr_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    date: SchoolDate
    lesson_ids: tuple[str, ...]
    """Empty for the whole day."""
    reason_code: str | None
    """Null where it was told elsewhere, without one."""
    comment: str | None
    state: NoticeState
    """How far it has come."""
    problem: str | None = Field(examples=["region_down"])
    """The code of what went wrong last: while it waits, why; once `refused`, the reason; else null."""
    receipts: tuple[str, ...]
    """The diary's own numbers of it; empty before it has it, and where it was found in the diary's list."""
    told_through: str | None = Field(examples=["grt_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    """The grant of the trusted person who has told it; null when the child's parent has."""
    told_at: Moment
    """When the gateway accepted it."""
    changed_at: Moment
    """When its state last changed."""
    next_try_at: Moment | None
    """When the gateway turns to the diary again; null when nothing is left to do."""


class ToldNotices(_Shown):
    """What was accepted, a notice a day."""

    items: tuple[Notice, ...]
    """By day."""


class Notices(_Shown):
    """The notices about one child, and how much is known of the diary's own list."""

    items: tuple[Notice, ...]
    """What was told through the gateway, by day, whatever became of it."""
    elsewhere: tuple[AbsenceNotice, ...]
    """What the diary lists besides: told on its own site, or by another parent. By day."""
    as_of: Moment | None
    """When the diary told its list; null when it could not be had."""
    stale: bool
    """True when the list is old, or could not be had."""
    stale_reason: str | None = Field(examples=["region_down"])
    """The problem code that kept us from a newer one; null unless stale."""


class ReasonAnswer(DiaryAnswer[OfferedReason]):
    """Reasons a parent may give."""
