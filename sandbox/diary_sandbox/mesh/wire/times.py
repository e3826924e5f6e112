"""How МЭШ writes moments: each service has a way of its own, all of them in the school's wall time."""

from datetime import UTC, date, datetime, time, tzinfo


def naive(moment: datetime, zone: tzinfo) -> str:
    """Return `2026-09-14T15:02:11`: no zone, the school's wall time."""
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def with_offset(on: date, at: time, zone: tzinfo) -> str:
    """Return `2026-09-14T08:30:00+03:00`."""
    return datetime.combine(on, at, zone).isoformat(timespec="seconds")


def utc(on: date, at: time, zone: tzinfo) -> str:
    """Return `2026-09-14T05:30:00Z` for a wall time."""
    return f"{datetime.combine(on, at, zone).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def plain(on: date, at: time) -> str:
    """Return `2026-09-14T08:30:00` for a wall time."""
    return f"{on.isoformat()}T{at:%H:%M:%S}"


def epoch(on: date, at: time, zone: tzinfo) -> int:
    """Return seconds since the epoch for a wall time."""
    return int(datetime.combine(on, at, zone).timestamp())


def spaced(moment: datetime, zone: tzinfo) -> str:
    """Return `2026-09-14 15:02:11.123`, the notification feed's way."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}"


def spaced_day(on: date) -> str:
    """Return `2026-09-14 00:00:00`, the notification feed's way to write a day."""
    return f"{on.isoformat()} 00:00:00"


def clock(at: time) -> str:
    """Return `08:30`."""
    return f"{at:%H:%M}"


def day_month(on: date) -> str:
    """Return `01.09`."""
    return f"{on:%d.%m}"


def dotted(on: date) -> str:
    """Return `20.05.2013`."""
    return f"{on:%d.%m.%Y}"
