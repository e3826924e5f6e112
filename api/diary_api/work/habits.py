"""When each family reads, so that the gateway can look ahead of it.

Kept is one small number for each hour of the week, sealed, that fades by half every week: nothing tells what
was read, or that one day. The week is counted in UTC, from which Russian zones keep their distance all year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from diary_api.clock import Clock, hour_of
from diary_api.storage import Storage
from diary_api.storage.tables import AccountRow, HabitRow
from diary_api.storage.tally import Tally

HOUR: Final = timedelta(hours=1)
HOURS: Final = 168
_ONCE = 8
"""What one hour of reading weighs; half of it a week later."""
_USUAL = 4
"""What makes an hour a usual one: it was read in during this week or the last."""
_OF_MOST = 4
"""And it weighs at least the fourth part of the heaviest."""
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Habit:
    """In which hours of the week a family reads."""

    weights: bytes
    """Of each hour of the week, Monday first, in UTC."""
    counted_at: datetime
    """The beginning of the last hour that was counted."""

    def and_read_in(self, hour: datetime) -> Habit:
        """Return the habit with one more hour of reading in it; an hour is counted once."""
        if hour <= self.counted_at:
            return self
        weights = bytearray(self.at(hour).weights)
        place = place_of(hour)
        weights[place] = min(255, weights[place] + _ONCE)
        return Habit(bytes(weights), hour)

    def at(self, now: datetime) -> Habit:
        """Return the habit as it has faded since."""
        weeks = max(0, _week(now) - _week(self.counted_at))
        return Habit(bytes(weight >> min(weeks, 8) for weight in self.weights), self.counted_at)

    def usual(self) -> tuple[bool, ...]:
        """Return which hours of the week the family usually reads in."""
        least = max(_USUAL, max(self.weights) // _OF_MOST)
        return tuple(weight >= least for weight in self.weights)


def no_habit(hour: datetime) -> Habit:
    """Return what is known of a family before its first reading."""
    return Habit(bytes(HOURS), hour - HOUR)


def place_of(at: datetime) -> int:
    """Return which hour of the week an instant lies in."""
    at = at.astimezone(UTC)
    return at.weekday() * 24 + at.hour


class Habits(Tally[tuple[str, datetime], int]):
    """The habits of every account, counted by account and hour."""

    what = "when families read"
    write_after_s = 60.0

    def __init__(self, storage: Storage, clock: Clock) -> None:
        super().__init__(storage, clock)
        self._hour: datetime | None = None
        self._seen: set[str] = set()
        """Accounts that were counted in this hour already."""

    def note(self, account_id: str) -> None:
        """Count that an account reads now."""
        hour = hour_of(self.clock())
        if hour != self._hour:
            self._hour = hour
            self._seen.clear()
        if account_id not in self._seen:
            self._seen.add(account_id)
            self.count((account_id, hour), 1)

    async def of(self, account_id: str) -> Habit | None:
        """Return the habit of an account; None while it has none."""
        async with self.storage.reading() as session:
            row = await session.get(HabitRow, account_id)
        return None if row is None else self._opened(row)

    @override
    async def put(self, session: AsyncSession, counted: Mapping[tuple[str, datetime], int]) -> None:
        for account_id, hour in counted:
            await self._count(session, account_id, hour)

    async def _count(self, session: AsyncSession, account_id: str, hour: datetime) -> None:
        row = await session.get(HabitRow, account_id, with_for_update=True)
        if row is None:
            if await session.get(AccountRow, account_id) is None:
                return  # erased meanwhile
            row = HabitRow(account_id=account_id)
            session.add(row)
            habit = no_habit(hour).and_read_in(hour)
        else:
            habit = self._opened(row).and_read_in(hour)
        row.counted_at = habit.counted_at
        row.hours_sealed = self.storage.ring.seal(habit.weights, place=_place(account_id))

    def _opened(self, row: HabitRow) -> Habit:
        return Habit(self.storage.ring.open(row.hours_sealed, place=_place(row.account_id)), row.counted_at)


async def sweep(session: AsyncSession, before: datetime) -> None:
    """Forget the habits of families that have not read since."""
    await session.execute(delete(HabitRow).where(HabitRow.counted_at < before))


def hours_of(habit: Habit | None) -> Iterable[tuple[int, int, int]]:
    """Yield day of the week (1 is Monday), hour and weight of every hour that weighs something."""
    if habit is not None:
        yield from (
            (place // 24 + 1, place % 24, weight) for place, weight in enumerate(habit.weights) if weight
        )


def _place(account_id: str) -> str:
    return f"habits.hours:{account_id}"


def _week(at: datetime) -> int:
    return (at - _MONDAY).days // 7
