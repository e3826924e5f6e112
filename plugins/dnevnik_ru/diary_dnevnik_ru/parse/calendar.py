"""The calendar of the class, as far as the system keeps one: the holidays between its terms.

Public holidays within a term, weekends and moved days stand nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from diary_core.model import DayException
from diary_core.text import clean_or_none
from diary_dnevnik_ru import wire


def vacations(holidays: Iterable[wire.Holiday], since: date, until: date) -> tuple[DayException, ...]:
    """Return the days of vacation in a span, oldest first, each once.

    That every gap between terms is a vacation is our reading: the system calls them all holidays.
    """
    found: dict[date, DayException] = {}
    for holiday in holidays:
        first, last = max(since, holiday.since), min(until, holiday.until)
        title = clean_or_none(holiday.name)
        for number in range((last - first).days + 1):
            on = first + timedelta(days=number)
            found.setdefault(on, DayException(date=on, kind="vacation", title=title))
    return tuple(found[on] for on in sorted(found))
