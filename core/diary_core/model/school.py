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
    """Names of the subjects taught to this class."""


class ClassGroup(Model):
    """A class or a study group within one."""

    id: str
    name: str
    """As the school writes it: `7-Б`."""
    parallel: int | None
    """The year of study, 1 to 11; None when the diary does not say."""


class Address(Model):
    """A place of the school."""

    text: str
    main: bool | None = None


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
    addresses: Maybe[tuple[Address, ...]] = NOT_LOADED
    class_teachers: Maybe[tuple[Teacher, ...]] = NOT_LOADED
    teachers: Maybe[tuple[Teacher, ...]] = NOT_LOADED


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
    hours_total: int | None
    hours_passed: int | None


class StudyPlan(Model):
    """The study plan of the child's class."""

    id: str
    title: str
    profile: str | None
    """Learning profile of the senior years."""
    form: str | None
    subjects: tuple[StudyPlanSubject, ...]
