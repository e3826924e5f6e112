"""How years ended and what is owed, told by the world itself, through each system's wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle import limits, truth
from tests.oracle.systems import DNEVNIK, MESH, System

from diary_core.model import Debt, Mark, Subject, TermResult
from diary_sandbox import world as town
from diary_sandbox.world import Child, ResultKind, WorkKind, World


class YearEnd(NamedTuple):
    """What the town keeps of one school year of a child."""

    terms: Sequence[town.Term]
    results: Sequence[town.TermResult]


@dataclass(frozen=True)
class ClosingLens:
    """A system, and the truth of marks and results as it can show it."""

    system: System
    marks: Callable[[Sequence[Mark]], tuple[Mark, ...]]
    results: Callable[[World, Child, YearEnd], list[TermResult]]
    tells_history: bool
    gaps: frozenset[str]
    """What neither a mark in depth nor a result tells there."""


GAPS_OF_THE_OWED = frozenset({"mark.history: not_loaded", "mark.teacher: not_loaded"})
"""What a listed mark does not tell, and so a debt does not; a school both systems serve gives no points."""


def years(world: World, child: Child) -> dict[int, YearEnd]:
    """Return every year the town keeps results of, by the calendar year it began in."""
    kept = {world.year.start: YearEnd(world.terms(child.class_id), world.results(child.id))}
    return kept | {past.year.start: YearEnd(past.terms, past.results) for past in world.past_years(child.id)}


def debts(marks: Sequence[Mark], world: World, child: Child) -> list[Debt]:
    """Return the points the town calls expired, by the marks as a system shows them."""
    expired = {
        (mark.on, mark.entered_at)
        for mark in world.marks(child.id, world.year.since, world.year.until)
        if mark.point is not None and mark.point.state is town.PointState.EXPIRED
    }
    return [
        Debt(mark=mark, overdue_since=mark.due_on + timedelta(days=1))
        for mark in marks
        if mark.due_on is not None and (mark.date, mark.entered_at) in expired
    ]


def mesh_results(world: World, child: Child, end: YearEnd) -> list[TermResult]:
    """Exams and the certificate are in no answer; what closes a year has no title on the wire."""
    del child  # every school closes its years alike
    titles = {ResultKind.YEAR: "Годовая отметка", ResultKind.ATTESTATION: "Промежуточная аттестация"}
    return [
        _result(world, one, one.kind.value, titles.get(one.kind) or _term(end, one).name)
        for one in end.results
        if one.kind not in (ResultKind.EXAM, ResultKind.FINAL)
    ]


_FORMS = {
    ResultKind.YEAR: WorkKind.YEAR,
    ResultKind.EXAM: WorkKind.EXAM,
    ResultKind.ATTESTATION: WorkKind.EXAM,
    ResultKind.FINAL: WorkKind.FINAL,
}


def dnevnik_results(world: World, child: Child, end: YearEnd) -> list[TermResult]:
    """Everything is told, in the school's own words; an attestation stands among the exams."""
    names = {form.kind: form.name for form in world.school(child.school_id).control_forms}
    return [
        _result(
            world,
            one,
            "exam" if one.kind is ResultKind.ATTESTATION else one.kind.value,
            names[_FORMS[one.kind]] if one.kind in _FORMS else _term(end, one).name,
        )
        for one in end.results
    ]


LENSES = {
    "mesh": ClosingLens(
        MESH,
        limits.mesh_marks,
        mesh_results,
        tells_history=True,
        gaps=frozenset(
            {
                "entered_at: unavailable (unsupported)",
                "teacher.position: not_loaded",
                "teacher.subjects: not_loaded",
            }
        ),
    ),
    "dnevnik": ClosingLens(
        DNEVNIK,
        limits.dnevnik_marks,
        dnevnik_results,
        tells_history=False,
        gaps=frozenset(
            {
                "comment: unavailable (unsupported)",
                "edited_at: unavailable (unsupported)",
                "history: unavailable (unsupported)",
                "teacher.position: not_loaded",
                "teacher.subjects: not_loaded",
            }
        ),
    ),
}


def _term(end: YearEnd, one: town.TermResult) -> town.Term:
    return next(term for term in end.terms if term.id == one.term_id)


def _result(world: World, one: town.TermResult, kind: str, title: str) -> TermResult:
    return TermResult(
        id="",
        subject=Subject(id=None, name=world.subject(one.subject_id).name),
        kind=kind,  # pyright: ignore[reportArgumentType]  the same words on purpose
        title=title,
        term_id=None,
        display=one.display,
        value=one.value,
        status=truth.STATUSES[one.status],
        entered_at=one.entered_at,
    )


def open_points(world: World, child: Child) -> list[date]:
    """Return the last days of the points that may still be mended."""
    return sorted(
        mark.point.due_on
        for mark in world.marks(child.id, world.year.since, world.year.until)
        if mark.point is not None and mark.point.state is town.PointState.OPEN
    )
