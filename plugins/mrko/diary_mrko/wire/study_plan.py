"""The study plan of a class, and the modules its subjects are cut into."""

from __future__ import annotations

from pydantic import Field

from diary_mrko.wire.values import Day, Id, Listed, MaybeText, Wire


class PlannedSubject(Wire):
    """Hours of one subject."""

    subject_id: Id | None = None
    subject_name: MaybeText = None
    total_hours: int | None = None
    passed_hours: int | None = None
    max_hours_per_week: int | None = None
    min_hours_per_week: int | None = None


class Section(Wire):
    """A field of knowledge."""

    knowledge_field_name: MaybeText = None
    subjects: Listed[PlannedSubject] = ()


class Curriculum(Wire):
    """A plan: `family/*/v1/programs/parallel_curriculum/{id}`, which is a list of them or one alone."""

    title: MaybeText = None
    short_name: MaybeText = None
    hours: int | None = None
    comments: MaybeText = None
    specialization: MaybeText = None
    study_profile: MaybeText = None
    education_level: MaybeText = None
    education_form: MaybeText = None
    days_in_week: int | None = None
    is_adapted: bool | None = None
    sections: Listed[Section] = ()


class LessonModule(Wire):
    """An item of `ej/plan/family/v1/lesson_modules`."""

    id: Id
    name: MaybeText = None
    subject_id: Id | None = None
    since: Day = Field(alias="start_date")
    until: Day = Field(alias="end_date")
