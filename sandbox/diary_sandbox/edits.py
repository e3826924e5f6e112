"""Typed edits of the world: what the control door, and a test, may change by hand.

Each is made at the world's clock, leaves history and a visible edit time where the world keeps them, and
answers with the thing as it is now. `Edit` is the union the door reads from JSON, told apart by `kind`.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from diary_sandbox.world import (
    Absence,
    AbsenceKind,
    AbsenceReason,
    Announcement,
    AnnouncementKind,
    Gathering,
    GatheringSort,
    HomeworkTask,
    Lesson,
    Mark,
    Remark,
    RemarkKind,
    ResultKind,
    TermResult,
    WorkKind,
    World,
)

_EXACT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class SetMark:
    """A mark is given on a lesson that is over."""

    kind: Literal["set_mark"] = "set_mark"
    child_id: int
    lesson_id: int
    display: str
    form: WorkKind = WorkKind.CLASS_WORK
    comment: str | None = None
    point_due_on: date | None = None

    def apply(self, world: World) -> Mark:
        """Give the mark."""
        return world.set_mark(
            self.child_id,
            self.lesson_id,
            self.display,
            form=self.form,
            comment=self.comment,
            point_due_on=self.point_due_on,
        )


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class ChangeMark:
    """A mark is written anew; a «точка» becomes an ordinary mark by it."""

    kind: Literal["change_mark"] = "change_mark"
    mark_id: int
    display: str
    comment: str | None = None

    def apply(self, world: World) -> Mark:
        """Write the mark anew."""
        return world.change_mark(self.mark_id, self.display, comment=self.comment)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class WithdrawMark:
    """A mark is taken out of the journal."""

    kind: Literal["withdraw_mark"] = "withdraw_mark"
    mark_id: int

    def apply(self, world: World) -> Mark:
        """Take the mark out."""
        return world.withdraw_mark(self.mark_id)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class SetResult:
    """The result of a term or the year is set or changed."""

    kind: Literal["set_result"] = "set_result"
    child_id: int
    subject_id: int
    term_id: int
    display: str
    result: ResultKind = ResultKind.TERM

    def apply(self, world: World) -> TermResult:
        """Set the result."""
        return world.set_result(self.child_id, self.subject_id, self.term_id, self.display, kind=self.result)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class AddAbsence:
    """A pupil missed a lesson, or was late."""

    kind: Literal["add_absence"] = "add_absence"
    child_id: int
    lesson_id: int
    absence: AbsenceKind = AbsenceKind.ABSENT
    reason: AbsenceReason | None = None
    minutes_late: int | None = None
    comment: str | None = None

    def apply(self, world: World) -> Absence:
        """Write the absence down."""
        return world.add_absence(
            self.child_id,
            self.lesson_id,
            kind=self.absence,
            reason=self.reason,
            minutes_late=self.minutes_late,
            comment=self.comment,
        )


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class WithdrawAbsence:
    """An absence was a mistake."""

    kind: Literal["withdraw_absence"] = "withdraw_absence"
    absence_id: int

    def apply(self, world: World) -> Absence:
        """Take the absence back."""
        return world.withdraw_absence(self.absence_id)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class AddRemark:
    """A teacher writes a remark."""

    kind: Literal["add_remark"] = "add_remark"
    child_id: int
    lesson_id: int
    text: str
    remark: RemarkKind = RemarkKind.NOTE

    def apply(self, world: World) -> Remark:
        """Write the remark."""
        return world.add_remark(self.child_id, self.lesson_id, self.text, kind=self.remark)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class CancelLesson:
    """A lesson ahead is cancelled."""

    kind: Literal["cancel_lesson"] = "cancel_lesson"
    lesson_id: int

    def apply(self, world: World) -> Lesson:
        """Cancel the lesson."""
        return world.cancel_lesson(self.lesson_id)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class ReplaceLesson:
    """A lesson ahead gets another teacher, subject or room; with none named, a substitute teacher."""

    kind: Literal["replace_lesson"] = "replace_lesson"
    lesson_id: int
    teacher_id: int | None = None
    subject_id: int | None = None
    room: str | None = None

    def apply(self, world: World) -> Lesson:
        """Replace the lesson."""
        return world.replace_lesson(
            self.lesson_id, teacher_id=self.teacher_id, subject_id=self.subject_id, room=self.room
        )


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class MoveLesson:
    """A lesson ahead is moved to another day or slot."""

    kind: Literal["move_lesson"] = "move_lesson"
    lesson_id: int
    on: date
    slot: int

    def apply(self, world: World) -> Lesson:
        """Move the lesson."""
        return world.move_lesson(self.lesson_id, self.on, self.slot)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class AddLesson:
    """A lesson for the whole class is added at a free place ahead."""

    kind: Literal["add_lesson"] = "add_lesson"
    class_id: int
    on: date
    slot: int
    subject_id: int

    def apply(self, world: World) -> Lesson:
        """Add the lesson."""
        return world.add_lesson(self.class_id, self.on, self.slot, self.subject_id)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class SetTopic:
    """The topic of a lesson that has begun is written, or wiped."""

    kind: Literal["set_topic"] = "set_topic"
    lesson_id: int
    topic: str | None

    def apply(self, world: World) -> Lesson:
        """Write the topic."""
        return world.set_topic(self.lesson_id, self.topic)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class AddHomework:
    """Homework is set for a lesson ahead."""

    kind: Literal["add_homework"] = "add_homework"
    due_lesson_id: int
    text: str
    required: bool | None = True
    minutes: int | None = None
    attachments: int = Field(default=0, ge=0, le=4)

    def apply(self, world: World) -> HomeworkTask:
        """Set the homework."""
        return world.add_homework(
            self.due_lesson_id,
            self.text,
            required=self.required,
            minutes=self.minutes,
            attachments=self.attachments,
        )


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class EditHomework:
    """A task is written anew."""

    kind: Literal["edit_homework"] = "edit_homework"
    task_id: int
    text: str

    def apply(self, world: World) -> HomeworkTask:
        """Write the task anew."""
        return world.edit_homework(self.task_id, self.text)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class WithdrawHomework:
    """A task is taken back."""

    kind: Literal["withdraw_homework"] = "withdraw_homework"
    task_id: int

    def apply(self, world: World) -> HomeworkTask:
        """Take the task back."""
        return world.withdraw_homework(self.task_id)


@dataclass(frozen=True, slots=True, config=_EXACT, kw_only=True)
class Announce:
    """An announcement is published for a school or one of its classes."""

    kind: Literal["announce"] = "announce"
    school_id: int
    title: str
    text: str
    class_id: int | None = None
    announcement: AnnouncementKind = AnnouncementKind.NEWS
    event_on: date | None = None
    event_at: time | None = None
    event_until: date | None = None
    place: str | None = None
    sort: GatheringSort = GatheringSort.OTHER
    organiser: str | None = None

    def apply(self, world: World) -> Announcement:
        """Publish the announcement; without a day it is no event."""
        return world.announce(
            self.school_id,
            self.title,
            self.text,
            class_id=self.class_id,
            kind=self.announcement,
            gathering=None if self.event_on is None else self._gathering(world, self.event_on),
        )

    def _gathering(self, world: World, on: date) -> Gathering:
        return Gathering(
            sort=self.sort,
            on=on,
            until=self.event_until,
            at=self.event_at,
            place=self.place,
            organiser=self.organiser or world.school(self.school_id).short_name,
        )


Edit: TypeAlias = Annotated[
    SetMark
    | ChangeMark
    | WithdrawMark
    | SetResult
    | AddAbsence
    | WithdrawAbsence
    | AddRemark
    | CancelLesson
    | ReplaceLesson
    | MoveLesson
    | AddLesson
    | SetTopic
    | AddHomework
    | EditHomework
    | WithdrawHomework
    | Announce,
    Field(discriminator="kind"),
]
"""Every edit there is."""

Edited: TypeAlias = Mark | TermResult | Absence | Remark | Lesson | HomeworkTask | Announcement
"""What an edit answers with."""
