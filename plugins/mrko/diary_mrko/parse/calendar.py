"""Days that are not ordinary school days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

from diary_core.model import DayException
from diary_core.text import clean_or_none
from diary_mrko.wire.year import CalendarDay

_Kind = Literal["holiday", "vacation", "day_off", "other"]
_KINDS: Final[Mapping[str, _Kind]] = {"holiday": "holiday", "vacation": "vacation"}
_DAY_OFF: Final = "выходной"
"""The diary calls every day off a holiday; an ordinary weekend is told by this title."""


def exceptions(listed: Iterable[CalendarDay]) -> Mapping[date, DayException]:
    """Return the days that are not ordinary, by date; a type we do not know is kept as `other`."""
    return {item.date: _exception(item) for item in listed if item.type not in ("workday", None)}


def _exception(item: CalendarDay) -> DayException:
    title = clean_or_none(item.title)
    kind: _Kind = _KINDS.get(item.type or "", "other")
    if kind == "holiday" and (title or "").casefold() == _DAY_OFF:
        kind = "day_off"
    return DayException(date=item.date, kind=kind, title=title)
