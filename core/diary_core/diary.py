"""The diary behind one connection, and asking it for what it can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, TypeVar

from diary_core.bilingual import Bilingual
from diary_core.errors import NotSupported
from diary_core.model import Answer, Enrolment, Missing, Model, Source

ItemT = TypeVar("ItemT", bound=Model)


class Diary(ABC):
    """The diary behind one connection.

    Args:
        source: Stamped on every answer.
        now: The clock, aware; stamps `as_of`.
    """

    lacks: ClassVar[Mapping[type[Ability], Bilingual]] = MappingProxyType({})
    """Why the system has not got abilities, as far as anybody knows: a sentence each."""

    def __init__(self, source: Source, now: Callable[[], datetime]) -> None:
        self.source = source
        self._now = now

    @abstractmethod
    async def enrolments(self) -> Answer[Enrolment]:
        """Return every child of the signed-in person, in the diary's order; each call names one of them."""

    def answered(self, items: Sequence[ItemT], *, partial: Sequence[Missing] = ()) -> Answer[ItemT]:
        """Wrap what the server has just said."""
        return Answer(items=tuple(items), source=self.source, as_of=self._now(), partial=tuple(partial))


class Ability(ABC):  # noqa: B024  a mark to find abilities by; each brings its own methods
    """The root of every ability; direct subclasses are the abilities there are."""


AbilityT = TypeVar("AbilityT", bound=Ability)


def abilities_of(diary: type[Diary]) -> tuple[type[Ability], ...]:
    """Return the abilities a diary class inherits, by name."""
    found = {base for base in diary.__mro__ if Ability in base.__bases__}
    return tuple(sorted(found, key=lambda ability: ability.__name__))


def able(diary: Diary, ability: type[AbilityT]) -> AbilityT:
    """Return the diary as one that has the ability: the one place that decides.

    Raises:
        NotSupported: The diary's system has no such thing.
    """
    if not isinstance(diary, ability):
        raise lacking(type(diary), ability)
    return diary


def lacking(diary: type[Diary], ability: type[Ability]) -> NotSupported:
    """Return the refusal of what a diary has not got, with the reason where it gives one."""
    why = diary.lacks.get(ability)
    return NotSupported(f"the diary has no {ability.__name__}", field=ability.__name__, because=why)
