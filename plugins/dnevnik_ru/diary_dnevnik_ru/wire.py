"""What the partner API sends, as far as this plugin reads it; unknown fields are let through unseen.

Lenient where public clients disagree: nulls, missing fields, numbers as text, both spellings of a name,
a bare list where an object is documented. Strict in what a diary cannot do without: ids and dates.
Fields about other people than the child and its teachers are not named here, so they never come further.

Source: the archived documentation of 2021-02 and public clients of 2019-2026, for `/v2` of `api.dnevnik.ru`.
"""

from __future__ import annotations

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from diary_dnevnik_ru.wire_values import (
    Hours,
    Id,
    IdOrNone,
    Line,
    LocalDay,
    LocalDayOrNone,
    Number,
    Rows,
    Text,
    UtcMoment,
)


class Wire(BaseModel):
    """One object of the wire."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _twin(name: str) -> AliasChoices:
    """Return both names of an id: the number, and the text some answers send beside it."""
    return AliasChoices(name, f"{name}_str")


def _empty_list_as_object(value: object) -> object:
    """Read `[]` as an object without anything in it: an empty answer may come so."""
    return {} if value == [] else value


# Who


class Person(Wire):
    """A person of the school register."""

    id: Id = Field(validation_alias=_twin("id"))
    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    short_name: Text = Field(default=None, alias="shortName")
    """First name and the initial of the surname."""


class Subject(Wire):
    """A subject; an empty or missing name happens."""

    id: Id = Field(validation_alias=_twin("id"))
    name: Text = None


class EduGroup(Wire):
    """A class (`Group`) or a part of one (`Subgroup`)."""

    id: Id = Field(validation_alias=_twin("id"))
    type: Text = None
    name: Text = None
    parallel: int | None = None


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

    id: Id = Field(validation_alias=_twin("id"))
    name: Text = None
    group_ids: Rows[Id] = Field(default=(), alias="groupIds")


class Context(ContextChild):
    """Who is signed in: `users/me/context`."""

    user_id: Id = Field(alias="userId")
    roles: Rows[str] = ()
    children: Rows[ContextChild] = ()
    schools: Rows[ContextSchool] = ()
    edu_groups: Rows[EduGroup] = Field(default=(), alias="eduGroups")


# The school


class School(Wire):
    """A school's profile: `schools/{school}`."""

    id: Id = Field(validation_alias=_twin("id"))
    name: Text = None
    full_name: Text = Field(default=None, alias="fullName")
    uses_weighted_avg: bool | None = None


class SchoolParameters(Wire):
    """The public passport of a school: `schools/{school}/parameters`."""

    director: Text = Field(default=None, alias="directorFullName")
    phone: Text = Field(default=None, alias="schoolPhone")
    email: Text = None
    website: Text = None
    address: Rows[Line] = ()
    """What its entries look like is not known: only lines of text are read."""

    @model_validator(mode="before")
    @classmethod
    def _from_empty_list(cls, value: object) -> object:
        return _empty_list_as_object(value)


class ReportingPeriod(Wire):
    """A term: `edu-groups/{group}/reporting-periods`."""

    id: Id = Field(validation_alias=_twin("id"))
    start: LocalDay
    finish: LocalDay
    number: int | None = None
    type: Text = None
    name: Text = None


class WorkType(Wire):
    """What kind of work a mark is for; two shapes, inside other answers and from `work-types/{school}`."""

    id: Id = Field(validation_alias=_twin("id"))
    name: Text = Field(default=None, validation_alias=AliasChoices("name", "title"))
    kind: Text = None
    is_important: bool | None = Field(default=None, alias="isImportant")
    is_final: bool | None = Field(default=None, alias="isFinal")
    weight: Number = None


# The diary


class Work(Wire):
    """What a mark or a homework hangs on."""

    id: Id = Field(validation_alias=_twin("id"))
    type: Text = None
    work_type: IdOrNone = Field(default=None, alias="workType")
    mark_type: Text = Field(default=None, alias="markType")
    lesson: IdOrNone = Field(default=None, validation_alias=_twin("lesson"))
    edu_group: IdOrNone = Field(default=None, validation_alias=_twin("eduGroup"))
    text: Text = None
    subject_id: IdOrNone = Field(default=None, alias="subjectId")
    is_important: bool | None = Field(default=None, alias="isImportant")
    target_date: LocalDayOrNone = Field(default=None, alias="targetDate")
    sent_date: UtcMoment = Field(default=None, alias="sentDate")
    files: Rows[Id] = ()


