"""What was changed by hand, laid over what was generated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar, cast

from diary_sandbox.world.timeline import Timeline, amended, known


class Numbered(Protocol):
    """A thing of the world with an id."""

    @property
    def id(self) -> int:
        """Return the id, unique among things of its type."""
        ...


N = TypeVar("N", bound=Numbered)


class Overlay:
    """Timelines of the things that were edited or added; generated things stay as they are."""

    def __init__(self) -> None:
        """Start with nothing changed."""
        self._lines: dict[tuple[type, int], dict[int, Timeline[Numbered]]] = {}

    def put(self, kind: type[N], owner_id: int, thing_id: int, line: Timeline[N]) -> None:
        """Hold a timeline instead of the generated one.

        Args:
            kind: Type of the thing.
            owner_id: Class, pupil or school it is asked for by.
            thing_id: Its id.
            line: All its states.
        """
        held = self._lines.setdefault((kind, owner_id), {})
        held[thing_id] = line

    def line(self, kind: type[N], owner_id: int, thing_id: int) -> Timeline[N] | None:
        """Return the timeline held for one thing, None when it was never edited."""
        return self._held(kind, owner_id).get(thing_id)

    def amend(
        self, kind: type[N], owner_id: int, state: N | None, *, thing_id: int, base: Timeline[N], at: datetime
    ) -> None:
        """Let a thing have a new state from a moment on; None removes it."""
        before = self.line(kind, owner_id, thing_id) or base
        self.put(kind, owner_id, thing_id, amended(before, at, state))

    def merged(self, kind: type[N], owner_id: int, base: Iterable[Timeline[N]], now: datetime) -> Iterator[N]:
        """Yield the states at a moment of generated and edited things of one owner, each thing once."""
        held = self._held(kind, owner_id)
        for line in base:
            first = line[0][1]
            if first is None or first.id not in held:
                state = known(line, now)
                if state is not None:
                    yield state
        for line in held.values():
            state = known(line, now)
            if state is not None:
                yield state

    def free(
        self, kind: type[N], owner_id: int, number: Callable[[int], int], limit: int, taken: set[int]
    ) -> int:
        """Return the first id nobody has.

        Args:
            kind: Type of the thing.
            owner_id: Of the thing.
            number: Makes an id of a place from 0 to `limit - 1`.
            limit: How many places there are.
            taken: Ids the generated things have.

        Raises:
            ValueError: There is no place left.
        """
        held = self._held(kind, owner_id)
        for place in range(limit):
            if (found := number(place)) not in held and found not in taken:
                return found
        raise ValueError(f"no room for one more {kind.__name__} there")

    def clear(self) -> None:
        """Forget every edit."""
        self._lines.clear()

    def _held(self, kind: type[N], owner_id: int) -> dict[int, Timeline[N]]:
        held = self._lines.get((kind, owner_id))
        return (
            cast("dict[int, Timeline[N]]", held) if held is not None else {}
        )  # a kind's lines hold that kind
