"""Marks by subject and term, with averages and final marks."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from diary_sandbox.mesh.wire import averages, times
from diary_sandbox.mesh.wire.marks import bare
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import (
    Child,
    LessonKind,
    Mark,
    ResultKind,
    Subject,
    Term,
    TermKind,
    TermResult,
    World,
)

CEIL_AFTER = Decimal("0.51")


def subject_marks(world: World, child: Child, today: date) -> dict[str, object]:
    """Return `GET fm/subject_marks`: every subject with marks this year."""
    payload = [by_subject(world, child, subject, today) for subject in marked_subjects(world, child)]
    return {"payload": [entry for entry in payload if entry is not None]}


def by_subject(world: World, child: Child, subject: Subject, today: date) -> dict[str, object] | None:
    """Return one subject with its terms, as `for_subject` has it too; nothing when it has no mark yet."""
    year = world.year
    marks = _of_subject(world.marks(child.id, year.since, year.until), subject)
    begun = [term for term in terms(world, child) if term.since <= today]
    filled = [(term, inside) for term in begun if (inside := _within(marks, term))]
    if not filled:
        return None
    results = _results(world, child, subject)
    latest = filled[-1][1]
    return {
        "average": averages.spelled(child, f"last {subject.id}", averages.tally(latest).mean),
        "dynamic": averages.dynamic(latest),
        "periods": [_period(world, child, term, inside, results) for term, inside in filled],
        "subject_name": subject.name,
        "subject_id": subject.id,
        "average_by_all": averages.spelled(child, f"all {subject.id}", averages.tally(marks).mean),
        "year_mark": _display(results, ResultKind.YEAR),
    }


def short(world: World, child: Child, today: date, ceil_after: Decimal = CEIL_AFTER) -> dict[str, object]:
    """Return `GET fm/subject_marks/short`: every subject in the present term; nulls where it has no mark."""
    term = current_term(world, child, today)
    year = world.year
    marks = world.marks(child.id, year.since, year.until)
    return {
        "payload": [
            {
                **_short(world, child, term, _within(_of_subject(marks, subject), term), ceil_after),
                "subject_name": subject.name,
                "subject_id": subject.id,
            }
            for subject in marked_subjects(world, child)
        ]
    }


def final_marks(world: World, child: Child, start: int) -> dict[str, object]:
    """Return `GET fw/final_marks/v2` for the year that begins in `start`: every subject with a result in it.

    Of exams and the marks of the certificate nothing is known to stand here.
    """
    year_terms, given = _year(world, child, start)
    subjects: list[dict[str, object]] = []
    for subject_id in dict.fromkeys(result.subject_id for result in given):
        results = [result for result in given if result.subject_id == subject_id]
        by_term = {result.term_id: result for result in results if result.kind is ResultKind.TERM}
        subjects.append(
            {
                "id": subject_id,
                "name": world.subject(subject_id).name,
                "periods": [
                    {
                        "name": term.name,
                        "start_date": term.since.isoformat(),
                        "end_date": term.until.isoformat(),
                        "final_mark": by_term[term.id].display,
                    }
                    for term in year_terms
                    if term.id in by_term
                ],
                "year_mark": _display(results, ResultKind.YEAR),
                "intermediate_attestation_mark": _display(results, ResultKind.ATTESTATION),
                "training_camp_mark": None,
            }
        )
    return {"subjects": subjects}


def terms(world: World, child: Child) -> list[Term]:
    """Return the terms a child's marks are gathered in, by time: the leaves of the tree."""
    all_terms = world.terms(child.class_id)
    parents = {term.parent_id for term in all_terms}
    return [term for term in all_terms if term.id not in parents and term.kind is not TermKind.YEAR]


def current_term(world: World, child: Child, today: date) -> Term:
    """Return the term of a day; between two terms the one that ended, before the year the first one."""
    all_terms = terms(world, child)
    begun = [term for term in all_terms if term.since <= today]
    return begun[-1] if begun else all_terms[0]


def marked_subjects(world: World, child: Child) -> list[Subject]:
    """Return the subjects a child may get marks in."""
    subjects = world.subjects(child.class_id)
    return [subject for subject in subjects if subject.marked and subject.kind is LessonKind.REGULAR]


def _of_subject(marks: Sequence[Mark], subject: Subject) -> list[Mark]:
    return [mark for mark in marks if mark.subject_id == subject.id]


def _within(marks: Sequence[Mark], term: Term) -> list[Mark]:
    return [mark for mark in marks if term.since <= mark.on <= term.until]


def _year(world: World, child: Child, start: int) -> tuple[Sequence[Term], Sequence[TermResult]]:
    """Return the terms and the results of a school year, the present or a former one; else nothing."""
    if start == world.year.start:
        return terms(world, child), world.results(child.id)
    past = next((past for past in world.past_years(child.id) if past.year.start == start), None)
    return (past.terms, past.results) if past else ((), ())


def _results(world: World, child: Child, subject: Subject) -> list[TermResult]:
    return [result for result in world.results(child.id) if result.subject_id == subject.id]


def _display(results: Sequence[TermResult], kind: ResultKind) -> str | None:
    return next((result.display for result in results if result.kind is kind), None)


def _period(
    world: World, child: Child, term: Term, marks: Sequence[Mark], results: Sequence[TermResult]
) -> dict[str, object]:
    subject_id = marks[0].subject_id
    return {
        "start": times.day_month(term.since),
        "end": times.day_month(term.until),
        "title": term.name,
        "dynamic": averages.dynamic(marks),
        "value": averages.spelled(child, f"{subject_id} {term.id}", averages.tally(marks).mean),
        "marks": [_entry(world, child, mark) for mark in marks],
        "count": len(marks),
        "target": averages.target(marks, CEIL_AFTER),
        "fixed_value": _fixed(child, term, results),
        "start_iso": term.since.isoformat(),
        "end_iso": term.until.isoformat(),
    }


def _short(
    world: World, child: Child, term: Term, marks: Sequence[Mark], ceil_after: Decimal
) -> dict[str, object]:
    empty = not marks
    subject = None if empty else world.subject(marks[0].subject_id)
    return {
        "average": subject and averages.spelled(child, f"short {subject.id}", averages.tally(marks).mean),
        "dynamic": averages.dynamic(marks),
        "period": None if empty else term.name,
        "count": None if empty else len(marks),
        "target": averages.target(marks, ceil_after),
        "marks": None if empty else [_entry(world, child, mark) for mark in marks],
        "start": None if empty else times.day_month(term.since),
        "end": None if empty else times.day_month(term.until),
        "fixed_value": subject and _fixed(child, term, _results(world, child, subject)),
    }


def _entry(world: World, child: Child, mark: Mark) -> dict[str, object]:
    """Return a mark of a subject; for some children without the times of entry and change."""
    entry = bare(world, child, mark)
    return (
        entry
        if vary(child, "entry times", True, False)
        else {**entry, "created_at": None, "updated_at": None}
    )


def _fixed(child: Child, term: Term, results: Sequence[TermResult]) -> str | int | None:
    fixed = next((result for result in results if result.term_id == term.id), None)
    if fixed is None:
        return None
    number: str | int = int(fixed.display) if fixed.display.isdecimal() else fixed.display
    return vary(child, f"fixed {fixed.id}", fixed.display, number)
