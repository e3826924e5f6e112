"""Diaries are looked into ahead of the hours their families read, and rarely otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from tests.api.running import RunningGateway

from diary_api.retention import Retention
from diary_api.settings import Settings
from diary_api.storage.tables import ConnectionRow, HabitRow
from diary_api.work.habits import HOUR, Habit, no_habit
from diary_api.work.planning import planned

pytestmark = pytest.mark.anyio

SETTINGS = Settings()
EVENING = datetime(2026, 9, 16, 13, 0, tzinfo=UTC)
"""Wednesday, eight in the evening in Novosibirsk."""
CHANCES = [number / 20 for number in range(20)]


def reader(*hours: datetime) -> Habit:
    """Return the habit of a family that read in some hours."""
    habit = no_habit(hours[0])
    for hour in hours:
        habit = habit.and_read_in(hour)
    return habit


def looks(habit: Habit | None, now: datetime) -> list[timedelta]:
    """Return after how long many families of one habit are looked into next."""
    return [planned(SETTINGS, habit, now, chance) - now for chance in CHANCES]


def test_a_family_is_looked_into_ahead_of_its_hour() -> None:
    """Spread over the half hour before, so that the diary is not asked for everybody at once."""
    now = EVENING + timedelta(days=6, hours=22)  # two hours before the same hour of the next week
    ahead = looks(reader(EVENING).at(now), now)
    assert min(ahead) > HOUR * 2 - SETTINGS.watch_ahead
    assert max(ahead) <= HOUR * 2
    assert max(ahead) - min(ahead) > SETTINGS.watch_ahead * 0.9


def test_in_its_hour_it_is_looked_into_often() -> None:
    """As often as the setting says, never in step."""
    now = EVENING + timedelta(days=7, minutes=10)
    often = looks(reader(EVENING).at(now), now)
    assert min(often) >= SETTINGS.watch_every * 0.9
    assert max(often) <= SETTINGS.watch_every * 1.1
    assert len(set(often)) == len(often)


def test_who_was_looked_into_ahead_is_not_again_before_the_hour() -> None:
    """One look ahead is enough."""
    now = EVENING + timedelta(days=7) - timedelta(minutes=5)
    after = [look for look in looks(reader(EVENING).at(now), now) if look < timedelta(minutes=5)]
    assert len(after) <= len(CHANCES) // 4


@pytest.mark.parametrize("habit", [None, reader(EVENING - timedelta(days=60)).at(EVENING)])
def test_a_family_that_does_not_look_is_looked_into_rarely(habit: Habit | None) -> None:
    """Nobody who never read, or has long not, but changes are still seen within the day."""
    rarely = looks(habit, EVENING)
    assert min(rarely) >= SETTINGS.watch_rarely * 0.9
    assert max(rarely) <= SETTINGS.watch_rarely * 1.1


def test_between_its_hours_it_is_looked_into_rarely() -> None:
    """A habit does not make the rest of the week busy."""
    now = EVENING + timedelta(days=1)
    assert min(looks(reader(EVENING).at(now), now)) >= SETTINGS.watch_rarely * 0.9


def test_a_habit_fades_and_counts_an_hour_once() -> None:
    """Two processes that count the same hour count it once; weeks without reading wear it away."""
    once = reader(EVENING)
    assert once.and_read_in(EVENING) == once
    assert [any(once.at(EVENING + timedelta(weeks=weeks)).usual()) for weeks in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    twice = once.and_read_in(EVENING + timedelta(weeks=1))
    assert max(twice.weights) == 12


async def test_what_a_family_reads_shapes_when_it_is_looked_into(tiny: RunningGateway) -> None:
    """Its evenings are noted, written down, and looked ahead of in the next week."""
    family = await tiny.family("ivan")
    account_id = (await family.parent.get("/v1/me")).json()["id"]
    tiny.clock.now = EVENING + timedelta(minutes=10)
    for _ in range(3):
        await family.read("week")
    await tiny.gateway.habits.write()
    habit = await tiny.gateway.habits.of(account_id)
    assert habit is not None
    assert habit.counted_at == EVENING
    tiny.clock.now = EVENING + timedelta(days=7) - timedelta(minutes=90)
    await tiny.gateway.tasks.by_name()["look"](family.connection_id)
    async with tiny.gateway.storage.reading() as session:
        at = await session.scalar(select(ConnectionRow.look_at))
    assert at is not None
    assert EVENING + timedelta(days=7) - SETTINGS.watch_ahead <= at <= EVENING + timedelta(days=7)


async def test_a_habit_is_exported_erased_and_forgotten(tiny: RunningGateway) -> None:
    """It is the family's own."""
    family = await tiny.family("ivan")
    tiny.clock.now = EVENING
    await family.read("week")
    await tiny.gateway.habits.write()
    exported = (await family.parent.get("/v1/me/export")).json()["reading_hours"]
    assert exported[-1] == {"weekday": 3, "hour": 13, "weight": 8}
    tiny.clock.move(timedelta(days=70))
    await Retention(tiny.gateway.storage, tiny.gateway.settings, tiny.clock).sweep()
    async with tiny.gateway.storage.reading() as session:
        assert await session.scalar(select(func.count()).select_from(HabitRow)) == 0
