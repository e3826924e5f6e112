"""When to look into a diary next: ahead of the hours its family reads, often in them, rarely otherwise."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from diary_api.clock import hour_of
from diary_api.settings import Settings
from diary_api.storage.tables import ConnectionRow
from diary_api.work.habits import HOUR, HOURS, Habit, Habits, place_of

_SPREAD = 0.1
"""By which part of itself a pause is made shorter or longer, so that looks never come in step."""


@dataclass(frozen=True)
class Planning:
    """Spreads looks over time."""

    settings: Settings
    habits: Habits

    def first_look(self, now: datetime) -> datetime:
        """Return when a diary is looked into for the first time; its parent has just read it."""
        return now + self.settings.watch_every * random.random()  # noqa: S311  spreads, hides nothing

    async def next_look(self, link: ConnectionRow, now: datetime) -> datetime:
        """Return when to look into a diary again."""
        habit = await self.habits.of(link.account_id)
        chance = random.random()  # noqa: S311  as above
        return planned(self.settings, None if habit is None else habit.at(now), now, chance)


def planned(settings: Settings, habit: Habit | None, now: datetime, chance: float) -> datetime:
    """Return when to look next.

    Args:
        settings: How often in the hours a family reads, how long before them, and how often otherwise.
        habit: Of the family, as it is now.
        now: When it was looked into last.
        chance: From 0 to 1: spreads the looks of many families over the time that is right for each.
    """
    spread = 1 + _SPREAD * (2 * chance - 1)
    rarely = now + max(settings.watch_rarely, settings.watch_every) * spread
    if habit is None or not any(usual := habit.usual()):
        return rarely
    if usual[place_of(now)]:
        return now + settings.watch_every * spread
    hour = _next_usual(usual, now)
    ahead = hour - settings.watch_ahead * chance
    if ahead <= now:  # it was just looked into for this hour
        ahead = hour + settings.watch_every * chance
    return min(rarely, ahead)


def _next_usual(usual: tuple[bool, ...], now: datetime) -> datetime:
    this, place = hour_of(now), place_of(now)
    away = next(hours for hours in range(1, HOURS + 1) if usual[(place + hours) % HOURS])
    return this + HOUR * away
