"""Scalars and lists as Дневник.ру writes them: ids, local days, naive UTC moments, lists that may be null."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict

from diary_core.text import decimal

_ID = re.compile(r"-?[0-9]{1,20}")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")
_YEARS = range(1900, 2200)
"""A year outside is a sentinel such as .NET's 0001-01-01, not a date of a school."""

T = TypeVar("T")


class Wire(BaseModel):
    """One object of the wire."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def twin(name: str) -> AliasChoices:
    """Return both names of an id: the number, and the text some answers send beside it."""
    return AliasChoices(name, f"{name}_str")


def empty_list_as_object(value: object) -> object:
    """Read `[]` as an object without anything in it: an empty answer may come so."""
    return {} if value == [] else value


def _id(value: object) -> str:
    match value:
        case bool():
            raise ValueError("an id is no truth value")
        case int() | str():
            text = str(value).strip()
        case _:
            raise ValueError("an id is a whole number or its digits")
    if not _ID.fullmatch(text):
        raise ValueError("an id is digits only")
    return text


def _id_or_none(value: object) -> str | None:
    return None if value is None or value == "" else _id(value)


def _text(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case int() | float() if not isinstance(value, bool):
            return str(value)
        case _:
            raise ValueError("a text is a string, or a number where a string was meant")


def _written(value: object) -> datetime | None:
    """Read an ISO moment; None for nothing and for a sentinel year."""
    match value:
        case None | "":
            return None
        case str():
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.year in _YEARS else None
        case _:
            raise ValueError("a date is an ISO string")


def _day_or_none(value: object) -> date | None:
    written = _written(value)
    return None if written is None else written.date()


def _day(value: object) -> date:
    day = _day_or_none(value)
    if day is None:
        raise ValueError("a date is missing")
    return day


def _utc_or_none(value: object) -> datetime | None:
    written = _written(value)
    if written is None:
        return None
    return written.replace(tzinfo=UTC) if written.tzinfo is None else written.astimezone(UTC)


def _instant(value: object) -> datetime | None:
    """Read seconds since 1970, or ISO; a naive one is in UTC, as all instants here."""
    if isinstance(value, bool):
        raise ValueError("an instant is no truth value")  # noqa: TRY004  pydantic's way
    if isinstance(value, int | float):
        try:
            moment = datetime.fromtimestamp(value, tz=UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise ValueError("an instant lies outside the calendar") from error
        return moment if moment.year in _YEARS else None
    if isinstance(value, str) and value.strip().isdecimal():
        return _instant(int(value[:20]))
    return _utc_or_none(value)


def _hours(value: object) -> tuple[time, time] | None:
    found = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    try:
        starts, ends = time(start_hour, start_minute), time(end_hour, end_minute)
    except ValueError:
        return None
    return (starts, ends) if starts < ends else None


def _clock(value: object) -> time | None:
    """Read the clock part of a moment: its date carries nothing, and may be a sentinel."""
    match value:
        case None | "":
            return None
        case str():
            return datetime.fromisoformat(value.strip()).time()
        case _:
            raise ValueError("a time is part of an ISO string")


def _number(value: object) -> Decimal | None:
    match value:
        case None | str():
            return decimal(value)
        case int() | float() if not isinstance(value, bool):
            return decimal(value)
        case _:
            raise ValueError("a number is a number, or its digits with a point or a comma")


def _line(value: object) -> str:
    return value if isinstance(value, str) else ""


def _rows(value: object) -> object:
    """Read null as an empty list, and leave null rows out."""
    if value is None:
        return ()
    return [row for row in value if row is not None] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]  rows of anything, validated next


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, dict) else _rows(value)  # pyright: ignore[reportUnknownVariableType]  an object of anything, validated next


Id = Annotated[str, BeforeValidator(_id)]
"""An id up to 19 digits, kept as text; sent as a number, or as its `_str` twin."""
IdOrNone = Annotated[str | None, BeforeValidator(_id_or_none)]
Text = Annotated[str | None, BeforeValidator(_text)]
"""Text as sent: not cleaned yet."""
Line = Annotated[str, BeforeValidator(_line)]
"""Text where anything may stand; what is no text is empty."""
LocalDay = Annotated[date, BeforeValidator(_day)]
"""The school's local date, sent as its midnight without a zone."""
LocalDayOrNone = Annotated[date | None, BeforeValidator(_day_or_none)]
UtcMoment = Annotated[datetime | None, BeforeValidator(_utc_or_none)]
"""An instant, sent in UTC without saying so; None for .NET's year 1."""
Instant = Annotated[datetime | None, BeforeValidator(_instant)]
"""An instant as the phones' API writes it: seconds, or ISO with an offset."""
Hours = Annotated[tuple[time, time] | None, BeforeValidator(_hours)]
"""Wall times `08:30 - 09:10`; None when it says something else, or ends before it starts."""
Clock = Annotated[time | None, BeforeValidator(_clock)]
"""A wall time, sent as a moment of no particular day."""
Number = Annotated[Decimal | None, BeforeValidator(_number)]
"""A decimal with a point or a comma."""
Rows = Annotated[tuple[T, ...], BeforeValidator(_rows)]
"""A list; null is an empty one."""
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_one_or_more)]
"""A list, or its only row alone."""