class Mark(Wire):
    """A mark as entered; without a lesson it closes a term, a year or an exam."""

    id: Id = Field(validation_alias=_twin("id"))
    type: Text = None
    value: Text = None
    text_value: Text = Field(default=None, alias="textValue")
    person: IdOrNone = Field(default=None, validation_alias=_twin("person"))
    work: IdOrNone = Field(default=None, validation_alias=_twin("work"))
    lesson: IdOrNone = Field(default=None, validation_alias=_twin("lesson"))
    date: UtcMoment = None
    work_type: IdOrNone = Field(default=None, alias="workType")
    use_avg_calc: bool | None = None


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

    id: Id = Field(validation_alias=_twin("id"))
    date: LocalDay
    number: int | None = None
    subject: Subject | None = None
    works: Rows[Work] = ()


class LogEntry(Wire):
    """That the child was late or away, or what the teacher noted."""

    person: IdOrNone = Field(default=None, validation_alias=_twin("person"))
    lesson: IdOrNone = Field(default=None, validation_alias=_twin("lesson"))
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


class Schedule(Wire):
    """Days of one child: `persons/{person}/groups/{group}/schedules`; one client types it as a bare list."""

    days: Rows[Day] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_bare_list(cls, value: object) -> object:
        return {"days": value} if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]  validated next


class File(Wire):
    """A file given with homework; its name comes without the extension, which is `type`."""

    id: Id = Field(validation_alias=_twin("id"))
    name: Text = None
    type: Text = None
    size: int | None = None


class Homeworks(Wire):
    """Homework of a span: `persons/{person}/school/{school}/homeworks`."""

    works: Rows[Work] = ()
    subjects: Rows[Subject] = ()
    lessons: Rows[LightLesson] = ()
    files: Rows[File] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_empty_list(cls, value: object) -> object:
        return _empty_list_as_object(value)


# The door


class Grant(Wire):
    """Tokens: `authorizations` and `authorizations/bycredentials`."""

    access_token: Text = Field(default=None, alias="accessToken")
    refresh_token: Text = Field(default=None, alias="refreshToken")
    expires_in: int | None = Field(default=None, validation_alias=AliasChoices("expiresIn", "expiresIn_str"))
    """Seconds; zero when the system does not say."""
    reason: Text = None
    """The apps' log-in says here why a right password opens nothing."""

    @model_validator(mode="before")
    @classmethod
    def _from_envelope(cls, value: object) -> object:
        """Unwrap the apps' form, where the tokens stand one level down."""
        if isinstance(value, dict) and isinstance(value.get("credentials"), dict):  # pyright: ignore[reportUnknownMemberType]  validated next
            return {**value, **value["credentials"]}  # pyright: ignore[reportUnknownVariableType]  validated next
        return value  # pyright: ignore[reportUnknownVariableType]  validated next


class EsiaRegion(Wire):
    """A region with an entry through Gosuslugi."""

    name: Text = None
    esia_url: Text = Field(default=None, alias="esiaUrl")


class EsiaRegions(Wire):
    """Every such region: `authorizations/esia/v2.0/regions`."""

    regions: Rows[EsiaRegion] = ()


class EsiaSchool(Wire):
    """The school of an account."""

    name: Text = None


class EsiaUser(Wire):
    """An account tied to a state identity."""

    id: Id = Field(validation_alias=_twin("userId"))
    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    school: EsiaSchool | None = None


class EsiaUsers(Wire):
    """Every such account: `authorizations/esia/v2.0/users/linked`."""

    users: Rows[EsiaUser] = ()


class EsiaStatus(Wire):
    """How an exchange went: `Success`, `EsiaUserNotLinked`, `FirstSign` or `UnexpectedError`."""

    code: Text = None


class EsiaOutcome(Wire):
    """An exchange of a return from Gosuslugi: `authorizations/esia/v2.0`."""

    status: EsiaStatus
    authorization: Grant | None = None


class Me(Wire):
    """The signed-in person's own card: `users/me`."""

    birthday: LocalDayOrNone = None


class Refusal(Wire):
    """The error object."""

    type: str
    description: Text = None
