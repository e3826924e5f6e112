"""For how long an answer is fresh: shorter while lessons are held, by the school's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from diary_api.settings import Settings

_SUNDAY: Final = 6
_SUMMER: Final = frozenset({6, 7, 8})
"""Months without lessons, whatever the school's calendar says of the rest."""


def fresh_for(settings: Settings, kind: str, local: datetime) -> timedelta:
    """Return for how long an answer of some kind is fresh.

    Args:
        settings: Of the operator.
        kind: What is read.
        local: The present moment in the school's own zone.
    """
    usual = settings.freshness.of(kind)
    return min(usual, settings.school_hours.of(kind, usual)) if is_school(settings, local) else usual


def is_school(settings: Settings, local: datetime) -> bool:
    """Tell whether a moment, in the school's own zone, lies in school hours."""
    hours = settings.school_hours
    return (
        local.weekday() != _SUNDAY and local.month not in _SUMMER and hours.begin <= local.time() < hours.end
    )
