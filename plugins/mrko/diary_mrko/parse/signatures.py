"""Signed and unsigned weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from diary_core.model import UNSUPPORTED, Maybe, Moment, WeekSignature
from diary_mrko.parse.moments import local_or_none
from diary_mrko.wire.signatures import SignedWeek

_WEEK: Final = timedelta(weeks=1)


def monday_of(day: date) -> date:
    """Return the first day of a week."""
    return day - timedelta(days=day.weekday())


def signatures(
    signed: Iterable[SignedWeek], student_id: str, since: date, until: date, zone: ZoneInfo
) -> Iterator[WeekSignature]:
    """Yield every week that meets a span, oldest first; the diary lists the signed ones alone.

    Args:
        signed: By whichever adult; a week two have signed is told as of the first of them.
        student_id: What is said of another child is dropped.
        since: First day, inclusive.
        until: Last day, inclusive.
        zone: The school's.
    """
    own = [one for one in signed if one.student_profile_id in (None, student_id)]
    week = monday_of(since)
    while week <= until:
        moments = [local_or_none(one.created_at, zone) for one in own if monday_of(one.week) == week]
        yield WeekSignature(week=week, signed=bool(moments), signed_at=_first(moments) if moments else None)
        week += _WEEK


def _first(moments: Iterable[Moment | None]) -> Maybe[Moment]:
    return min((moment for moment in moments if moment is not None), default=UNSUPPORTED)
