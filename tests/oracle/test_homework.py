"""What is late, what is ticked, and what is inside the files of homework: as the town knows."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from tests.oracle import truth
from tests.oracle.compare import Comparison
from tests.oracle.systems import DNEVNIK, MESH, opened, twin
from tests.oracle.test_world import FEW_SEEDS, FIRST, LAST, LENSES, SUMMER, YEAR, Lens, someone

from diary_core.abilities import (
    Diary,
    FetchesAttachments,
    ReadsHomework,
    ReadsOverdueHomework,
    TicksHomework,
    able,
)
from diary_core.model import Enrolment, Homework, known
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import HomeworkTask, World

pytestmark = pytest.mark.anyio

MIDWINTER = SUMMER.replace(year=YEAR, month=12, day=15)


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", FEW_SEEDS)
async def test_homework_is_late_and_its_files_are_the_towns(lens: Lens, seed: int) -> None:
    """In the middle of a year: what is overdue from its first day on, and some files byte by byte."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=MIDWINTER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            late = await able(diary, ReadsOverdueHomework).overdue_homework(place.id, FIRST, LAST)
            true = [
                task
                for task in truth.homework(world, child.id, FIRST, LAST)
                if task.due_on < MIDWINTER.date() and task.done is False
            ]
            comparison.each(late.items, lens.homework(true), "overdue")
            given = world.homework(child.id, FIRST, LAST)
            differing = await _differing(diary, place, world, _some(given, Random(seed)))
    assert true
    assert comparison.differences[:20] == []
    assert differing == []


@pytest.mark.parametrize("seed", FEW_SEEDS)
async def test_ticks_reach_the_town(seed: int) -> None:
    """Some homework of the year is ticked, some no more: the town knows, and so does the next list."""
    dice = Random(seed)
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=MIDWINTER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, MESH, seed)
        async with opened(MESH, sandbox, parent_id, child) as (diary, place):
            before = {task.id: task.done for task in world.homework(child.id, FIRST, LAST)}
            listed = (await able(diary, ReadsHomework).homework(place.id, FIRST, LAST)).items
            chosen = dice.sample(listed, 12)
            for task in chosen:
                await able(diary, TicksHomework).tick_homework(place.id, task.id, done=not known(task.done))
            tasks = (await able(diary, ReadsHomework).homework(place.id, FIRST, LAST)).items
        after = {task.id: task.done for task in world.homework(child.id, FIRST, LAST)}
        comparison.each(tasks, truth.homework(world, child.id, FIRST, LAST), "homework")
    assert sum(before[number] != done for number, done in after.items()) == len(chosen)
    assert comparison.differences[:20] == []


async def test_the_twin_has_one_set_of_files() -> None:
    """The same file read through both systems is the same, to the byte."""
    async with running_sandbox(seed=3, year=YEAR, now=MIDWINTER) as sandbox:
        parent_id, child = twin(sandbox)
        some = _some(sandbox.world.homework(child.id, FIRST, LAST), Random(3))
        for system in (MESH, DNEVNIK):
            async with opened(system, sandbox, parent_id, child) as (diary, place):
                assert await _differing(diary, place, sandbox.world, some) == []


def _some(given: Sequence[HomeworkTask], dice: Random) -> Sequence[HomeworkTask]:
    with_files = [task for task in given if task.attachments]
    assert len(with_files) > 3
    return dice.sample(with_files, 4)


async def _differing(
    diary: Diary, place: Enrolment, world: World, tasks: Sequence[HomeworkTask]
) -> list[str]:
    """Return the files that are not the town's, by name; every file of the tasks is read."""
    listed = (await able(diary, ReadsHomework).homework(place.id, FIRST, LAST)).items
    found: list[str] = []
    for task in tasks:
        shown = _shown(listed, task, world)
        inside = {
            one.name: await _bytes(diary, place, shown, one.id)
            for one in known(shown.attachments) or ()
            if one.kind == "file"
        }
        true = {one.name: world.attachment_bytes(one.id)[1] for one in task.attachments}
        found += [name for name in inside | true if inside.get(name) != true.get(name)]
    return found


def _shown(listed: Sequence[Homework], task: HomeworkTask, world: World) -> Homework:
    about = (task.due_on, task.text, world.subject(task.subject_id).name)
    return next(one for one in listed if (one.due_on, one.text, one.subject.name) == about)


async def _bytes(diary: Diary, place: Enrolment, task: Homework, attachment_id: str) -> bytes:
    shelf = able(diary, FetchesAttachments)
    async with await shelf.attachment(place.id, task.id, attachment_id) as file:
        return b"".join([piece async for piece in file])
