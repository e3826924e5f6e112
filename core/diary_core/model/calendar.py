"""Time as a school tells it: plain days, wall times, and the zone they belong to.

A day is the school's own, a time of the day is what its clock on the wall shows.
Neither is ever cut out of an instant: for the greater part of Russia it is another day in UTC every evening.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment


def _a_day(written: object) -> object:
    if isinstance(written, datetime) or not isinstance(written, date | str):
        raise ValueError("a school day is a plain date, never cut from an instant")  # noqa: TRY004  pydantic's way
    if isinstance(written, str) and not _DAY.fullmatch(written):
        raise ValueError("a school day is written YYYY-MM-DD")
    return written


def _on_the_wall(told: time) -> time:
    if told.tzinfo is not None:
        raise ValueError("a time of the day has no zone of its own")
    return told


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("no such time zone") from error


Moment = Annotated[datetime, AfterValidator(_aware)]
"""An instant with its zone; a naive one is refused."""

SchoolDate = Annotated[date, BeforeValidator(_a_day)]
"""A day of the school; an instant is refused, also one of midnight."""

WallTime = Annotated[
    time,
    AfterValidator(_on_the_wall),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}:\d{2}(\.\d+)?$", "examples": ["08:30:00"]}),
]
"""What the clock on the school's wall shows; one with a zone is refused.

JSON Schema's own `time` wants a zone, so the form is described by a pattern.
"""

ZoneName = Annotated[str, AfterValidator(_known)]
"""IANA name of a time zone, such as `Asia/Yekaterinburg`."""
