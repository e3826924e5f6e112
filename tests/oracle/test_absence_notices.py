"""Notices of absence, listed through a diary, equal the ones the town knows."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal

import pytest
from tests.oracle.compare import Comparison
from tests.oracle.systems import MESH, opened
from tests.oracle.test_world import FIRST, LAST, SEEDS, SUMMER, YEAR
from tests.oracle.truth import REASONS

from diary_core.abilities import NotifiesAbsence, able
from diary_core.model import AbsenceNotice, AbsenceReason
from diary_sandbox import world as town
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import World

pytestmark = pytest.mark.anyio

COMMENTS = ("Едем к бабушке", "Приём у врача", "Соревнования по плаванию", None)
PARENTS = tuple(
    reason
    for reason in town.AbsenceReason
    if reason not in (town.AbsenceReason.NO_NOTICE, town.AbsenceReason.UNKNOWN)
)


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_notices_of_a_year_equal_the_world(seed: int) -> None:
    """Those the town came with, and days and lessons told of by one parent and the other."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        mother = next(one for one in world.personas() if one.key == "moscow_mother").parent_id
        child = world.children_of(mother, MESH.host)[seed % 2]
        parents = [mother, *(tie.parent_id for tie in world.guardians_of(child.id))]
        tell(world, child.id, parents, Random(seed))
        async with opened(MESH, sandbox, mother, child) as (diary, place):
            answer = await able(diary, NotifiesAbsence).absence_notices(place.id, FIRST, LAST)
    true = truth(world, child.id, mother)
    assert len([one for one in true if one.lesson_id is None]) > 5
    assert len([one for one in true if one.lesson_id is not None]) > 5
    comparison.each(answer.items, true, f"child {child.id}")
    assert comparison.differences == []
    assert comparison.gaps == {"created_at: unavailable (unsupported)"}


def tell(world: World, child_id: int, parents: Sequence[int], dice: Random) -> None:
    """Tell of some whole days and of some lessons of others, all over the year."""
    known = {notice.on for notice in world.absence_notices(child_id, FIRST, LAST)}
    held: dict[object, list[town.Lesson]] = {}
    for lesson in world.lessons(child_id, FIRST, LAST):
        if lesson.half.slot and lesson.on not in known:
            held.setdefault(lesson.on, []).append(lesson)
    for lessons in dice.sample(list(held.values()), 24):
        parent, reason = dice.choice(parents), dice.choice(PARENTS)
        slots = {lesson.half.slot for lesson in lessons}
        chosen = dice.sample(sorted(filter(None, slots)), min(len(slots), dice.randint(0, 3))) or [None]
        for slot in chosen:
            world.notify_absence(
                child_id, parent, lessons[0].on, reason, slot=slot, comment=dice.choice(COMMENTS)
            )


def truth(world: World, child_id: int, reader: int) -> list[AbsenceNotice]:
    """Return the standing notices; who told of which lesson the wire says only when it is one."""
    notices = world.absence_notices(child_id, FIRST, LAST)
    found: list[AbsenceNotice] = []
    for notice in notices:
        own: Literal["self", "other"] = "self" if notice.parent_id == reader else "other"
        alone = sum(other.on == notice.on for other in notices) == 1
        found.append(
            AbsenceNotice(
                id="",
                date=notice.on,
                lesson_id=None if notice.slot is None else "",
                reason=AbsenceReason(code=str(int(notice.reason)), title=REASONS[notice.reason]),
                comment=notice.comment,
                told_by=own if alone else "unknown",
            )
        )
    return found
