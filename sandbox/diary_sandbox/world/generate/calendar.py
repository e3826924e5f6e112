"""The school year day by day: public holidays, moved days, vacations and terms of one school."""

from __future__ import annotations

from datetime import date, timedelta

from diary_sandbox.world.places import School, TermKind
from diary_sandbox.world.year import AcademicYear, CalendarDay, DayKind, Holiday, MovedDay, Term, Vacation

_DAY = timedelta(days=1)
_HOLIDAYS = (
    (11, 4, "День народного единства"),
    (1, 1, "Новый год"),
    (1, 2, "Новогодние каникулы"),
    (1, 7, "Рождество Христово"),
    (2, 23, "День защитника Отечества"),
    (3, 8, "Международный женский день"),
    (5, 1, "Праздник Весны и Труда"),
    (5, 9, "День Победы"),
    (6, 12, "День России"),
)
_NAMES = {
    TermKind.QUARTER: "четверть",
    TermKind.TRIMESTER: "триместр",
    TermKind.HALF_YEAR: "полугодие",
    TermKind.MODULE: "модуль",
}
_KINDS = (TermKind.YEAR, TermKind.QUARTER, TermKind.TRIMESTER, TermKind.HALF_YEAR, TermKind.MODULE)


class YearCalendar:
    """Holidays and moved days, the same for every school of the town."""

    def __init__(self, year: AcademicYear) -> None:
        """Lay out one school year; the moves are invented, as the real ones are decreed each year."""
        self.year = year
        self.holidays = tuple(
            sorted(
                (
                    Holiday(on=date(year.start + (month < 9), month, day), name=name)
                    for month, day, name in _HOLIDAYS
                ),
                key=lambda holiday: holiday.on,
            )
        )
        self._names = {holiday.on: holiday.name for holiday in self.holidays}
        self.moved_days = self._moves()
        self._moved = {move.on: move for move in self.moved_days}

    def _moves(self) -> tuple[MovedDay, ...]:
        moves = [self._monday_for(holiday) for holiday in self.holidays if holiday.on.isoweekday() > 5]
        found: list[tuple[date, bool, date | None, int | None, str]] = [
            (on, True, lost, None, f"Перенос выходного с {lost:%d.%m}") for on, lost in moves
        ]
        bridge = self._bridge()
        works = bridge - timedelta(days=bridge.isoweekday() + 1)
        found.append((bridge, True, works, None, f"Перенос выходного с {works:%d.%m}"))
        found.append((works, False, bridge, bridge.isoweekday(), f"Рабочая суббота за {bridge:%d.%m}"))
        return tuple(
            MovedDay(id=number, on=on, rests=rests, postponed_from=lost, weekday=weekday, note=note)
            for number, (on, rests, lost, weekday, note) in enumerate(sorted(found), start=1)
        )

    def _monday_for(self, holiday: Holiday) -> tuple[date, date]:
        on = holiday.on
        while on.isoweekday() > 5 or on in self._names:
            on += _DAY
        return on, holiday.on

    def _bridge(self) -> date:
        """Return the school day given free for a working Saturday: the one that bridges 23 February."""
        defenders = date(self.year.start + 1, 2, 23)
        return defenders - _DAY if defenders.isoweekday() == 2 else defenders + _first_step(defenders)

    def holiday(self, on: date) -> str | None:
        """Return the name of a public holiday or of a day off given for one."""
        move = self._moved.get(on)
        return self._names.get(on) or (move.note if move and move.rests else None)

    def working_move(self, on: date) -> MovedDay | None:
        """Return the move that makes a day work by another weekday's timetable."""
        move = self._moved.get(on)
        return move if move and not move.rests else None


def _first_step(holiday: date) -> timedelta:
    step = _DAY
    while (holiday + step).isoweekday() > 5:
        step += _DAY
    return step


