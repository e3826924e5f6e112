"""Days that are not ordinary school days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

from diary_core.model import DayException
from diary_core.text import clean_or_none
from diary_mrko.wire.year import CalendarDay, Transposition

_Kind = Literal["holiday", "vacation", "day_off", "other"]
_KINDS: Final[Mapping[str, _Kind]] = {"holiday": "holiday", "vacation": "vacation"}
_WEEKDAYS: Final = range(1, 8)
_DAY_OFF: Final = "выходной"
"""The diary calls every day off a holiday; an ordinary weekend is told by this title."""


def calendar(
    listed: Iterable[CalendarDay], moved: Iterable[Transposition], since: date, until: date
) -> tuple[DayException, ...]:
    """Return the days of a span that are not ordinary, oldest first.

    A day that works for another one is told by the list of moved days alone; where the school has a
    vacation or a holiday on it, it has that.

    Args:
        listed: What the days of the span are.
        moved: The moved days of the year.
        since: First day, inclusive.
        until: Last day, inclusive.
    """
    found = {move.date: _move(move) for move in moved if not move.is_holiday} | dict(exceptions(listed))
    return tuple(found[on] for on in sorted(found) if since <= on <= until)


def exceptions(listed: Iterable[CalendarDay]) -> Mapping[date, DayException]:
    """Return the days that are not ordinary, by date; a type we do not know is kept as `other`."""
    return {item.date: _exception(item) for item in listed if item.type not in ("workday", None)}


def _exception(item: CalendarDay) -> DayException:
    title = clean_or_none(item.title)
    kind: _Kind = _KINDS.get(item.type or "", "other")
    if kind == "holiday" and (title or "").casefold() == _DAY_OFF:
        kind = "day_off"
    return DayException(date=item.date, kind=kind, title=title)


def _move(move: Transposition) -> DayException:
    weekday = move.schedule_for_weekday
    return DayException(
        date=move.date,
        kind="moved",
        title=clean_or_none(move.note),
        follows_weekday=weekday if weekday in _WEEKDAYS else None,
    )
