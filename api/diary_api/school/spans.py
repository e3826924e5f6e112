"""Spans of school days, as a request names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, WithJsonSchema

from diary_core.errors import SpanReversed, SpanTooLong
from diary_core.model import SchoolDate

LONGEST_DAYS = 366
"""A school year, the leap day included."""

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)


def _within_reason(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        raise ValueError(f"must lie between {_FIRST} and {_LAST}")
    return day


Day = Annotated[SchoolDate, AfterValidator(_within_reason)]
"""A school day a diary may know."""
AnyDay = Annotated[Day | None, WithJsonSchema({"type": "string", "format": "date"})]
"""A school day in a query that may do without."""


@dataclass(frozen=True)
class Span:
    """School days, both ends inclusive."""

    since: date
    until: date

    @property
    def ends(self) -> tuple[str, str]:
        """Return both ends as written."""
        return self.since.isoformat(), self.until.isoformat()


async def asked_span(
    since: Annotated[Day, Query(description="First school day, inclusive.", examples=["2026-09-14"])],
    until: Annotated[Day, Query(description="Last school day, inclusive.", examples=["2026-09-20"])],
) -> Span:
    """Read a span from a query.

    Raises:
        SpanReversed: It ends before it begins.
        SpanTooLong: It is longer than a school year.
    """
    return span_of(since, until)


def span_of(since: date, until: date) -> Span:
    """Return a span, both ends inclusive.

    Raises:
        SpanReversed: It ends before it begins.
        SpanTooLong: It is longer than a school year.
    """
    if until < since:
        raise SpanReversed(f"{until} lies before {since}", field="until")
    if (until - since).days + 1 > LONGEST_DAYS:
        raise SpanTooLong(f"{since}…{until} is longer than {LONGEST_DAYS} days", field="until")
    return Span(since, until)


def week_of(day: date) -> Span:
    """Return the Monday-to-Sunday week of a day."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))
