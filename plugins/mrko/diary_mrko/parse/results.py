"""How terms and years ended.

Where МЭШ keeps results of exams and marks of the certificate is not known: they are in no answer here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from diary_core.content_key import content_ids
from diary_core.model import (
    UNSUPPORTED,
    AcademicYear,
    Maybe,
    Subject,
    Term,
    TermResult,
    Unavailable,
)
from diary_core.notation import read_mark
from diary_core.text import tidy
from diary_mrko.parse.subjects import subject
from diary_mrko.wire.results import FinalMarks, ResultPeriod, SubjectResults

_YEAR: Final = "Годовая отметка"
_ATTESTATION: Final = "Промежуточная аттестация"
_CAMP: Final = "Учебные сборы"
"""Titles of our own: these are fields of the answer, and it gives them no names."""


class _Written(NamedTuple):
    """One final mark of one subject, as it stands in the answer."""

    of: Subject
    kind: Literal["term", "year", "attestation", "other"]
    title: str
    display: str
    period: ResultPeriod | None = None


def results(
    found: FinalMarks, year: AcademicYear, terms: Sequence[Term] | Unavailable
) -> tuple[TermResult, ...]:
    """Return the results of a year, by name of the subject, then as the year went on.

    They have no ids of their own: a result is known by its year, its subject and what it closes.

    Args:
        found: As the server sent it.
        year: Which was asked for.
        terms: Of the current year, or why they are not there.

    Raises:
        RegionChanged: A subject has no name.
    """
    written = sorted((one for item in found.subjects for one in _written(item)), key=lambda one: one.of.name)
    keys = [
        ("result", year.id, one.of.id or one.of.name, one.kind, one.title, _first_day(one.period))
        for one in written
    ]
    return tuple(
        _result(one, result_id, terms if year.current else ())
        for one, result_id in zip(written, content_ids(keys), strict=True)
    )


def _written(item: SubjectResults) -> Iterator[_Written]:
    of = subject(item.id, item.name, field="subjects.[].name")
    for period in sorted(item.periods, key=lambda period: (_first_day(period), period.name or "")):
        if display := tidy(period.final_mark or ""):
            yield _Written(of, "term", tidy(period.name or "") or _first_day(period) or "—", display, period)
    if display := tidy(item.training_camp_mark or ""):
        yield _Written(of, "other", _CAMP, display)
    if display := tidy(item.year_mark or ""):
        yield _Written(of, "year", _YEAR, display)
    if display := tidy(item.intermediate_attestation_mark or ""):
        yield _Written(of, "attestation", _ATTESTATION, display)


def _first_day(period: ResultPeriod | None) -> str:
    return period.start_date.isoformat() if period and period.start_date else ""


def _result(one: _Written, result_id: str, terms: Sequence[Term] | Unavailable) -> TermResult:
    notation = read_mark(one.display)
    return TermResult(
        id=result_id,
        subject=one.of,
        kind=one.kind,
        title=one.title,
        term_id=None if one.period is None else _term_id(one.period, terms),
        display=one.display,
        value=notation.value,
        status=notation.status,
        entered_at=UNSUPPORTED,
    )


def _term_id(period: ResultPeriod, terms: Sequence[Term] | Unavailable) -> Maybe[str | None]:
    """Find the term by its days: the answer gives it no id."""
    if isinstance(terms, Unavailable):
        return terms
    days = (period.start_date, period.end_date)
    return next((term.id for term in terms if term.kind != "year" and (term.since, term.until) == days), None)
