"""Averages as МЭШ shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from diary_core.model import DiaryAverage, Term
from diary_core.text import tidy
from diary_mrko.parse.subjects import subject
from diary_mrko.wire.marks import SubjectMarks, SubjectPeriod


def averages(found: Iterable[SubjectMarks], term: Term) -> tuple[DiaryAverage, ...]:
    """Return the averages of a term by name of the subject; one without marks in it is left out.

    Of a year it is the average of all its marks.

    Raises:
        RegionChanged: A subject has no name.
    """
    shown = [average for item in found if (average := _average(item, term))]
    return tuple(sorted(shown, key=lambda average: average.subject.name))


def _average(item: SubjectMarks, term: Term) -> DiaryAverage | None:
    periods = [period for period in item.periods if term.kind == "year" or _is(period, term)]
    if not periods:
        return None
    value = item.average_by_all if term.kind == "year" else periods[0].value
    return DiaryAverage(
        subject=subject(item.subject_id, item.subject_name, field="payload.[].subject_name"),
        term_id=term.id,
        value=value if value and value > 0 else None,
        rounds_up_from=_rounds_up_from(periods),
    )


def _is(period: SubjectPeriod, term: Term) -> bool:
    """Tell whether a period is a term, by its days; by its name where it has none."""
    if period.start_iso and period.end_iso:
        return (period.start_iso, period.end_iso) == (term.since, term.until)
    return tidy(period.title or "") == term.title


def _rounds_up_from(periods: Sequence[SubjectPeriod]) -> Decimal | None:
    """Return the fraction from which a mark is rounded up: it is told with the next mark to reach."""
    for period in reversed(periods):
        target = period.target
        if target and target.round is not None and target.value is not None:
            fraction = target.round - (target.value - 1)
            if 0 < fraction <= 1:
                return fraction
    return None
