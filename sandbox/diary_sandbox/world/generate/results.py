"""Results of terms, of the year, of exams: computed from the marks the term has seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.calendar import SchoolCalendar
from diary_sandbox.world.generate.lessons import Lessons, week_of
from diary_sandbox.world.generate.marks import Marks, mean
from diary_sandbox.world.generate.places import Places
from diary_sandbox.world.generate.staff import Staff
from diary_sandbox.world.marks import Mark, ResultKind, TermResult
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import TermKind
from diary_sandbox.world.reading import status_of, values_of
from diary_sandbox.world.words.subjects import ALGEBRA, MATHS, RUSSIAN, SUBJECTS
from diary_sandbox.world.year import DayKind, Term

_EXAM_GRADES = (9, 11)
_ENOUGH = 2
"""Counting marks without which a term ends with «н/а»."""
_KINDS = tuple(ResultKind)


def year_end(
    values: Sequence[Decimal], subject_id: int, parallel: int, dice: Dice
) -> Iterator[tuple[ResultKind, str]]:
    """Yield how a subject's year ends: the year's mark, and where there is one the exam's and the last one.

    Args:
        values: The terms' marks that are numbers.
        subject_id: Exams are taken in the first subjects only.
        parallel: Of the class; in the others an attestation repeats the year's mark.
        dice: For the exam.
    """
    average = sum(values, Decimal(0)) / len(values) if values else None
    display = str(_rounded(average)) if average else "зач"
    yield ResultKind.YEAR, display
    if subject_id not in (RUSSIAN, MATHS, ALGEBRA) or average is None:
        return
    if parallel not in _EXAM_GRADES:
        yield ResultKind.ATTESTATION, display
        return
    exam = min(5, max(2, int(display) + dice.between(-1, 1)))
    yield ResultKind.EXAM, str(exam)
    yield ResultKind.FINAL, str(_rounded(Decimal(int(display) + exam) / 2))


class Results:
    """Results of every pupil."""

    def __init__(self, seed: int, places: Places, lessons: Lessons, staff: Staff, marks: Marks) -> None:
        """Know the marks results are made of."""
        self._seed = seed
        self._places = places
        self._lessons = lessons
        self._staff = staff
        self._marks = marks
        self.term = Memo(self._term, 4_000)

    def entered_by(self, child_id: int, today: date) -> tuple[TermResult, ...]:
        """Return the results of the terms that have closed, or close on a day."""
        terms = self._terms(child_id)
        closed = [term for term in terms if _closing(self._calendar(child_id), term) <= today]
        found = [result for term in closed for result in self.term((child_id, term.id))]
        return tuple(sorted(found, key=lambda result: (result.subject_id, result.entered_at, result.kind)))

    @staticmethod
    def number(child_id: int, term_id: int, subject_id: int, kind: ResultKind) -> int:
        """Return the id of a result."""
        cell = child_id * 100_000 + term_id % 1000 * 100 + subject_id
        return cell * len(_KINDS) + _KINDS.index(kind)

    @staticmethod
    def entered_on(calendar: SchoolCalendar, term: Term, kind: ResultKind) -> date:
        """Return the day a result is entered on: the last school day of its term, in June after an exam."""
        on = _closing(calendar, term)
        june = {ResultKind.EXAM: 10, ResultKind.FINAL: 25}.get(kind)
        return date(on.year, 6, june) if june else on

    def _terms(self, child_id: int) -> tuple[Term, ...]:
        school_id, parallel, _ = ids.class_key(ids.class_of(child_id))
        return () if parallel == 1 else self._places.calendar(school_id).terms(parallel)

    def _calendar(self, child_id: int) -> SchoolCalendar:
        return self._places.calendar(ids.school_of(ids.class_of(child_id)))

    def _term(self, key: tuple[int, int]) -> tuple[TermResult, ...]:
        child_id, term_id = key
        term = next(term for term in self._terms(child_id) if term.id == term_id)
        if term.kind is TermKind.YEAR:
            return self._year(child_id, term)
        by_subject = self._marks_of(child_id, term)
        return tuple(
            self._result(
                child_id, term, subject_id, ResultKind.TERM, self._display(child_id, marks, subject_id)
            )
            for subject_id in self._subjects(child_id)
            for marks in (by_subject.get(subject_id, []),)
        )

    def _subjects(self, child_id: int) -> list[int]:
        hours = self._staff.hours(ids.class_of(child_id))
        return sorted(subject for subject in hours if SUBJECTS[subject].marked)

    def _marks_of(self, child_id: int, term: Term) -> dict[int, list[Mark]]:
        found: dict[int, list[Mark]] = {}
        for week in range(week_of(term.since), week_of(term.until) + 1):
            for line in self._marks.week((child_id, week)):
                mark = line[-1][1]
                if mark and term.since <= mark.on <= term.until:
                    found.setdefault(mark.subject_id, []).append(mark)
        return found

    @staticmethod
    def _display(child_id: int, marks: list[Mark], subject_id: int) -> str:
        average = mean(marks)
        if average is None or sum(mark.counts for mark in marks) < _ENOUGH:
            passing = child_id % 3 == 0 and subject_id > RUSSIAN
            return "зач" if passing and not marks else "н/а"
        return str(_rounded(average))

    def _year(self, child_id: int, year: Term) -> tuple[TermResult, ...]:
        parallel = ids.class_key(ids.class_of(child_id))[1]
        terms = [term for term in self._terms(child_id) if term.kind is not TermKind.YEAR]
        found: list[TermResult] = []
        for place, subject_id in enumerate(self._subjects(child_id)):
            values = [
                result.value
                for term in terms
                for result in (self.term((child_id, term.id))[place],)
                if result.value is not None
            ]
            dice = Dice(self._seed, "exam", child_id, subject_id)
            found += [
                self._result(child_id, year, subject_id, kind, display)
                for kind, display in year_end(values, subject_id, parallel, dice)
            ]
        return tuple(found)

    def _result(
        self, child_id: int, term: Term, subject_id: int, kind: ResultKind, display: str
    ) -> TermResult:
        values = values_of(display)
        zone = self._lessons.school(ids.class_of(child_id)).zone
        on = self.entered_on(self._calendar(child_id), term, kind)
        return TermResult(
            id=self.number(child_id, term.id, subject_id, kind),
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


def _closing(calendar: SchoolCalendar, term: Term) -> date:
    on = min(term.until, calendar.last_lesson_day)
    while calendar.days[on].kind is not DayKind.SCHOOL:
        on -= timedelta(days=1)
    return on


def _rounded(average: Decimal) -> int:
    return int(average.quantize(Decimal(1), ROUND_HALF_UP))
