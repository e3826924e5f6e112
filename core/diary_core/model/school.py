"""Schools, classes, subjects, teachers, and how the school year is cut."""

from __future__ import annotations

from typing import Literal

from diary_core.model.calendar import SchoolDate, WallTime, ZoneName
from diary_core.model.values import NOT_LOADED, Maybe, Model
from diary_core.people import PersonName


class Subject(Model):
    """A school subject as this school names it."""

    id: str | None
    """The diary's id; None when it gives none, as for extra-curricular talks."""
    name: str


class Teacher(Model):
    """A teacher, as far as the diary names one."""

    id: str | None
    name: PersonName
    subjects: Maybe[tuple[str, ...]] = NOT_LOADED
    """Names of the subjects taught, to this class where the diary tells them apart."""
    position: Maybe[str | None] = NOT_LOADED
    """The post, as the school calls it."""


class ClassGroup(Model):
    """A class."""

    id: str
    name: str
    """As the school writes it: `7-Б`."""
    parallel: int | None
    """The year of study, 1 to 11; None when the diary does not say."""


class StudyGroup(Model):
    """Whom a subject is taught to: a class or a part of one."""

    id: str
    name: str
    """As the school writes it: `Английский язык 7-Б, группа 2`."""


class Address(Model):
    """A place of the school."""

    text: str
    main: bool | None = None
    name: str | None = None
    """As the school calls the house: `Корпус 1`."""
    own: bool | None = None
    """Whether the child's class has its lessons here; None when the diary does not say."""


class School(Model):
    """A school as its diary describes it."""

    id: str
    name: str
    short_name: str | None = None
    zone: ZoneName
    """IANA name of the school's time zone."""
    principal: Maybe[str | None] = NOT_LOADED
    phone: Maybe[str | None] = NOT_LOADED
    email: Maybe[str | None] = NOT_LOADED
    website: Maybe[str | None] = NOT_LOADED
    hours: Maybe[str | None] = NOT_LOADED
    """When its office is open, as the school writes it."""
    district: Maybe[str | None] = NOT_LOADED
    addresses: Maybe[tuple[Address, ...]] = NOT_LOADED
    class_teachers: Maybe[tuple[Teacher, ...]] = NOT_LOADED
    teachers: Maybe[tuple[Teacher, ...]] = NOT_LOADED
    """Who teaches the child's class."""
    study_groups: Maybe[tuple[StudyGroup, ...]] = NOT_LOADED
    """Which groups of the school the child learns in, the class itself left out."""


class AcademicYear(Model):
    """A school year, 1 September to 31 August."""

    id: str
    title: str
    since: SchoolDate
    until: SchoolDate
    current: bool


TermKind = Literal["year", "half_year", "trimester", "quarter", "module", "other"]


class Term(Model):
    """A part of the school year; terms form a tree, and several may contain one date."""

    id: str
    parent_id: str | None
    """The term this one is a part of; None for a year."""
    kind: TermKind
    number: int | None
    """Position among its siblings of the same kind, from 1."""
    title: str
    since: SchoolDate
    """First day, inclusive."""
    until: SchoolDate
    """Last day, inclusive."""


class DayException(Model):
    """Why a day is not an ordinary school day."""

    date: SchoolDate
    kind: Literal["holiday", "vacation", "day_off", "moved", "other"]
    title: str | None
    follows_weekday: int | None = None
    """For a moved day: whose timetable is used, 1 Monday to 7 Sunday."""


class LessonSlot(Model):
    """One bell: a numbered place in the school day."""

    number: int
    starts: WallTime
    ends: WallTime


class StudyPlanSubject(Model):
    """Hours of one subject in the plan."""

    subject: Subject
    area: str | None = None
    """The field of knowledge the subject belongs to."""
    hours_total: int | None
    """In the school year."""
    hours_passed: int | None
    """Held so far."""
    hours_a_week_least: int | None = None
    hours_a_week_most: int | None = None


class PlanModule(Model):
    """A piece of the year in which one subject has one theme."""

    id: str
    title: str
    subject: Subject | None
    since: SchoolDate
    """First day, inclusive."""
    until: SchoolDate
    """Last day, inclusive."""


class StudyPlan(Model):
    """The study plan of the child's class."""

    id: str
    title: str
    profile: str | None
    """Learning profile of the senior years."""
    specialization: str | None = None
    level: str | None = None
    """Of general education, as the school writes it: `ООО`."""
    form: str | None
    """How the child studies: in class, at home."""
    days_a_week: int | None = None
    adapted: bool | None = None
    """Whether it is made for children with special needs."""
    hours_total: int | None = None
    comment: str | None = None
    subjects: tuple[StudyPlanSubject, ...]
    """In the plan's own order."""
    modules: Maybe[tuple[PlanModule, ...]] = NOT_LOADED
    """By first day."""
