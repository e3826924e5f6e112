"""Marks, as lessons carry them and as the flat list gives them."""

from __future__ import annotations

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
