"""Values the servers write in more than one way, and the one way we read each.

Source: `docs/sources.md`, МЭШ: the union of what clients met.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from diary_core.text import decimal


class Wire(BaseModel):
    """What a server sent, as far as we name it; everything else is left behind here."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


T = TypeVar("T")

_UNSIGNED = 1 << 32
"""A debt may come as the 32-bit number without its sign: 4294959296 is −8000."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
_NO_TIME = ("", "-", "–", "—")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")


def _listed(value: object) -> object:
    """Read null as an empty list, and a lone object as a list of one."""
    if value is None:
        return ()
    return [value] if isinstance(value, dict) else value  # pyright: ignore[reportUnknownVariableType]  JSON


def _items_only(value: object) -> object:
    """Read null, and an object that only counts what a list would hold, as an empty list."""
    return () if value is None or isinstance(value, dict) else value


def _flag(value: object) -> object:
    return False if value is None else value


def _text(value: object) -> object:
    """Read a blank text as none."""
    return None if isinstance(value, str) and not value.strip() else value


def _number(value: object) -> object:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number = decimal(value) if isinstance(value, str | int | float | Decimal) else None
    if number is None:
        raise ValueError("should be a number, in digits or as text")
    return number


def _kopecks(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("should be a sum, not a truth value")  # noqa: TRY004  pydantic's way
    if isinstance(value, int) and _UNSIGNED // 2 <= value < _UNSIGNED:
        return value - _UNSIGNED
    return value


def _moment(value: object) -> object:
    """Read a point in time: ISO with or without an offset, `dd.MM.yyyy HH:mm`, or epoch seconds."""
    if isinstance(value, bool):
        return str(value)  # refused below, though it is a number to Python
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value, tz=UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise ValueError("should be a date with a time") from error
    dotted = _DOTTED.fullmatch(value.strip()) if isinstance(value, str) else None
    if dotted is None:
        return _text(value)
    day, month, year, hour, minute, second = (int(part or 0) for part in dotted.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  wall time, given its zone later
    except ValueError as error:
        raise ValueError("should be a date with a time") from error


def _clock(value: object) -> object:
    """Read `HH:MM`; "-" and a blank stand for a time that is not known."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("should be a time of the day, as text")  # noqa: TRY004  pydantic's way
    written = value.strip()
    if written in _NO_TIME:
        return None
    found = _CLOCK.fullmatch(written)
    if found is None:
        raise ValueError("should be a time of the day")
    return time(int(found[1]), int(found[2]))


def _day(value: object) -> object:
    """Read a plain date: ISO, `dd.MM.yyyy`, `[y, m, d]`, or a local date with a time after it.

    A moment with an offset is refused: its school day depends on a zone this layer does not know.
    """
    if isinstance(value, list | tuple):
        return _day_of_parts(tuple(value))  # pyright: ignore[reportUnknownArgumentType]  checked inside
    if not isinstance(value, str):
        return value
    text = value.strip()
    if dotted := _DOTTED.fullmatch(text):
        return _day_of_parts(tuple(int(part) for part in dotted.groups()[2::-1]))
    if len(text) > len("2026-09-14"):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return value
        if moment.tzinfo is None:
            return moment.date()
    return _text(value)


def _day_of_parts(parts: tuple[object, ...]) -> date:
    match parts:
        case (int(year), int(month), int(day)):
            try:
                return date(year, month, day)
            except (ValueError, OverflowError) as error:
                raise ValueError("should be a date") from error
        case _:
            raise ValueError("should be a date")


Listed = Annotated[tuple[T, ...], BeforeValidator(_listed)]
"""A list, null, or a lone object."""

ItemsOnly = Annotated[tuple[T, ...], BeforeValidator(_items_only)]
"""A list, null, or an object of counts in its place."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""True, false, or null for false."""

Id = str
"""A number or a text; always text from here on."""

MaybeText = Annotated[str | None, BeforeValidator(_text)]
"""A text or null; "" and blanks are null."""

MaybeNumber = Annotated[Decimal | None, BeforeValidator(_number)]
"""A number, a text with a point or a comma, "" or null."""

Kopecks = Annotated[int, Field(ge=-(10**12), le=10**12), BeforeValidator(_kopecks)]
"""Money, signed; what comes as an unsigned 32-bit number gets its sign back."""

MaybeMoment = Annotated[datetime | None, BeforeValidator(_moment)]
"""Naive for the server's own local time, aware where it gave an offset or epoch seconds."""

WireMoment = Annotated[datetime, BeforeValidator(_moment)]
"""As `MaybeMoment`, never null."""

MaybeClock = Annotated[time | None, BeforeValidator(_clock)]
"""A time on the school's wall, or none."""

MaybeDay = Annotated[date | None, BeforeValidator(_day)]
"""A school date or null."""

Day = Annotated[date, BeforeValidator(_day)]
"""A school date."""
