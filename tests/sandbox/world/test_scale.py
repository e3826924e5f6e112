"""A town of any size is whole; nothing is made before it is asked for."""

from __future__ import annotations

import pytest

from diary_sandbox.world import World

from .towns import FIRST_DAY, LAST_DAY, persona_child, pupils, town


def test_ten_thousand_families() -> None:
    """Every child of the largest town has a seat of its own in an existing class, and a diary."""
    world = town(9, families=10_000)
    children = list(pupils(world))
    assert len(children) > 15_000
    assert len({child.id for child in children}) == len(children)
    assert [child.id for child in children if child not in world.pupils(child.class_id)] == []
    last = children[-1]
    assert world.lessons(last.id, FIRST_DAY, LAST_DAY)
    parent = world.parent(world.family(10_000).parent_ids[0])
    assert [login for login in parent.logins if world.login(login.kind, login.username) != login] == []


def test_personas_do_not_depend_on_the_size() -> None:
    """The diary of a persona is the same in a small and in a large town."""
    small, large = town(9), town(9, families=5_000)
    for key in ("moscow_mother", "dnevnik_mother", "both_mother", "region_mother"):
        child = persona_child(small, key)
        assert small.child(child.id) == large.child(child.id)
        assert small.lessons(child.id, FIRST_DAY, LAST_DAY) == large.lessons(child.id, FIRST_DAY, LAST_DAY)
        assert small.marks(child.id, FIRST_DAY, LAST_DAY) == large.marks(child.id, FIRST_DAY, LAST_DAY)


@pytest.mark.parametrize("families", [0, -1, 10_001])
def test_impossible_sizes_are_refused(families: int) -> None:
    """A town has one to ten thousand families."""
    with pytest.raises(ValueError, match=str(families)):
        town(1, families=families)


def test_one_family_is_a_town() -> None:
    """The smallest town has its persona, classmates and teachers."""
    world: World = town(1, families=1)
    child = persona_child(world, "moscow_mother")
    assert len(world.pupils(child.class_id)) >= 18
    assert world.teachers(child.school_id)
