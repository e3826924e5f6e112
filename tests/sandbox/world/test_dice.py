"""Chance is the same on every machine."""

from __future__ import annotations

from collections import Counter

import pytest

from diary_sandbox.world.dice import Dice


def test_throws_never_change() -> None:
    """The very numbers are pinned: changing them makes every town of every seed another one."""
    dice = Dice(1, "mark", 7, 8)
    assert [dice.below(1000) for _ in range(6)] == [186, 370, 189, 244, 594, 831]


def test_every_key_has_its_own_dice() -> None:
    """Seed, name, keys and their order all matter."""
    dice = [
        Dice(1, "mark", 1, 2),
        Dice(2, "mark", 1, 2),
        Dice(1, "homework", 1, 2),
        Dice(1, "mark", 2, 1),
        Dice(1, "mark", 1),
    ]
    assert len({one.throw() for one in dice}) == len(dice)


def test_throws_are_even() -> None:
    """No side of the dice is favoured, also not between neighbouring keys."""
    sides = Counter(Dice(1, "even", key).below(10) for key in range(20_000))
    assert [side for side in range(10) if not 1_800 < sides[side] < 2_200] == []


def test_weights_are_kept() -> None:
    """An item of weight three comes three times as often as one of weight one."""
    dice = Dice(5, "weights")
    chosen = Counter(dice.weighed(((3, "often"), (1, "seldom"), (0, "never"))) for _ in range(8_000))
    assert chosen["never"] == 0
    assert 2.7 < chosen["often"] / chosen["seldom"] < 3.3


def test_shuffling_loses_nothing() -> None:
    """A shuffled list has the same items; another key gives another order."""
    items = list(range(30))
    one, two = Dice(1, "shuffle", 1).shuffled(items), Dice(1, "shuffle", 2).shuffled(items)
    assert sorted(one) == sorted(two) == items
    assert one != two


def test_nothing_to_choose_from_is_an_error() -> None:
    """Weights that sum to nothing are refused."""
    with pytest.raises((ValueError, ZeroDivisionError)):
        Dice(1, "none").weighed(())
