"""Towns to test with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from tests.more import quick_first

from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.world import Absence, Child, HomeworkTask, Lesson, Mark, World
from diary_sandbox.world.personas import FAMILIES

PERSONAS = len(FAMILIES)
SEEDS = range(1, 21)
EACH_SEED = quick_first(SEEDS, quick=4)
YEAR = 2026
FIRST_DAY, LAST_DAY = date(YEAR, 9, 1), date(YEAR + 1, 8, 31)
AUTUMN = datetime(YEAR, 11, 25, 12, 0, tzinfo=MOSCOW)
AFTER = datetime(YEAR + 1, 8, 31, 23, 0, tzinfo=MOSCOW)


def town(seed: int = 1, *, now: datetime = AUTUMN, families: int = PERSONAS, year: int = YEAR) -> World:
    """Return a town whose clock stands still."""
    return World(seed=seed, families=families, year=year, clock=Clock(now))


def pupils(world: World) -> Iterator[Child]:
    """Yield the children of every family, oldest first."""
    for family_id in range(1, world.families() + 1):
        for child_id in world.family(family_id).child_ids:
            yield world.child(child_id)


def persona_child(world: World, key: str, place: int = 0) -> Child:
    """Return a child of a persona, by place among the children it sees."""
    persona = next(persona for persona in world.personas() if persona.key == key)
    return world.children_of(persona.parent_id)[place]


def mondays(since: date = FIRST_DAY, until: date = LAST_DAY) -> Iterator[date]:
    """Yield the Mondays of the weeks of a span."""
    monday = since - timedelta(days=since.weekday())
    while monday <= until:
        yield monday
        monday += timedelta(days=7)


@dataclass
class Diary:
    """One pupil's whole year as it is known now, read once."""

    world: World
    child: Child

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """Own lessons."""
        return self.world.lessons(self.child.id, FIRST_DAY, LAST_DAY)

    @cached_property
    def class_lessons(self) -> tuple[Lesson, ...]:
        """Lessons of the class with its other subgroup."""
        return self.world.class_lessons(self.child.class_id, FIRST_DAY, LAST_DAY)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Marks."""
        return self.world.marks(self.child.id, FIRST_DAY, LAST_DAY)

    @cached_property
    def homework(self) -> tuple[HomeworkTask, ...]:
        """Homework."""
        return self.world.homework(self.child.id, FIRST_DAY, LAST_DAY)

    @cached_property
    def absences(self) -> tuple[Absence, ...]:
        """Absences."""
        return self.world.absences(self.child.id, FIRST_DAY, LAST_DAY)
