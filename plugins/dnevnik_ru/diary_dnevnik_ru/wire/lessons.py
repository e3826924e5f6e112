"""Lessons, and days as tables the reader joins by id."""

from __future__ import annotations

from pydantic import Field, model_validator

from diary_core.envelope import Envelope
from diary_dnevnik_ru.wire.family import Person
from diary_dnevnik_ru.wire.marks import Mark, Work
from diary_dnevnik_ru.wire.school import Subject, WorkType
from diary_dnevnik_ru.wire.values import (
    Hours,
    Id,
    IdOrNone,
    LocalDay,
    LocalDayOrNone,
    Rows,
    Text,
    UtcMoment,
    Wire,
    twin,
)


class LightLesson(Wire):
    """A lesson as days show it."""

    id: Id
    title: Text = None
    date: LocalDayOrNone = None
    number: int | None = None
    subject_id: IdOrNone = Field(default=None, alias="subjectId")
    place: Text = None
    hours: Hours = None
    works: Rows[Id] = ()
    teachers: Rows[Id] = ()


class FullLesson(Wire):
    """A lesson with its works: `lessons/many`."""

    id: Id = Field(validation_alias=twin("id"))
    date: LocalDay
    number: int | None = None
    subject: Subject | None = None
    works: Rows[Work] = ()


class LogEntry(Wire):
    """That the child was late or away, or what the teacher noted."""

    person: IdOrNone = Field(default=None, validation_alias=twin("person"))
    lesson: IdOrNone = Field(default=None, validation_alias=twin("lesson"))
    comment: Text = None
    status: Text = None
    created: UtcMoment = Field(default=None, alias="createdDate")


class DayTeacher(Wire):
    """A teacher of a day, with the role shown beside the name."""

    person: Person


class Day(Wire):
    """One day: tables the reader joins by id."""

    date: LocalDay
    lessons: Rows[LightLesson] = ()
    marks: Rows[Mark] = ()
    works: Rows[Work] = ()
    homeworks: Rows[Work] = ()
    subjects: Rows[Subject] = ()
    work_types: Rows[WorkType] = Field(default=(), alias="workTypes")
    log_entries: Rows[LogEntry] = Field(default=(), alias="lessonLogEntries")
    teachers: Rows[DayTeacher] = ()


class Schedule(Wire, Envelope):
    """Days of one child: `persons/{person}/groups/{group}/schedules`; one client types it as a bare list."""

    days: Rows[Day] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_bare_list(cls, value: object) -> object:
        return {"days": value} if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]  validated next
