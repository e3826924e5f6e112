"""Presence and the day's regime: world → wire → HTTP → plugin → model equals the world, in both systems."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.oracle import presence
from tests.oracle.compare import Comparison
from tests.oracle.systems import MESH, opened
from tests.oracle.test_world import FIRST, LAST, SEEDS, SUMMER, YEAR, someone

from diary_core.abilities import ReadsAttendance, ReadsBells, ReadsCalendar, ReadsMeals, ReadsVisits, able
from diary_core.testing import checks
from diary_sandbox.serve import running_sandbox

pytestmark = pytest.mark.anyio

BELLS_EVERY_DAYS = 4
"""Each town begins on another day, so that four of them ask for all."""


@pytest.mark.parametrize("lens", presence.LENSES.values(), ids=presence.LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_presence_of_a_year_equals_the_world(lens: presence.PresenceLens, seed: int) -> None:
    """Absences and the calendar of a whole year, each in one call, and the bells throughout it."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            absences = await able(diary, ReadsAttendance).attendance(place.id, FIRST, LAST)
            comparison.each(absences.items, lens.attendance(world, child.id, FIRST, LAST), "attendance")
            days = await able(diary, ReadsCalendar).calendar(place.id, FIRST, LAST)
            comparison.each(days.items, lens.calendar(world, child.id, FIRST, LAST), "calendar")
            assert (absences.partial, days.partial) == ((), ())
            for number in range(seed % BELLS_EVERY_DAYS, (LAST - FIRST).days + 1, BELLS_EVERY_DAYS):
                on = FIRST + timedelta(days=number)
                bells = await able(diary, ReadsBells).bells(place.id, on)
                comparison.each(bells.items, lens.bells(world, child.id, on), f"bells {on}")
    assert comparison.differences[:20] == []
    assert comparison.gaps == set()


@pytest.mark.parametrize("seed", SEEDS)
async def test_gates_and_meals_of_a_year_equal_the_world(seed: int) -> None:
    """Passes and canteen movements of a whole year of a Moscow child, and the balance, to the kopeck."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, MESH, seed)
        async with opened(MESH, sandbox, parent_id, child) as (diary, place):
            passes = await able(diary, ReadsVisits).visits(place.id, FIRST, LAST)
            comparison.each(passes.items, presence.visits(world, child.id, FIRST, LAST), "visits")
            meals = able(diary, ReadsMeals)
            account = await meals.meal_account(place.id)
            comparison.each(account.items, presence.meal_account(world, child.id), "account")
            moved = await meals.meal_entries(place.id, FIRST, LAST)
            comparison.each(moved.items, presence.meal_entries(world, child.id, FIRST, LAST), "meals")
            assert (passes.partial, moved.partial) == ((), ())
            for dates in ([one.date for one in passes.items], [one.date for one in moved.items]):
                assert checks.outside(dates, FIRST, LAST) == []
    assert comparison.differences[:20] == []
    assert comparison.gaps == set()
