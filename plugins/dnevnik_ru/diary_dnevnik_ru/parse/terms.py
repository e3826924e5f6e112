"""Terms of the school year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from diary_core.model import Term, TermKind
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.tables import named

_KINDS: Final[Mapping[str, TermKind]] = {
    "Quarter": "quarter",
    "HalfYear": "half_year",
    "Semester": "half_year",
    "Trimester": "trimester",
    "Module": "module",
    "Year": "year",
}


def year_terms(periods: Sequence[wire.ReportingPeriod]) -> tuple[Term, ...]:
    """Return the terms by first day; the system gives no year above them, so none has a parent."""
    once = {period.id: period for period in periods if period.start <= period.finish}
    ordered = sorted(once.values(), key=lambda period: (period.start, period.finish, int(period.id)))
    return tuple(
        Term(
            id=period.id,
            parent_id=None,
            kind=_KINDS.get(period.type or "", "other"),
            number=period.number,
            title=named(period.name),
            since=period.start,
            until=period.finish,
        )
        for period in ordered
    )
