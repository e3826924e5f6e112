"""What a diary should say of results and its own averages: the town's truth, through each system's wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tests.oracle.systems import DNEVNIK, MESH, System

from diary_core.debts import debts
from diary_core.model import UNSUPPORTED, Debt, DiaryAverage, Mark, Subject, Term, TermResult
from diary_core.notation import read_mark
from diary_sandbox import world as town
from diary_sandbox.world import PastYear, ResultKind, World

HUNDREDTH = Decimal("0.01")
ROUNDS_UP_FROM = Decimal("0.51")
"""What every school of the town does, and МЭШ alone tells."""
MESH_TITLES = {
    ResultKind.YEAR: "Годовая отметка",
    ResultKind.ATTESTATION: "Промежуточная аттестация",
}
FORMS = {
    ResultKind.YEAR: town.WorkKind.YEAR,
    ResultKind.EXAM: town.WorkKind.EXAM,
    ResultKind.ATTESTATION: town.WorkKind.EXAM,
    ResultKind.FINAL: town.WorkKind.FINAL,
}


def given(world: World, child_id: int, past: PastYear | None) -> Sequence[tuple[town.TermResult, town.Term]]:
    """Return the results of a year, the present one unless a former is named, each with what it closes."""
    terms = past.terms if past else world.terms(world.child(child_id).class_id)
    by_id = {term.id: term for term in terms}
    results = past.results if past else world.results(child_id)
    return [(result, by_id[result.term_id]) for result in results]


def mesh_results(world: World, child_id: int, past: PastYear | None) -> list[TermResult]:
    """Exams and the marks of the certificate have no place on the wire, nor has when one was entered."""
    return [
        _result(world, result, kind=result.kind.value, title=MESH_TITLES.get(result.kind, term.name))
        for result, term in given(world, child_id, past)
        if result.kind not in {ResultKind.EXAM, ResultKind.FINAL}
    ]


def dnevnik_results(world: World, child_id: int, past: PastYear | None) -> list[TermResult]:
    """An attestation stands among the exams; what closes no term bears the school's name for its kind."""
    forms = world.school(world.child(child_id).school_id).control_forms
    names = {form.kind: form.name for form in forms}
    return [
        _result(
            world,
            result,
            kind="exam" if result.kind is ResultKind.ATTESTATION else result.kind.value,
            title=term.name if result.kind is ResultKind.TERM else names[FORMS[result.kind]],
        ).model_copy(update={"entered_at": result.entered_at})
        for result, term in given(world, child_id, past)
    ]


def _result(world: World, result: town.TermResult, *, kind: str, title: str) -> TermResult:
    return TermResult(
        id="",
        subject=_subject(world, result.subject_id),
        kind=kind,  # pyright: ignore[reportArgumentType]  the same words on purpose
        title=title,
        term_id=None,
        display=result.display,
        value=result.value,
        status=read_mark(result.display).status,
        entered_at=UNSUPPORTED,
    )


def mesh_averages(world: World, child_id: int, term: Term) -> list[DiaryAverage]:
    """A subject without marks in the term is not shown; the year's average is that of all its marks."""
    terms = [one for one in world.terms(world.child(child_id).class_id) if one.kind is not town.TermKind.YEAR]
    within = terms if term.kind == "year" else [one for one in terms if one.since == term.since]
    found: list[DiaryAverage] = []
    for subject in world.subjects(world.child(child_id).class_id):
        marks = [
            [mark for mark in world.marks(child_id, one.since, one.until) if mark.subject_id == subject.id]
            for one in within
        ]
        if any(marks):
            mean = world.average(child_id, subject.id, term.since, term.until)
            means = [world.average(child_id, subject.id, one.since, one.until) for one in within]
            limit = any(one is not None and one < 4 + ROUNDS_UP_FROM for one in means)
            found.append(_average(world, subject.id, term, mean, ROUNDS_UP_FROM if limit else None))
    return found


def dnevnik_averages(world: World, child_id: int, term: Term) -> list[DiaryAverage]:
    """Where nothing counts nothing is shown; where the school rounds up from is told nowhere."""
    return [
        _average(world, subject.id, term, mean, None)
        for subject in world.subjects(world.child(child_id).class_id)
        if (mean := world.average(child_id, subject.id, term.since, term.until)) is not None
    ]


def _average(
    world: World, subject_id: int, term: Term, mean: Decimal | None, rounds_up_from: Decimal | None
) -> DiaryAverage:
    return DiaryAverage(
        subject=_subject(world, subject_id),
        term_id=term.id,
        value=None if mean is None else mean.quantize(HUNDREDTH, ROUND_HALF_UP),
        rounds_up_from=rounds_up_from,
    )


def owed(world: World, child_id: int, since: town.AcademicYear) -> list[tuple[str, str]]:
    """Return the «точки» nobody has mended in time: the day of the lesson and the last day to mend."""
    return sorted(
        (mark.on.isoformat(), mark.point.due_on.isoformat())
        for mark in world.marks(child_id, since.since, since.until)
        if mark.point is not None and mark.point.state is town.PointState.EXPIRED
    )


def told_to_be_owed(marks: Sequence[Mark], world: World, child_id: int) -> list[tuple[str, str]]:
    """Return the debts worked out from marks on the school's present day, in the same form."""
    zone = world.school(world.child(child_id).school_id).zone
    found: Sequence[Debt] = debts(marks, world.clock.now(zone).date())
    return sorted((debt.mark.date.isoformat(), str(debt.mark.due_on)) for debt in found)


def _subject(world: World, subject_id: int) -> Subject:
    return Subject(id=None, name=world.subject(subject_id).name)


@dataclass(frozen=True)
class ResultsLens:
    """A system, and the truth of results and averages as it can show it."""

    system: System
    results: Callable[[World, int, PastYear | None], list[TermResult]]
    averages: Callable[[World, int, Term], list[DiaryAverage]]
    gaps: frozenset[str]
    """What results do not tell."""


LENSES = {
    "mesh": ResultsLens(
        MESH, mesh_results, mesh_averages, frozenset({"entered_at: unavailable (unsupported)"})
    ),
    "dnevnik": ResultsLens(DNEVNIK, dnevnik_results, dnevnik_averages, frozenset()),
}
