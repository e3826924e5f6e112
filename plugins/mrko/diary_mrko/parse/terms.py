"""The school year as a tree of terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from diary_core.model import Term, TermKind
from diary_core.text import tidy
from diary_mrko.wire.year import AcademicYear, Period, PeriodsSchedule

_KINDS: Final[tuple[tuple[str, TermKind], ...]] = (
    ("триместр", "trimester"),
    ("четверт", "quarter"),
    ("полугоди", "half_year"),
    ("модул", "module"),
)
_VACATION: Final = "каникул"
_WORDS: Final = ("перв", "втор", "трет", "четверт", "пят", "шест")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi")
_NUMBER: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)")


def terms(years: Sequence[AcademicYear], schedules: Iterable[PeriodsSchedule]) -> tuple[Term, ...]:
    """Return the terms of the current school year by first day, a parent before its parts.

    Vacations stand among the periods and are left out; so is a period whose dates are not set yet,
    and one of another year. A year whose periods cannot be told still is a term.

    Args:
        years: Of the journal; the current one is marked.
        schedules: How the child's school cuts it; names tell the kinds.
    """
    year = next((year for year in years if year.current_year), None)
    root = _year(year) if year else None
    found = {
        term.id: term
        for schedule in schedules
        for period in schedule.periods
        if (term := _term(schedule, period)) and (root is None or root.since <= term.since <= root.until)
    }
    parts = sorted(found.values(), key=lambda term: (term.since, -term.until.toordinal(), term.id))
    every = [*([root] if root else []), *parts]
    return tuple(_placed(term, every) for term in every)


def _year(year: AcademicYear) -> Term:
    return Term(
        id=f"year-{year.id}",
        parent_id=None,
        kind="year",
        number=None,
        title=tidy(year.name or "") or f"{year.begin_date:%Y} - {year.end_date:%Y}",
        since=year.begin_date,
        until=year.end_date,
    )


def _term(schedule: PeriodsSchedule, period: Period) -> Term | None:
    title = tidy(period.name or "")
    since, until = period.begin_date, period.end_date
    if not title or _VACATION in title.casefold() or since is None or until is None or until < since:
        return None
    own_id = period.id or since.isoformat()
    return Term(
        id=f"{schedule.id}-{own_id}" if schedule.id else own_id,
        parent_id=None,
        kind=_kind(title),
        number=_number(title),
        title=title,
        since=since,
        until=until,
    )


def _kind(title: str) -> TermKind:
    for stem, kind in _KINDS:
        if stem in title.casefold():
            return kind
    return "other"


def _number(title: str) -> int | None:
    """Read the number of «1 триместр», «II четверть» and «За первое полугодие»."""
    if digits := _NUMBER.search(title):
        return int(digits[0])
    words = title.casefold().replace("ё", "е").split()
    for word in words:
        if word in _ROMAN:
            return _ROMAN.index(word) + 1
    for word in words:
        for number, stem in enumerate(_WORDS, start=1):
            if word.startswith(stem) and not word.startswith("четверть"):
                return number
    return None


def _placed(term: Term, every: Iterable[Term]) -> Term:
    """Hang a term on the smallest other one it lies inside."""
    around = [
        other
        for other in every
        if other.kind != term.kind and other.since <= term.since and term.until <= other.until
    ]
    parent = min(
        (other for other in around if _days(other) > _days(term) or other.kind == "year"),
        key=_days,
        default=None,
    )
    return term if parent is None else term.model_copy(update={"parent_id": parent.id})


def _days(term: Term) -> int:
    return (term.until - term.since).days
