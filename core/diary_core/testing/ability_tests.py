"""What the tests of abilities share: when one runs, whose diary it reads, what a sound answer is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from diary_core.abilities import Ability, Diary
from diary_core.model import Answer, Enrolment, Model

TestT = TypeVar("TestT", bound=Callable[..., object])
ItemT = TypeVar("ItemT", bound=Model)
_NEEDED = "_diary_contract_needs"


def needs(ability: type[Ability]) -> Callable[[TestT], TestT]:
    """Run a contract test only for diaries that have the ability."""

    def mark(test: TestT) -> TestT:
        setattr(test, _NEEDED, ability)
        return test

    return mark


def needed_by(test: object) -> type[Ability] | None:
    """Return the ability a contract test needs; None when every diary must pass it."""
    return getattr(test, _NEEDED, None)


async def children_of(diary: Diary) -> Sequence[Enrolment]:
    """Return whose diary there is to read."""
    return (await diary.enrolments()).items


def is_sound(diary: Diary, answer: Answer[ItemT], item: type[ItemT]) -> None:
    """An answer names its source, is fresh, and survives being written down and read again."""
    assert answer.source == diary.source
    assert not answer.stale
    assert [type(thing) for thing in answer.items if type(thing) is not item] == []
    again = [item.model_validate_json(thing.model_dump_json()) for thing in answer.items]
    assert again == list(answer.items)
