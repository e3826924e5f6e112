"""Dates and times as the wire writes and reads them.

Two rules a client must tell apart: school days are local calendar dates at midnight, while the moments
a mark or an absence was entered are naive UTC instants with a fraction of a second.
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d{1,7})?)?)?"
    r"(?:Z|[+-]\d{2}:?\d{2})?"
)

_YEARS = range(1900, 2200)


def read_day(text: str) -> date | None:
    """Return the calendar date of a parameter, or None when it is not one.

    Accepts what clients send: a bare date or one with a time, `T` or a blank between them, unpadded
    parts, any fraction. The time of day is checked and dropped: every range here is of whole days.
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    parts = {name: int(value) for name, value in found.groupdict(default="0").items()}
    try:
        time(parts["hour"], parts["minute"], parts["second"])
        day = date(parts["year"], parts["month"], parts["day"])
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def local_midnight(day: date) -> str:
    """Return `2025-11-18T00:00:00`: a school day, in the school's own calendar."""
    return f"{day.isoformat()}T00:00:00"


def naive_utc(moment: datetime, *, digits: int = 3) -> str:
    """Return an aware moment as a naive UTC instant with that many digits of fraction (3 or 6)."""
    in_utc = moment.astimezone(UTC).replace(tzinfo=None)
    return in_utc.isoformat(timespec="milliseconds" if digits == 3 else "microseconds")


def offset_text(zone: ZoneInfo, day: date) -> str:
    """Return the zone's offset from UTC on that day as `HH:MM`, the form of `users.timezone`."""
    minutes = offset_minutes(zone, day)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def offset_minutes(zone: ZoneInfo, day: date) -> int:
    """Return the zone's offset from UTC at noon of that day, in minutes."""
    offset = datetime.combine(day, time(12), tzinfo=zone).utcoffset()
    if offset is None:
        raise ValueError(f"zone {zone!r} has no offset")
    return int(offset.total_seconds() // 60)
