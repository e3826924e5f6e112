"""When to look into a diary next: often while its family reads, rarely otherwise."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from diary_api.settings import Settings
from diary_api.storage.tables import ConnectionRow

_SPREAD = 0.1
"""By which part of itself a pause is made shorter or longer, so that looks never come in step."""


@dataclass(frozen=True)
class Planning:
    """Spreads looks over time."""

    settings: Settings

    def first_look(self, now: datetime) -> datetime:
        """Return when a diary is looked into for the first time; its parent has just read it."""
        return now + self.settings.watch_every * random.random()  # noqa: S311  spreads, hides nothing

    async def next_look(self, link: ConnectionRow, now: datetime) -> datetime:
        """Return when to look into a diary again."""
        del link
        return now + self.settings.watch_every * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311  as above
