"""Results of terms and years, and averages; those of averages that come class-wide hold every pupil."""

from __future__ import annotations

from pydantic import Field, model_validator

from diary_core.envelope import Envelope
from diary_dnevnik_ru.wire.marks import Mark, Work
from diary_dnevnik_ru.wire.school import Subject, WorkType
from diary_dnevnik_ru.wire.values import Id, IdOrNone, Number, Rows, Wire, empty_list_as_object, twin


class FinalMarks(Wire, Envelope):
    """Results of one child in one class: `persons/{person}/edu-groups/{group}/allfinalmarks`."""

    marks: Rows[Mark] = ()
    works: Rows[Work] = ()
    subjects: Rows[Subject] = ()
    work_types: Rows[WorkType] = Field(default=(), alias="workTypes")

    @model_validator(mode="before")
    @classmethod
    def _from_empty_list(cls, value: object) -> object:
        return empty_list_as_object(value)


class SubjectAverage(Wire):
    """A plain average of one subject."""

    subject: Id = Field(validation_alias=twin("subject"))
    value: Number = Field(default=None, alias="avg-mark-value")


class PupilAverages(Wire):
    """A row of `edu-groups/{group}/reporting-periods/{period}/avg-marks/{date}`: one pupil of the class."""

    person: IdOrNone = Field(default=None, validation_alias=twin("person"))
    averages: Rows[SubjectAverage] = Field(default=(), alias="per-subject-averages")


class PupilAverage(Wire):
    """The weighted average of one pupil."""

    person: IdOrNone = Field(default=None, validation_alias=twin("person"))
    value: Number = None


class SubjectAverages(Wire):
    """The weighted averages of one subject, of every pupil of the class."""

    subject: Id = Field(validation_alias=twin("subject"))
    pupils: Rows[PupilAverage] = Field(default=(), alias="marks")


class WeightedAverages(Wire, Envelope):
    """Answer of `edu-groups/{group}/wa-marks/{from}/{to}`."""

    subjects: Rows[SubjectAverages] = Field(default=(), alias="subjectMarks")

    @model_validator(mode="before")
    @classmethod
    def _from_empty_list(cls, value: object) -> object:
        return empty_list_as_object(value)
