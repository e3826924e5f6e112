"""The results of former years: made of what a pupil is good at, as no marks of those years are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

from diary_sandbox.world import ids
from diary_sandbox.world.archive import PastYear
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.calendar import SchoolCalendar, YearCalendar
from diary_sandbox.world.generate.marks import Marks
from diary_sandbox.world.generate.places import Places
from diary_sandbox.world.generate.results import Results, year_end
from diary_sandbox.world.generate.staff import Staff
from diary_sandbox.world.marks import ResultKind, TermResult
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import TermKind
from diary_sandbox.world.reading import status_of, values_of
from diary_sandbox.world.words.subjects import SUBJECTS
from diary_sandbox.world.year import AcademicYear, Term

YEARS_KEPT = 2
_TERMS_A_YEAR, _RESULTS_A_YEAR = 10**9, 10**14
"""How far the ids of one year lie from those of the next."""
_FIRST_WITH_MARKS = 2


class Archive:
    """The former years of every pupil."""

    def __init__(self, seed: int, year: AcademicYear, places: Places, *, staff: Staff, marks: Marks) -> None:
        """Know the schools, what is taught where, and how good pupils are."""
        self._seed = seed
        self._year = year
        self._places = places
        self._staff = staff
        self._marks = marks
        self.years = Memo(self._years, 2_000)
        self._calendar = Memo(self._make_calendar, 200)

    def _years(self, child_id: int) -> tuple[PastYear, ...]:
        """Return the former years of a pupil, the latest first."""
        parallel = ids.class_key(ids.class_of(child_id))[1]
        return tuple(self._past(child_id, ago) for ago in range(1, YEARS_KEPT + 1) if parallel > ago)

    def _past(self, child_id: int, ago: int) -> PastYear:
        school_id, parallel, letter = ids.class_key(ids.class_of(child_id))
        calendar = self._calendar((school_id, ago))
        terms = tuple(_of_year(term, ago) for term in calendar.terms(parallel - ago))
        class_id = ids.class_id(school_id, parallel - ago, letter)
        found = self._results(child_id, class_id, terms, ago) if parallel - ago >= _FIRST_WITH_MARKS else ()
        ordered = sorted(found, key=lambda result: (result.subject_id, result.entered_at, result.kind))
        return PastYear(AcademicYear(self._year.start - ago), ago, parallel - ago, terms, tuple(ordered))

    def _results(
        self, child_id: int, class_id: int, terms: tuple[Term, ...], ago: int
    ) -> Iterator[TermResult]:
        parallel = ids.class_key(class_id)[1]
        for subject_id in sorted(one for one in self._staff.hours(class_id) if SUBJECTS[one].marked):
            values: list[Decimal] = []
            for term in terms:
                if term.kind is not TermKind.YEAR:
                    dice = Dice(self._seed, "past", child_id, subject_id, term.id)
                    display = "н/а" if dice.chance(2) else str(self._marks.value(child_id, subject_id, dice))
                    values += values_of(display)
                    yield self._result(child_id, term, subject_id, ResultKind.TERM, display)
            dice = Dice(self._seed, "past exam", child_id, subject_id, ago)
            for kind, display in year_end(values, subject_id, parallel, dice):
                yield self._result(child_id, terms[-1], subject_id, kind, display)

    def _result(
        self, child_id: int, term: Term, subject_id: int, kind: ResultKind, display: str
    ) -> TermResult:
        ago = term.id // _TERMS_A_YEAR
        school_id = ids.school_of(ids.class_of(child_id))
        values = values_of(display)
        calendar = self._calendar((school_id, ago))
        on = Results.entered_on(calendar, term, kind)
        zone = self._places.school(school_id).zone
        return TermResult(
            id=Results.number(child_id, term.id, subject_id, kind) + ago * _RESULTS_A_YEAR,
            child_id=child_id,
            subject_id=subject_id,
            kind=kind,
            term_id=term.id,
            display=display,
            status=status_of(display),
            value=values[0] if values else None,
            entered_at=datetime.combine(on, time(15, subject_id), tzinfo=zone),
            edited_at=None,
        )

    def _make_calendar(self, key: tuple[int, int]) -> SchoolCalendar:
        school_id, ago = key
        year = AcademicYear(self._year.start - ago)
        return SchoolCalendar(self._places.school(school_id), YearCalendar(year))


def _of_year(term: Term, ago: int) -> Term:
    parent = None if term.parent_id is None else term.parent_id + ago * _TERMS_A_YEAR
    return replace(term, id=term.id + ago * _TERMS_A_YEAR, parent_id=parent)
