"""A school: what it is, how it cuts its year, what it calls kinds of work."""

from __future__ import annotations

from pydantic import AliasChoices, Field, model_validator

from diary_dnevnik_ru.wire.values import (
    Id,
    Line,
    LocalDay,
    Number,
    Rows,
    Text,
    Wire,
    empty_list_as_object,
    twin,
)


class Subject(Wire):
    """A subject; an empty or missing name happens."""

    id: Id = Field(validation_alias=twin("id"))
    name: Text = None


class School(Wire):
    """A school's profile: `schools/{school}`."""

    id: Id = Field(validation_alias=twin("id"))
    name: Text = None
    full_name: Text = Field(default=None, alias="fullName")
    municipality: Text = None
    uses_avg: bool | None = None
    """Whether averages are shown at all."""
    uses_weighted_avg: bool | None = None


class SchoolParameters(Wire):
    """The public passport of a school: `schools/{school}/parameters`."""

    director: Text = Field(default=None, alias="directorFullName")
    phone: Text = Field(default=None, alias="schoolPhone")
    email: Text = None
    website: Text = None
    hours: Text = Field(default=None, alias="workHours")
    address: Rows[Line] = ()
    """What its entries look like is not known: only lines of text are read."""

    @model_validator(mode="before")
    @classmethod
    def _from_empty_list(cls, value: object) -> object:
        return empty_list_as_object(value)


class StaffMember(Wire):
    """One of `schools/{school}/teachers`, spelt as the API does; birth date and address stay behind."""

    id: Id = Field(validation_alias=AliasChoices("Id", "IdStr"))
    subjects: Text = Field(default=None, alias="Subjects")
    """Names in one line, a comma between them."""
    position: Text = Field(default=None, alias="NameTeacherPosition")


class ReportingPeriod(Wire):
    """A term: `edu-groups/{group}/reporting-periods`."""

    id: Id = Field(validation_alias=twin("id"))
    start: LocalDay
    finish: LocalDay
    number: int | None = None
    type: Text = None
    name: Text = None


class WorkType(Wire):
    """What kind of work a mark is for; two shapes, inside other answers and from `work-types/{school}`."""

    id: Id = Field(validation_alias=twin("id"))
    name: Text = Field(default=None, validation_alias=AliasChoices("name", "title"))
    kind: Text = None
    is_important: bool | None = Field(default=None, alias="isImportant")
    is_final: bool | None = Field(default=None, alias="isFinal")
    weight: Number = None
