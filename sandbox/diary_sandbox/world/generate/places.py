"""Schools with their calendars and bells, made when first asked for."""

from __future__ import annotations

from datetime import date

from diary_sandbox.world.generate.calendar import SchoolCalendar, YearCalendar
from diary_sandbox.world.generate.schools import build_school
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import Bell, School
from diary_sandbox.world.year import AcademicYear


class Places:
    """The schools of the town."""

    def __init__(self, seed: int, year: AcademicYear, school_ids: range) -> None:
        """Know which schools there are."""
        self._seed = seed
        self.school_ids = school_ids
        self.year_calendar = YearCalendar(year)
        self.since = year.since
        self.school = Memo(self._school, 1_000)
        self.calendar = Memo(self._calendar, 1_000)

    def bells(self, school_id: int, on: date) -> tuple[Bell, ...]:
        """Return the bells of a day; a day that works for another has that one's bells.

        Days on which nobody learns have the main schedule's bells.
        """
        day = self.calendar(school_id).days.get(on)
        weekday = day.weekday if day else on.isoweekday()
        schedules = self.school(school_id).bell_schedules
        return next((s.bells for s in schedules if weekday in s.weekdays), schedules[0].bells)

    def _school(self, school_id: int) -> School:
        if school_id not in self.school_ids:
            raise KeyError(school_id)
        return build_school(self._seed, school_id)

    def _calendar(self, school_id: int) -> SchoolCalendar:
        return SchoolCalendar(self.school(school_id), self.year_calendar)
