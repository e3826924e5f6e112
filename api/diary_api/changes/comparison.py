"""Telling what is new: what was known against what is seen, pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from diary_api.changes.things import Name, Seen


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was."""

    day: date
    before: Seen | None
    after: Seen | None

    @property
    def name(self) -> Name:
        """Return what kind of thing it is."""
        return (self.after or self._before).name

    @property
    def kind(self) -> Literal["appeared", "changed", "vanished"]:
        """Return what became of it."""
        if self.before is None:
            return "appeared"
        return "vanished" if self.after is None else "changed"

    @property
    def _before(self) -> Seen:
        assert self.before is not None  # noqa: S101  one of the two is there
        return self.before


def differences(
    before: Mapping[date, Sequence[Seen] | None],
    now: Mapping[date, Sequence[Seen]],
    *,
    watched_since: date,
    today: date,
) -> Iterator[Difference]:
    """Yield what is news, by day.

    On a day that is met for the first time, only what came into being after the diary was first looked at is
    news. What does not tell when it did came with its day; on a day ahead it is the plan, and no news.

    Args:
        before: What was known of each day; None for a day that is met for the first time.
        now: What is seen on the same days.
        watched_since: The day the diary was first looked at.
        today: The school's own.
    """
    was = {seen.key: seen for day in before for seen in before[day] or ()}
    stays = {seen.key for things in now.values() for seen in things}
    for day in sorted(now):
        first_time = before[day] is None
        for seen in now[day]:
            earlier = was.get(seen.key)
            if earlier is None:
                born = seen.born_on or day
                if not first_time or (watched_since < born <= today and not seen.ordinary):
                    yield Difference(day, None, seen)
            elif earlier.body != seen.body:
                yield Difference(day, earlier, seen)
        for seen in before[day] or ():
            if seen.key not in stays:
                yield Difference(day, seen, None)
