"""What children and answers of diaries look like from outside."""

from __future__ import annotations

from datetime import date
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from diary_api.grants.rights import Right
from diary_core.model import (
    AcademicYear,
    Announcement,
    Answer,
    AttendanceRecord,
    AttendanceSummary,
    ClassGroup,
    Day,
    DayException,
    Debt,
    Event,
    Homework,
    LessonSlot,
    Mark,
    Maybe,
    MealAccount,
    MealEntry,
    Message,
    Missing,
    Model,
    Moment,
    Remark,
    School,
    Source,
    StudyPlan,
    Term,
    TermResult,
    Thread,
    Visit,
    WeekSignature,
    documented_once,
)
from diary_core.people import PersonName

ItemT = TypeVar("ItemT", bound=Model)

REFRESHING = "refreshing"
"""Why an answer is stale that is being refreshed at the moment: ask again in a second or two."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


@documented_once
class DiaryAnswer(_Shown, Generic[ItemT]):
    """What a diary said, and how much it can be trusted."""

    stale: bool
    """True when a newer answer was wanted and could not be had."""
    stale_reason: str | None = Field(examples=["region_down"])
    """The problem code that kept us from a newer answer, or `refreshing`: it is on its way, ask again in a
    second or two; null unless stale."""
    as_of: Moment
    """When the diary said so."""
    source: Source
    unavailable: tuple[Missing, ...]
    """Every kind of field the diary cannot or may not tell, once, with the reason."""
    partial: tuple[Missing, ...]
    """Parts the diary failed to deliver this time."""
    items: tuple[ItemT, ...]
    """Empty when the diary was asked and there is none."""


def outgoing(answer: Answer[ItemT]) -> DiaryAnswer[ItemT]:
    """Return an answer in the form that goes out."""
    return DiaryAnswer(
        stale=answer.stale,
        stale_reason=answer.stale_reason,
        as_of=answer.as_of,
        source=answer.source,
        unavailable=answer.unavailable,
        partial=answer.partial,
        items=answer.items,
    )


class AnnouncementAnswer(DiaryAnswer[Announcement]):
    """News."""


class AttendanceAnswer(DiaryAnswer[AttendanceRecord]):
    """Missed and late lessons."""


class AttendanceSummaryAnswer(DiaryAnswer[AttendanceSummary]):
    """How much was missed."""


class BellAnswer(DiaryAnswer[LessonSlot]):
    """Bell times."""


class CalendarAnswer(DiaryAnswer[DayException]):
    """Days that are no ordinary school days."""


class DayAnswer(DiaryAnswer[Day]):
    """Days of a diary."""


class DebtAnswer(DiaryAnswer[Debt]):
    """Overdue marks."""


class EventAnswer(DiaryAnswer[Event]):
    """Meetings and events."""


class HomeworkAnswer(DiaryAnswer[Homework]):
    """Homework."""


class MarkAnswer(DiaryAnswer[Mark]):
    """Marks."""


class MealAccountAnswer(DiaryAnswer[MealAccount]):
    """The canteen account."""


class MealAnswer(DiaryAnswer[MealEntry]):
    """Movements on the canteen account."""


class MessageAnswer(DiaryAnswer[Message]):
    """Messages of a conversation."""


class RemarkAnswer(DiaryAnswer[Remark]):
    """Teachers' remarks."""


class ResultAnswer(DiaryAnswer[TermResult]):
    """Term, year and exam results."""


class SchoolAnswer(DiaryAnswer[School]):
    """The school."""


class SignatureAnswer(DiaryAnswer[WeekSignature]):
    """Signed and unsigned weeks."""


class StudyPlanAnswer(DiaryAnswer[StudyPlan]):
    """The study plan."""


class TermAnswer(DiaryAnswer[Term]):
    """Terms."""


class ThreadAnswer(DiaryAnswer[Thread]):
    """Conversations."""


class VisitAnswer(DiaryAnswer[Visit]):
    """Turnstile passes."""


class YearAnswer(DiaryAnswer[AcademicYear]):
    """School years."""


class EnrolmentShown(_Shown):
    """A child in one school and class."""

    id: str = Field(examples=["enr_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    school: Maybe[School]
    group: Maybe[ClassGroup]
    since: Maybe[date | None]
    role: Literal["parent", "trusted", "self"]
    """What the signed-in person is to the child."""
    current: bool
    """Whether the diary listed it when it was last asked."""
    listed_at: Moment
    """When the diary last listed it."""


class GrantedShown(_Shown):
    """That another parent lets you see a child."""

    grant_id: str = Field(examples=["grt_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    rights: tuple[Right, ...]
    """What you may see; everything else is unavailable as `not_permitted`, or refused as `right_missing`."""
    until: Moment
    """When it ends by itself; the parent can end it at any time."""


class ChildShown(_Shown):
    """A child of the family, or one that another parent lets you see."""

    id: str = Field(examples=["chd_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    connection_id: str = Field(examples=["con_b4tq6m2zk7f3w5xh7e2rj4n6pa"])
    """The linked diary that shows the child; of a granted child it is the parent's, and not among yours."""
    name: Maybe[PersonName]
    label: str | None
    """The parent's own word for the child, where the diary keeps one."""
    birth_date: Maybe[date | None]
    current: bool
    """Whether the diary still lists the child in some class."""
    enrolments: tuple[EnrolmentShown, ...]
    """Current ones first, then in the diary's order."""
    class_standing_shown: bool
    """Whether you have turned the comparison with the class on; never for a child granted to you."""
    granted: GrantedShown | None
    """By whose leave you see the child; null for your own."""


class Children(_Shown):
    """The children an account may read about."""

    items: tuple[ChildShown, ...]
    """Your own by linked diary, oldest link first, then in the diary's order; then those granted to you."""
