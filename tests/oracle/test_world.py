"""World → wire → HTTP → plugin → model equals the world, for both systems, field by field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.more import quick_first
from tests.oracle import limits, truth
from tests.oracle.compare import Comparison
from tests.oracle.systems import DNEVNIK, MESH, System, opened

from diary_core.abilities import ReadsDays, ReadsHomework, ReadsMarks, ReadsTerms, able
from diary_core.model import Day, Homework, Mark, Term
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import Child, ControlForm, WorkKind, World

pytestmark = pytest.mark.anyio

YEAR = 2026
TOWNS = 20
SEEDS = quick_first(range(1, TOWNS + 1))
"""The towns to compare with."""
FEW_SEEDS = SEEDS[:2]
"""For what has been held to the first few towns only."""
SUMMER = datetime(YEAR + 1, 6, 15, 12, tzinfo=ZoneInfo("Europe/Moscow"))
"""When everything of the year has happened."""
MONDAYS = [date(YEAR, 8, 31) + timedelta(weeks=number) for number in range(39)]
"""Every Monday from the one of 1 September to the last school days of May."""
FIRST, LAST = MONDAYS[0], MONDAYS[-1] + timedelta(days=6)


@dataclass(frozen=True)
class Lens:
    """A system, and the truth as it can show it."""

    system: System
    days: Callable[[Sequence[Day]], list[Day]]
    marks: Callable[[Sequence[Mark]], tuple[Mark, ...]]
    homework: Callable[[Sequence[Homework]], tuple[Homework, ...]]
    terms: Callable[[Sequence[Term]], tuple[Term, ...]]
    control: Callable[[ControlForm], bool]


LENSES = {
    "mesh": Lens(
        MESH,
        limits.through_mesh,
        limits.mesh_marks,
        tuple,
        limits.mesh_terms,
        lambda form: form.kind is WorkKind.CONTROL,
    ),
    "dnevnik": Lens(
        DNEVNIK,
        limits.through_dnevnik,
        limits.dnevnik_marks,
        limits.dnevnik_homework,
        limits.dnevnik_terms,
        lambda form: form.important,
    ),
}


def someone(world: World, system: System, turn: int) -> tuple[int, Child]:
    """Return one of the personas' children this system serves, another one each turn, and who sees it."""
    found = {
        child.id: (persona.parent_id, child)
        for persona in world.personas()
        if persona.key.endswith(("mother", "family"))
        for child in world.children_of(persona.parent_id, system.host)
    }
    return found[sorted(found)[turn % len(found)]]


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_every_week_of_a_year_equals_the_world(lens: Lens, seed: int) -> None:
    """Every school week, read as a parent reads it, is what the town knows."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = someone(sandbox.world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            for monday in MONDAYS:
                sunday = monday + timedelta(days=6)
                seen = await able(diary, ReadsDays).days(place.id, monday, sunday)
                true = truth.days(sandbox.world, child.id, monday, sunday, control=lens.control)
                comparison.each(seen.items, lens.days(true), f"child {child.id} week {monday}")
                assert seen.partial == ()
    assert comparison.differences[:20] == []


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_lists_of_a_year_equal_the_world(lens: Lens, seed: int) -> None:
    """Marks, homework and terms of a whole year, each in one call, are what the town knows."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            marks = await able(diary, ReadsMarks).marks(place.id, FIRST, LAST)
            comparison.each(marks.items, lens.marks(truth.marks(world, child.id, FIRST, LAST)), "marks")
            tasks = await able(diary, ReadsHomework).homework(place.id, FIRST, LAST)
            given = lens.homework(truth.homework(world, child.id, FIRST, LAST))
            comparison.each(tasks.items, given, "homework")
            terms = await able(diary, ReadsTerms).terms(place.id)
            comparison.each(terms.items, lens.terms(truth.terms(world, child.id)), "terms")
    assert comparison.differences[:20] == []


MESH_GAPS: list[str] = [
    "lessons.actual.teachers: not_loaded",
    "lessons.attendance.comment: not_loaded",
    "lessons.homework.attachments.media_type: not_loaded",
    "lessons.homework.attachments.size_bytes: not_loaded",
    "lessons.homework.minutes: not_loaded",
    "lessons.homework.required: unavailable (unsupported)",
    "lessons.homework.scope: unavailable (unsupported)",
    "lessons.marks.history: not_loaded",
    "lessons.marks.teacher: not_loaded",
    "lessons.planned.teachers: not_loaded",
    "lessons.planned: unavailable (unsupported)",
    "lessons.remark: not_loaded",
    "lessons.slot: not_loaded",
]
DNEVNIK_GAPS: list[str] = [
    "exception: not_loaded",
    "homework: not_loaded",
    "lessons.actual.teachers.position: not_loaded",
    "lessons.actual.teachers.subjects: not_loaded",
    "lessons.change: unavailable (unsupported)",
    "lessons.homework.done: unavailable (unsupported)",
    "lessons.homework.edited_at: unavailable (unsupported)",
    "lessons.homework.minutes: unavailable (unsupported)",
    "lessons.homework.required: unavailable (unsupported)",
    "lessons.marks.comment: unavailable (unsupported)",
    "lessons.marks.edited_at: unavailable (unsupported)",
    "lessons.marks.history: unavailable (unsupported)",
    "lessons.marks.teacher.position: not_loaded",
    "lessons.marks.teacher.subjects: not_loaded",
    "lessons.planned: unavailable (unsupported)",
    "lessons.remote: unavailable (unsupported)",
]


@pytest.mark.parametrize(
    ("lens", "gaps"),
    [(LENSES["mesh"], MESH_GAPS), (LENSES["dnevnik"], DNEVNIK_GAPS)],
    ids=LENSES,
)
async def test_only_what_a_system_lacks_is_missing(lens: Lens, gaps: list[str]) -> None:
    """What a week does not tell is told apart, and is nothing the system could tell."""
    comparison = Comparison()
    async with running_sandbox(seed=1, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = someone(sandbox.world, lens.system, 1)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            for monday in MONDAYS[:12]:
                sunday = monday + timedelta(days=6)
                seen = await able(diary, ReadsDays).days(place.id, monday, sunday)
                true = truth.days(sandbox.world, child.id, monday, sunday, control=lens.control)
                comparison.each(seen.items, lens.days(true), "week")
    assert sorted(comparison.gaps) == gaps
