"""Marks, as lessons carry them and as the flat list gives them."""

from __future__ import annotations

from diary_mrko.wire.family import StaffMember
from diary_mrko.wire.values import Day, Flag, Id, Listed, MaybeDay, MaybeMoment, MaybeNumber, MaybeText, Wire


class GradeValue(Wire):
    """One reading of a mark in one grade system."""

    grade_system_type: MaybeText = None


class LessonMark(Wire):
    """A mark inside an event: no date and no subject of its own."""

    id: Id
    value: MaybeText = None
    values: Listed[GradeValue] = ()
    original_grade_system_type: MaybeText = None
    weight: MaybeNumber = None
    control_form_name: MaybeText = None
    is_exam: Flag = False
    is_point: Flag = False
    point_date: MaybeDay = None
    comment: MaybeText = None
    created_at: MaybeMoment = None
    updated_at: MaybeMoment = None


class ListedMark(LessonMark):
    """A mark of `family/*/v1/marks`."""

    date: Day
    subject_id: Id | None = None
    subject_name: MaybeText = None


class MarkActivity(Wire):
    """The lesson a mark was given on."""

    schedule_item_id: Id | None = None


class MarkEdit(Wire):
    """One change of a mark."""

    before: MaybeText = None
    date: MaybeMoment = None


class MarkDetails(ListedMark):
    """Answer of `family/*/v1/marks/{id}`; how the class did stands there too, and is left there."""

    teacher: StaffMember | None = None
    activity: MarkActivity | None = None
    history: Listed[MarkEdit] = ()


class Target(Wire):
    """What is missing to the next mark."""

    value: MaybeNumber = None
    """The mark itself."""
    round: MaybeNumber = None
    """The average from which it is given."""


class SubjectPeriod(Wire):
    """One term of a subject."""

    title: MaybeText = None
    start_iso: MaybeDay = None
    end_iso: MaybeDay = None
    value: MaybeNumber = None
    """The average."""
    target: Target | None = None


class SubjectMarks(Wire):
    """An item of `family/*/v1/subject_marks`."""

    subject_id: Id | None = None
    subject_name: MaybeText = None
    average_by_all: MaybeNumber = None
    """Of the whole year."""
    periods: Listed[SubjectPeriod] = ()
