"""Who is signed in, and whose parent: people, and the classes and schools they are in."""

from __future__ import annotations

from pydantic import Field, model_validator

from diary_dnevnik_ru.wire.values import Id, LocalDayOrNone, Rows, Text, Wire, twin


class Person(Wire):
    """A person of the school register."""

    id: Id = Field(validation_alias=twin("id"))
    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    short_name: Text = Field(default=None, alias="shortName")
    """First name and the initial of the surname."""


class EduGroup(Wire):
    """A class (`Group`) or a part of one (`Subgroup`)."""

    id: Id = Field(validation_alias=twin("id"))
    type: Text = None
    name: Text = None
    parallel: int | None = None
    start_year: int | None = Field(default=None, alias="studyyear")
    """The calendar year its school year begins in."""


class ContextChild(Wire):
    """A child of the signed-in parent; only the person id is given."""

    person_id: Id = Field(alias="personId")
    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    short_name: Text = Field(default=None, alias="shortName")
    school_ids: Rows[Id] = Field(default=(), alias="schoolIds")
    group_ids: Rows[Id] = Field(default=(), alias="groupIds")

    @model_validator(mode="before")
    @classmethod
    def _from_bare_id(cls, value: object) -> object:
        return {"personId": value} if isinstance(value, str | int) else value


class ContextSchool(Wire):
    """A school of the signed-in person or of their children."""

    id: Id = Field(validation_alias=twin("id"))
    name: Text = None
    group_ids: Rows[Id] = Field(default=(), alias="groupIds")


class Context(ContextChild):
    """Who is signed in: `users/me/context`."""

    user_id: Id = Field(alias="userId")
    roles: Rows[str] = ()
    children: Rows[ContextChild] = ()
    schools: Rows[ContextSchool] = ()
    edu_groups: Rows[EduGroup] = Field(default=(), alias="eduGroups")


class Me(Wire):
    """The signed-in person's own card: `users/me`."""

    birthday: LocalDayOrNone = None
