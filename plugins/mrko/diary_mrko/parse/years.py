"""School years as the journal lists them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from diary_core.model import AcademicYear
from diary_core.text import tidy
from diary_mrko.wire.year import AcademicYear as ListedYear


def academic_years(listed: Iterable[ListedYear], today: date) -> tuple[AcademicYear, ...]:
    """Return the years, the latest first; where none is marked as the current one, today tells.

    Args:
        listed: As the journal has them; one that repeats another's first day is left out.
        today: The school's own date.
    """
    years = {year.begin_date: year for year in listed if year.begin_date <= year.end_date}
    latest_first = [years[since] for since in sorted(years, reverse=True)]
    marked = [year for year in latest_first if year.current_year]
    holding_today = [year for year in latest_first if year.begin_date <= today <= year.end_date]
    current = next(iter([*marked, *holding_today]), None)
    return tuple(
        AcademicYear(
            id=year.id,
            title=tidy(year.name or "") or f"{year.begin_date.year} - {year.end_date.year}",
            since=year.begin_date,
            until=year.end_date,
            current=year is current,
        )
        for year in latest_first
    )
