"""Results as marks of columns without a lesson: of periods, the year, exams and the certificate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.render.marks import result_mark
from diary_sandbox.dnevnik.render.periods import period_type, reporting_terms
from diary_sandbox.dnevnik.render.work_types import form_of_kind
from diary_sandbox.dnevnik.render.works import WorkPlace, result_work
from diary_sandbox.dnevnik.wire_ids import Space, past_class_id, wire_id
from diary_sandbox.world import (
    Child,
    ControlForm,
    PastYear,
    ResultKind,
    Term,
    TermKind,
    TermResult,
    WorkKind,
    World,
)

# Intermediate attestation has no class of work of its own here; it stands among the exams.
_FORMS = {
    ResultKind.TERM: WorkKind.TERM,
    ResultKind.YEAR: WorkKind.YEAR,
    ResultKind.EXAM: WorkKind.EXAM,
    ResultKind.ATTESTATION: WorkKind.EXAM,
    ResultKind.FINAL: WorkKind.FINAL,
}
_KINDS = tuple(ResultKind)
_TERMS, _SUBJECTS = 32, 100
_A_YEAR = 10**14
"""How far the columns of one year lie from those of the next."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """The column one kind of result of one subject and term stands in."""

    kind: ResultKind
    subject_id: int
    term: Term
    form: ControlForm
    work_id: int
    """Of the wire."""


class Results:
    """The results of one pupil in one year."""

    def __init__(self, world: World, child: Child, past: PastYear | None = None) -> None:
        """Read them; nothing is kept between calls.

        Args:
            world: The town.
            child: Whose results.
            past: A former year; without one the present year is meant.
        """
        self._world = world
        self._child = child
        self._past = past
        self.class_id = child.class_id
        self._school = world.school(child.school_id)
        self._terms = past.terms if past else year_terms(world, child.class_id)
        self.given: tuple[TermResult, ...] = past.results if past else world.results(child.id)
        """By subject, then time."""

    def column(self, result: TermResult) -> ResultColumn:
        """Return the column of a result."""
        term = next(one for one in self._terms if one.id == result.term_id)
        return self._column(result.kind, result.subject_id, term)

    def columns(self) -> list[ResultColumn]:
        """Return every column, those of the year included before anything stands in them."""
        year = self._terms[-1]
        found = [self.column(result) for result in self.given]
        found += [self._column(ResultKind.YEAR, one, year) for one in self._marked_subjects()]
        return list({column.work_id: column for column in found}.values())

    def mark(self, result: TermResult) -> Wire:
        """Return a result as a mark."""
        column = self.column(result)
        return result_mark(result, column.form, column.work_id)

    def marks_in(self, work: int) -> list[Wire]:
        """Return what stands in the column with this number of the wire."""
        return [self.mark(one) for one in self.given if self.column(one).work_id == work]

    def work(self, column: ResultColumn) -> Wire:
        """Return a column as a work."""
        whole_year = column.kind is not ResultKind.TERM
        period = (0, "Year") if whole_year else (column.term.number, period_type(column.term.kind))
        place = WorkPlace(
            lesson_id=None,
            group=self._group(),
            subject_id=column.subject_id,
            period=period,
            day=self._last_day(column.term, whole_year=whole_year),
        )
        return result_work(column.work_id, column.form, place, self._teacher(column.subject_id))

    def final(self, subject_id: int) -> TermResult | None:
        """Return the result that closes a subject for good: the certificate's, else the year's."""
        kinds = {one.kind: one for one in self.given if one.subject_id == subject_id}
        return kinds.get(ResultKind.FINAL) or kinds.get(ResultKind.YEAR)

    def subjects(self) -> list[int]:
        """Return the subjects with results, in order."""
        return list(dict.fromkeys(one.subject_id for one in self.given))

    def _group(self) -> int:
        if self._past is None:
            return wire_id(Space.CLASS, self._child.class_id)
        return past_class_id(self._child.class_id, self._past.years_ago)

    def _marked_subjects(self) -> Iterable[int]:
        if self._past:
            return self.subjects()
        return (one.id for one in self._world.subjects(self._child.class_id) if one.marked)

    def _column(self, kind: ResultKind, subject_id: int, term: Term) -> ResultColumn:
        form = form_of_kind(self._school, _FORMS[kind])
        place = [one.id for one in self._terms].index(term.id)
        subject = self._child.class_id * _SUBJECTS + subject_id
        number = (subject * len(_KINDS) + _KINDS.index(kind)) * _TERMS + place
        number += _A_YEAR * (self._past.years_ago if self._past else 0)
        return ResultColumn(kind, subject_id, term, form, wire_id(Space.RESULT_WORK, number))

    def _last_day(self, term: Term, *, whole_year: bool) -> date:
        return self._terms[-2].until if whole_year else term.until

    def _teacher(self, subject_id: int) -> int:
        """Return who teaches the subject; for one no longer taught the class teacher."""
        groups = self._world.class_study_groups(self._child.class_id)
        own = self._world.class_group(self._child.class_id).class_teacher_id
        return next((one.teacher_id for one in groups if one.subject_id == subject_id), own)


def year_terms(world: World, class_id: int) -> tuple[Term, ...]:
    """Return the reporting periods of a class in order of time, and the year itself last."""
    year = next(term for term in world.terms(class_id) if term.kind is TermKind.YEAR)
    return (*reporting_terms(world, class_id), year)
