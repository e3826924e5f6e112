"""How a school cuts its year, and what its days are."""

from __future__ import annotations

from diary_core.envelope import Envelope
from diary_mrko.wire.values import Day, Flag, Id, Listed, MaybeDay, MaybeText, Wire


class AcademicYear(Wire):
    """An item of `ej/core/family/v1/academic_years`."""

    id: Id
    name: MaybeText = None
    begin_date: Day
    end_date: Day
    current_year: Flag = False
    calendar_id: Id | None = None


class Period(Wire):
    """A term or a vacation; either end may be null."""

    id: Id | None = None
    name: MaybeText = None
    begin_date: MaybeDay = None
    end_date: MaybeDay = None


class PeriodsSchedule(Wire, Envelope):
    """An item of `ej/core/family/v1/periods_schedules`."""

    id: Id | None = None
    name: MaybeText = None
    periods: Listed[Period] = ()


class Transposition(Wire):
    """A moved day: an item of `ej/core/family/v1/calendars/{id}/calendar_transpositions`."""

    date: Day
    is_holiday: Flag = False
    """False: it works, by the timetable of another weekday."""
    schedule_for_weekday: int | None = None
    """1 Monday to 7 Sunday."""
    note: MaybeText = None


class CalendarDay(Wire):
    """An item of `family/*/v1/periods_schedules`."""

    date: Day
    type: MaybeText = None
    title: MaybeText = None
