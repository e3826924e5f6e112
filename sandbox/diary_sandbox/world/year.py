"""The school year: terms, vacations, holidays and moved days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from diary_sandbox.world.places import TermKind


@dataclass(frozen=True, slots=True)
class AcademicYear:
    """1 September of `start` to 31 August of the next year, both inclusive."""

    start: int
    """Calendar year of the first September."""

    @property
    def since(self) -> date:
        """Return the first day."""
        return date(self.start, 9, 1)

    @property
    def until(self) -> date:
        """Return the last day."""
        return date(self.start + 1, 8, 31)

    @property
    def name(self) -> str:
        """Return the name as diaries print it: «2026 - 2027»."""
        return f"{self.start} - {self.start + 1}"


@dataclass(frozen=True, slots=True)
class Term:
    """A span results are given for; terms form a tree under the year and may contain vacations."""

    id: int
    school_id: int
    kind: TermKind
    number: int
    """From 1 within its kind."""
    name: str
    """«1 четверть»."""
    since: date
    until: date
    """Inclusive."""
    parent_id: int | None
    """The year's term; None for the year itself."""


@dataclass(frozen=True, slots=True)
class Vacation:
    """Days off for a whole school, both ends inclusive."""

    id: int
    school_id: int
    name: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day that works, or rests, in place of another."""

    id: int
    on: date
    """The day spoken of."""
    rests: bool
    """True: a weekday off. False: a day of school on which another weekday's timetable holds."""
    postponed_from: date | None
    weekday: int | None
    """ISO weekday whose timetable holds when the day works."""
    note: str


class DayKind(StrEnum):
    """What a calendar day is for one school."""

    SCHOOL = "school"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    VACATION = "vacation"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of one school's calendar."""

    on: date
    kind: DayKind
    title: str | None
    """Name of the holiday, vacation or move; None on ordinary days."""
    weekday: int
    """ISO weekday whose timetable holds (differs from the date's own on moved days)."""
