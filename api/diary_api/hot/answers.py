"""A bounded memory of whole answers: each goes the moment anything it was made of is touched."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from diary_api.clock import Clock
from diary_api.storage.touched import EVERYTHING

Key = tuple[bytes, bytes, bytes]
"""Hash of what opened the door, path and query, as they came."""
Headers = tuple[tuple[bytes, bytes], ...]

_TOUCHES_MOST = 20_000
_RENEWED_AHEAD = 0.5
"""The last share of its life in which an answer is renewed, so that its askers never come all at once.

Half of it: while many ask, the one that goes the long way waits behind all of them at each of its steps.
"""
_OVERHEAD_BYTES = 4_500
"""What an answer costs besides its bytes, with parts of its own: 4.3 KB by `tracemalloc`, rounded up."""


@dataclass(frozen=True)
class Lasting:
    """For how long an answer may be given again, and what it was made of."""

    until: datetime
    made_of: frozenset[str]
    """Ids of rows: the key that opened the door, account, connection, child, enrolment, the answer itself."""


@dataclass(frozen=True)
class HotAnswer:
    """A whole answer, ready to go out."""

    body: bytes = field(repr=False)
    etag: str
    headers: Headers
    route: object
    """What the router had found, for the log."""
    lasting: Lasting

    @property
    def size(self) -> int:
        """Return about how many bytes of memory it takes."""
        return len(self.body) + _OVERHEAD_BYTES


class Ticket(NamedTuple):
    """When the making of an answer began."""

    turn: int
    """Whatever is touched later counts against it."""
    given_up_at: float
    """The second after which it is served no more, whatever news was missed."""


class HotAnswers:
    """The hot answers of one process, the least recently used going first.

    Whoever makes an answer takes a ticket before reading anything. What was touched after that is
    remembered, so that an answer made of something old never gets in behind the news.

    Args:
        limit_bytes: How much memory they may take; zero keeps none.
        backstop: How long an answer is served at most, whatever news was missed.
        clock: What time it is.
        hearing: Tells whether news of other processes arrives; while it does not, nothing is kept or served.
        monotonic: Seconds that only grow.
    """

    def __init__(
        self,
        limit_bytes: int,
        backstop: timedelta,
        clock: Clock,
        hearing: Callable[[], bool],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit_bytes, self._backstop_s = limit_bytes, backstop.total_seconds()
        self._clock, self._hearing, self._monotonic = clock, hearing, monotonic
        self._answers: OrderedDict[Key, tuple[HotAnswer, float]] = OrderedDict()
        """Each with the second it is given up at."""
        self._by_part: dict[str, set[Key]] = {}
        self._bytes = 0
        self.hits = 0
        """How many requests were answered so far."""
        self._turn = self._floor = 0
        self._touched: OrderedDict[str, int] = OrderedDict()
        """By id, the turn it was last touched at; what is older than `_floor` is not remembered."""

    @property
    def size_bytes(self) -> int:
        """Return how much memory they take."""
        return self._bytes

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._answers)

    def get(self, key: Key, *, renewing: bool = False) -> HotAnswer | None:
        """Return the answer to a request, if it may still be given.

        Well before the backstop its asker is told there is none, and so renews it.

        Args:
            key: The request.
            renewing: Whether somebody renews it already; then the others are served meanwhile.
        """
        found = self._answers.get(key)
        if found is None or not self._hearing():
            return None
        answer, given_up_at = found
        left_s = given_up_at - self._monotonic()
        if left_s <= 0 or self._clock() >= answer.lasting.until:
            self._drop(key)
            return None
        if left_s < self._backstop_s * _RENEWED_AHEAD and not renewing:
            return None
        self._answers.move_to_end(key)
        self.hits += 1
        return answer

    def ticket(self) -> Ticket:
        """Return what `put` needs to know about when the making of an answer began."""
        return Ticket(self._turn, self._monotonic() + self._backstop_s)

    def put(self, key: Key, ticket: Ticket, answer: HotAnswer) -> bool:
        """Keep an answer, unless something it was made of was touched since its ticket was taken.

        The backstop counts from the ticket: what took long to make was read long ago.

        Returns:
            Whether it is kept.
        """
        if not self._hearing() or self._is_outdated(ticket, answer.lasting):
            return False
        self._drop(key)
        if not self.has_room(answer) or ticket.given_up_at <= self._monotonic():
            return False
        self._answers[key] = (answer, ticket.given_up_at)
        self._bytes += answer.size
        for part in answer.lasting.made_of:
            self._by_part.setdefault(part, set()).add(key)
        while self._bytes > self._limit_bytes:
            self._drop(next(iter(self._answers)))
        return True

    def has_room(self, answer: HotAnswer) -> bool:
        """Tell whether an answer is small enough to be kept, alone if need be."""
        return answer.size <= self._limit_bytes

    def touch(self, ids: frozenset[str]) -> None:
        """Drop every answer that was made of any of these, at once."""
        if EVERYTHING in ids:
            self.drop_everything()
            return
        self._turn += 1
        for part in ids:
            self._touched[part] = self._turn
            self._touched.move_to_end(part)
            for key in tuple(self._by_part.get(part, ())):
                self._drop(key)
        while len(self._touched) > _TOUCHES_MOST:
            self._floor = self._touched.popitem(last=False)[1]

    def drop_everything(self) -> None:
        """Drop every answer, and let none in that is being made now."""
        self._turn += 1
        self._floor = self._turn
        self._answers.clear()
        self._by_part.clear()
        self._touched.clear()
        self._bytes = 0

    def _is_outdated(self, ticket: Ticket, lasting: Lasting) -> bool:
        began = ticket.turn
        return began < self._floor or any(self._touched.get(part, 0) > began for part in lasting.made_of)

    def _drop(self, key: Key) -> None:
        if key not in self._answers:
            return
        gone, _ = self._answers.pop(key)
        self._bytes -= gone.size
        for part in gone.lasting.made_of:
            keys = self._by_part[part]
            keys.discard(key)
            if not keys:
                del self._by_part[part]
