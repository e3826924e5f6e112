"""Results: marks without a lesson, whose works say what they close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from diary_core.model import Maybe, TermResult, Unavailable
from diary_core.notation import read_mark
from diary_core.text import tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.marks import is_of
from diary_dnevnik_ru.parse.tables import NAMELESS, Tables, Whose, names_of

_Kind = Literal["term", "year", "exam", "final", "other"]
_PERIOD: Final = "PeriodMark"
_KINDS: Final[Mapping[str, _Kind]] = {_PERIOD: "term", "Exam": "exam", "PeriodFinalMark": "final"}
"""The set is open; an intermediate attestation has no word of its own, schools enter it as an exam."""
_ORDER: Final = ("term", "year", "exam", "final", "other")
_WHOLE_YEAR: Final = "Year"


def results(
    found: wire.FinalMarks,
    periods: Sequence[wire.ReportingPeriod] | Unavailable,
    whose: Whose,
    *,
    current: bool,
) -> tuple[TermResult, ...]:
    """Return the results of one class, by name of the subject, then as the year went on.

    Args:
        found: As the server sent it.
        periods: The terms of the class, or why they are not there.
        whose: Results of another person are dropped.
        current: Whether these are the terms of `terms()`.
    """
    tables = Tables(
        names=names_of(found.subjects),
        works={work.id: work for work in found.works},
        work_types={kind.id: kind for kind in found.work_types},
    )
    own = [mark for mark in {mark.id: mark for mark in found.marks}.values() if is_of(whose.seat, mark)]
    read = [
        (_when(tables.works.get(mark.work or "")), int(mark.id), result)
        for mark in own
        if (result := _result(mark, tables, periods, whose, current=current))
    ]
    read.sort(key=lambda one: (one[2].subject.name, _ORDER.index(one[2].kind), *one[:2]))
    return tuple(result for _, _, result in read)


def _result(
    mark: wire.Mark,
    tables: Tables,
    periods: Sequence[wire.ReportingPeriod] | Unavailable,
    whose: Whose,
    *,
    current: bool,
) -> TermResult | None:
    display = tidy(mark.text_value or "") or tidy(mark.value or "")
    if not display:
        return None
    work = tables.works.get(mark.work or "")
    form = tables.work_types.get(mark.work_type or (work.work_type if work else None) or "")
    kind = _kind(work, form)
    period = _period(work, periods) if kind == "term" else None
    notation = read_mark(display)
    return TermResult(
        id=mark.id,
        subject=tables.subject(work.subject_id if work else None),
        kind=kind,
        title=tidy((period.name if period else None) or (form.name if form else None) or "") or NAMELESS,
        term_id=_term_id(period, periods) if current and kind == "term" else None,
        display=display,
        value=notation.value,
        status=notation.status,
        entered_at=mark.date.astimezone(whose.zone) if mark.date else None,
    )


def _kind(work: wire.Work | None, form: wire.WorkType | None) -> _Kind:
    said = (work.type if work else None) or (form.kind if form else None) or ""
    if said == _PERIOD and work and work.period_type == _WHOLE_YEAR:
        return "year"
    return _KINDS.get(said, "other")


def _when(work: wire.Work | None) -> int:
    return (work.period_number if work else None) or 0


def _period(
    work: wire.Work | None, periods: Sequence[wire.ReportingPeriod] | Unavailable
) -> wire.ReportingPeriod | None:
    """Find the term a work is filed under: works name it by number and type, not by id."""
    if work is None or isinstance(periods, Unavailable):
        return None
    filed = (work.period_type, work.period_number)
    return next((period for period in periods if (period.type, period.number) == filed), None)


def _term_id(
    period: wire.ReportingPeriod | None, periods: Sequence[wire.ReportingPeriod] | Unavailable
) -> Maybe[str | None]:
    if period is not None:
        return period.id
    return periods if isinstance(periods, Unavailable) else None
