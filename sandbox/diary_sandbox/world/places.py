"""Schools, their houses and bells, their classes, subjects and kinds of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

MOSCOW_HOST = "school.mos.ru"
REGION_HOST = "authedu.mosreg.ru"
DNEVNIK_HOST = "api.dnevnik.ru"


class TermKind(StrEnum):
    """How a school divides its year; `YEAR` is the root every other term hangs on."""

    QUARTER = "quarter"
    TRIMESTER = "trimester"
    HALF_YEAR = "half_year"
    MODULE = "module"
    YEAR = "year"


class LessonKind(StrEnum):
    """What a lesson belongs to: the study plan, the extra-curricular hours, or a club outside both."""

    REGULAR = "regular"
    EXTRA = "extra"
    ADDITIONAL = "additional"


class WorkKind(StrEnum):
    """The broad sort of work a mark is given for; a school's own words are in `ControlForm`."""

    CLASS_WORK = "class_work"
    ORAL = "oral"
    HOMEWORK = "homework"
    TEST = "test"
    DICTATION = "dictation"
    LABORATORY = "laboratory"
    CONTROL = "control"
    CORRECTION = "correction"
    TERM = "term"
    YEAR = "year"
    EXAM = "exam"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Building:
    """One house of a school."""

    id: int
    name: str
    """As the diary prints it: «Корпус 1»."""
    address: str
    main: bool


@dataclass(frozen=True, slots=True)
class Bell:
    """One lesson of the bell schedule, in the school's wall time."""

    id: int
    slot: int
    """Lesson number, from 1."""
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class BellSchedule:
    """The bells of some weekdays; every weekday of the school has exactly one schedule."""

    id: int
    name: str
    weekdays: frozenset[int]
    """ISO weekdays, Monday is 1."""
    bells: tuple[Bell, ...]
    """By slot, from 1, without gaps."""


@dataclass(frozen=True, slots=True)
class ControlForm:
    """A kind of work as one school calls and weighs it."""

    id: int
    school_id: int
    kind: WorkKind
    name: str
    """As a parent reads it: «Контрольная работа»."""
    abbreviation: str
    weight: int | None
    """What a mark for it weighs; 0 is shown and not counted; None: this school does not weigh marks."""
    important: bool
    """Control works and the like."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the town's schools; the same subject has the same id in every school."""

    id: int
    name: str
    area: str
    """Field of knowledge as study plans group subjects: «Математика и информатика»."""
    kind: LessonKind
    marked: bool
    """Whether marks are given for it at all."""


@dataclass(frozen=True, slots=True)
class School:
    """One school.

    A school is served by one system or, for the twins of record, by two: `hosts` names the upstream
    hosts on which it can be read.
    """

    id: int
    name: str
    """Full official name."""
    short_name: str
    hosts: frozenset[str]
    """Of `MOSCOW_HOST`, `REGION_HOST`, `DNEVNIK_HOST`."""
    region: str
    """Two-digit code of the subject of the federation."""
    city: str
    district: str
    zone: ZoneInfo
    weekdays: int
    """5 or 6 school days a week."""
    term_kind: TermKind
    """Of grades 1 to 9; grades 10 and 11 have half-years except in trimester and module schools."""
    weighs_marks: bool
    buildings: tuple[Building, ...]
    """Main building first."""
    bell_schedules: tuple[BellSchedule, ...]
    control_forms: tuple[ControlForm, ...]
    principal_id: int
    """A teacher of this school."""
    phone: str
    """Ten digits, no leading 7 or 8."""
    email: str
    website: str

    def served_by(self, host: str) -> bool:
        """Say whether this school can be read on an upstream host."""
        return host in self.hosts


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """A class of pupils in one school year."""

    id: int
    uuid: str
    school_id: int
    parallel: int
    """Year of study, 1 to 11."""
    letter: str
    class_teacher_id: int
    building_id: int
    subgroups: int
    """How many subgroups foreign language and informatics are taught in: 1 or 2."""
    profile: str | None
    """Learning profile of grades 10 and 11: «Технологический»."""

    @property
    def name(self) -> str:
        """Return the name as parents say it: «7-Б»."""
        return f"{self.parallel}-{self.letter}"


@dataclass(frozen=True, slots=True)
class StudyGroup:
    """Pupils taught one subject together: a whole class, or one of its subgroups."""

    id: int
    class_id: int
    subject_id: int
    teacher_id: int
    subgroup: int | None
    """1 or 2; None is the whole class."""
    name: str
    """«Английский язык 7-Б, подгруппа 1»."""
