"""The same seed, families and year are the same town, whatever is asked first and wherever it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from diary_sandbox.world import World

from .towns import AFTER, AUTUMN, FIRST_DAY, LAST_DAY, persona_child, pupils, town

_WEEK = (date(2026, 11, 9), date(2026, 11, 15))
_YEAR = (FIRST_DAY, LAST_DAY)


def questions(world: World) -> dict[str, Callable[[], object]]:
    """Return many different questions about a few pupils, by name."""
    asked: dict[str, Callable[[], object]] = {
        "schools": world.schools,
        "holidays": world.holidays,
        "moves": world.moved_days,
    }
    for child in list(pupils(world))[:5]:
        number, class_id = child.id, child.class_id
        asked |= {
            f"child {number}": lambda n=number: world.child(n),
            f"guardians {number}": lambda n=number: world.guardians_of(n),
            f"lessons {number}": lambda n=number: world.lessons(n, *_YEAR),
            f"homework {number}": lambda n=number: world.homework(n, *_YEAR),
            f"assigned {number}": lambda n=number: world.homework(n, *_WEEK, by="assigned"),
            f"marks {number}": lambda n=number: world.marks(n, *_YEAR),
            f"entered {number}": lambda n=number: world.marks(n, *_WEEK, by="entered"),
            f"results {number}": lambda n=number: world.results(n),
            f"former {number}": lambda n=number: world.past_years(n),
            f"absences {number}": lambda n=number: world.absences(n, *_YEAR),
            f"days {number}": lambda n=number: world.absence_days(n, *_YEAR),
            f"notices {number}": lambda n=number: world.absence_notices(n, *_YEAR),
            f"visits {number}": lambda n=number: world.visits(n, *_YEAR),
            f"meals {number}": lambda n=number: (world.meal_account(n), world.meal_entries(n, *_YEAR)),
            f"remarks {number}": lambda n=number: world.remarks(n, *_YEAR),
            f"signatures {number}": lambda n=number: world.signatures(n),
            f"news {number}": lambda c=class_id: world.announcements(c, *_YEAR),
            f"plan {number}": lambda c=class_id: (world.study_plan(c), world.terms(c), world.pupils(c)),
            f"class {number}": lambda c=class_id: (
                world.class_lessons(c, *_WEEK),
                world.class_marks(c, *_WEEK),
            ),
        }
    return asked


def test_order_of_questions_does_not_matter() -> None:
    """Two equal towns asked in different orders, some questions twice, answer alike."""
    first = {name: ask() for name, ask in questions(town(7)).items()}
    for order in range(2):
        asked = list(questions(town(7)).items())
        Random(order).shuffle(asked)
        again = {name: ask() for name, ask in asked + asked[:20]}
        assert [name for name in first if first[name] != again[name]] == []


def test_seeds_differ() -> None:
    """Another seed is another town: not one mark list or timetable of a persona is the same."""
    answers = [questions(town(seed)) for seed in (1, 2)]
    alike = [
        name
        for name, ask in answers[0].items()
        if name.split()[0] in ("lessons", "homework", "marks", "results")
        and ask() == answers[1][name]() != ()
    ]
    assert alike == []


def test_years_differ() -> None:
    """The same family in another year has other lessons."""
    now, later = town(1), town(1, year=2027, now=AUTUMN.replace(year=2027))
    child_id = persona_child(now, "moscow_mother").id
    assert now.lessons(child_id, *_WEEK)
    assert later.lessons(child_id, *_WEEK) == ()


def test_the_clock_changes_nothing_for_good() -> None:
    """Moved far ahead and back, the clock leaves every answer as it was."""
    world = town(3)
    before = {name: ask() for name, ask in questions(world).items()}
    world.clock.set(AFTER)
    later = {name: ask() for name, ask in questions(world).items()}
    world.clock.set(AUTUMN)
    assert {name: ask() for name, ask in questions(world).items()} == before
    assert later != before
    world.clock.advance(timedelta(days=-400))
    assert world.marks(persona_child(world, "moscow_mother").id, *_YEAR) == ()


_PROGRAM = """
from datetime import date, datetime
from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.world import World
world = World(seed=11, families=40, year=2026, clock=Clock(datetime(2026, 11, 25, 12, tzinfo=MOSCOW)))
for family in (1, 2, 40):
    for child in world.family(family).child_ids:
        print(world.child(child), world.guardians_of(child))
        print(world.lessons(child, date(2026, 11, 9), date(2026, 11, 15)))
        print(world.homework(child, date(2026, 11, 9), date(2026, 11, 15)))
        print(world.marks(child, date(2026, 11, 9), date(2026, 11, 15)), world.results(child))
        print(world.study_groups(child), world.pupils(world.child(child).class_id))
"""


def test_another_process_makes_the_same_town() -> None:
    """Nothing hangs on the order of sets or on hashes, which differ from process to process."""
    digests = {
        sha256(
            subprocess.run(
                [sys.executable, "-c", _PROGRAM],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
                capture_output=True,
                check=True,
            ).stdout.replace(b"frozenset", b"")
        ).hexdigest()
        for seed in ("1", "2")
    }
    assert len(digests) == 1
