"""Wall time of the school and instants: every naive value is the server's own local time.

Offsets are accepted where the calendar sends them. Source: `docs/sources.md`, МЭШ.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from diary_core.errors import RegionChanged

_FIRST_YEAR: Final = 1970


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the same instant on the school's own clock.

    Raises:
        RegionChanged: It lies outside the calendar there, or before there were diaries.
    """
    try:
        told = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except OverflowError as error:
        raise RegionChanged("a moment lies outside the calendar") from error
    if told.year < _FIRST_YEAR:
        raise RegionChanged("a moment lies before there were diaries")
    return told


def local_or_none(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return the same instant on the school's own clock, when there is one."""
    return None if moment is None else local(moment, zone)