class SchoolCalendar:
    """Terms, vacations and the kind of every day of one school."""

    def __init__(self, school: School, calendar: YearCalendar) -> None:
        """Lay out the year of one school."""
        self._school = school
        self._calendar = calendar
        self._year = calendar.year
        self.last_lesson_day = date(self._year.start + 1, 5, 26)
        self.vacations = tuple(
            Vacation(id=school.id * 100 + number, school_id=school.id, name=name, since=since, until=until)
            for number, (name, since, until) in enumerate(self._breaks(), start=1)
        )
        self._year_term = Term(
            id=school.id * 1000,
            school_id=school.id,
            kind=TermKind.YEAR,
            number=1,
            name=f"{self._year.name} учебный год",
            since=self._year.since,
            until=self._year.until,
            parent_id=None,
        )
        self._terms = {kind: self._terms_of(kind) for kind in (school.term_kind, TermKind.HALF_YEAR)}
        self.days = {
            on: self._day(on)
            for on in (
                self._year.since + timedelta(days=n)
                for n in range((self._year.until - self._year.since).days + 1)
            )
        }

    def terms(self, parallel: int) -> tuple[Term, ...]:
        """Return the terms of one grade in order of time, the year last."""
        older = parallel >= 10 and self._school.term_kind is TermKind.QUARTER
        kind = TermKind.HALF_YEAR if older else self._school.term_kind
        return (*self._terms[kind], self._year_term)

    def all_terms(self) -> tuple[Term, ...]:
        """Return every term of the school."""
        return (*(term for terms in self._terms.values() for term in terms), self._year_term)

    def _breaks(self) -> list[tuple[str, date, date]]:
        first, second = self._year.start, self._year.start + 1
        summer = ("Летние каникулы", self.last_lesson_day + _DAY, self._year.until)
        winter = ("Зимние каникулы", _monday(date(first, 12, 25)), _sunday(date(second, 1, 8)))
        if self._school.term_kind in (TermKind.QUARTER, TermKind.HALF_YEAR):
            autumn = _monday(date(first, 10, 26))
            spring = _monday(date(second, 3, 23))
            return [
                ("Осенние каникулы", autumn, autumn + 6 * _DAY),
                winter,
                ("Весенние каникулы", spring, spring + 6 * _DAY),
                summer,
            ]
        weeks = [
            ("Осенние каникулы", _monday(date(first, 10, 5))),
            ("Осенние каникулы", _monday(date(first, 11, 16))),
            ("Зимние каникулы", _monday(date(second, 2, 15))),
            ("Весенние каникулы", _monday(date(second, 4, 5))),
        ]
        found = [(name, since, since + 6 * _DAY) for name, since in weeks]
        return [*found[:2], winter, *found[2:], summer]

    def _terms_of(self, kind: TermKind) -> tuple[Term, ...]:
        spans = self._between_vacations()
        if kind is TermKind.TRIMESTER:
            ends = [self.vacations[1].until, self.vacations[3].until, self.last_lesson_day]
            spans = _consecutive(self._year.since, ends)
        elif kind is TermKind.HALF_YEAR:
            winter = next(v for v in self.vacations if v.since.month == 12 or v.until.month == 1)
            spans = [(self._year.since, winter.since - _DAY), (winter.until + _DAY, self.last_lesson_day)]
        return tuple(
            Term(
                id=self._school.id * 1000 + _KINDS.index(kind) * 10 + number,
                school_id=self._school.id,
                kind=kind,
                number=number,
                name=f"{number} {_NAMES[kind]}",
                since=since,
                until=until,
                parent_id=self._year_term.id,
            )
            for number, (since, until) in enumerate(spans, start=1)
        )

    def _between_vacations(self) -> list[tuple[date, date]]:
        spans: list[tuple[date, date]] = []
        since = self._year.since
        for vacation in self.vacations:
            spans.append((since, vacation.since - _DAY))
            since = vacation.until + _DAY
        return spans

    def _day(self, on: date) -> CalendarDay:
        weekday = on.isoweekday()
        holiday = self._calendar.holiday(on)
        if vacation := next((v for v in self.vacations if v.since <= on <= v.until), None):
            kind = DayKind.HOLIDAY if holiday else DayKind.VACATION
            return CalendarDay(on=on, kind=kind, title=holiday or vacation.name, weekday=weekday)
        if holiday:
            return CalendarDay(on=on, kind=DayKind.HOLIDAY, title=holiday, weekday=weekday)
        if move := self._calendar.working_move(on):
            return CalendarDay(on=on, kind=DayKind.SCHOOL, title=move.note, weekday=move.weekday or weekday)
        kind = DayKind.SCHOOL if weekday <= self._school.weekdays else DayKind.WEEKEND
        return CalendarDay(on=on, kind=kind, title=None, weekday=weekday)


def _monday(not_before: date) -> date:
    return not_before + timedelta(days=(8 - not_before.isoweekday()) % 7)


def _sunday(not_before: date) -> date:
    return not_before + timedelta(days=7 - not_before.isoweekday())


def _consecutive(since: date, ends: list[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for end in ends:
        spans.append((since, end))
        since = end + _DAY
    return spans
