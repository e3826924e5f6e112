"""What can be broken on purpose, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as strict_dataclass


class FaultKind(StrEnum):
    """What goes wrong: the first group breaks answers, the second one is asked about by the servers."""

    LATENCY = "latency"
    STATUS = "status"
    HTML = "html"
    TRUNCATED_JSON = "truncated_json"
    MALFORMED_JSON = "malformed_json"
    SLOW_DRIP = "slow_drip"
    DROP = "drop"
    LOST_ANSWER = "lost_answer"
    """The host does as it was asked, and the connection is cut instead of an answer."""
    EMPTY = "empty"
    OVERSIZE = "oversize"
    PADDED = "padded"
    """A good body goes on past its end, and past whatever length was told of it."""
    DISGUISED = "disguised"
    """Something else, a program, comes under the name and the type of what was asked for."""

    EXPIRED_TOKEN = "expired_token"  # noqa: S105  the name of a fault
    REVOKED_TOKEN = "revoked_token"  # noqa: S105  the name of a fault
    CAPTCHA = "captcha"
    SECOND_FACTOR = "second_factor"
    NOT_LINKED = "not_linked"
    NO_SNILS = "no_snils"
    PARTIAL = "partial"
    """One source behind a merged answer does not answer; the rest of it is good."""

    @property
    def on_the_wire(self) -> bool:
        """Say whether the fault breaks an answer whatever the server does."""
        return self not in _ASKED


_ASKED = frozenset(
    {
        FaultKind.EXPIRED_TOKEN,
        FaultKind.REVOKED_TOKEN,
        FaultKind.CAPTCHA,
        FaultKind.SECOND_FACTOR,
        FaultKind.NOT_LINKED,
        FaultKind.NO_SNILS,
        FaultKind.PARTIAL,
    }
)


@strict_dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Fault:
    """One thing that goes wrong, where, how often and for how long; values out of range are refused."""

    kind: FaultKind
    host: str = "*"
    """Shell pattern over emulated host names: `school.mos.ru`, `*.dnevnik.ru`."""
    path: str = "*"
    """Shell pattern over request paths, the query left out; for asked faults it is not looked at."""
    who: str | None = None
    """Asked faults only: one login name; None is everybody."""
    count: Annotated[int, Field(ge=1)] | None = None
    """How many times it still strikes; None: no end."""
    skip: Annotated[int, Field(ge=0)] = 0
    """So many requests it matches pass unharmed before it strikes first."""
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    duration_s: Annotated[float, Field(gt=0)] | None = None
    """Seconds of real time from being set; None: until removed."""
    status: Annotated[int, Field(ge=200, le=599)] = 503
    """For `STATUS`."""
    retry_after: str | None = None
    """For `STATUS`: the value of the header."""
    body: str | None = None
    """For `STATUS`: what is sent; None is a page that says SANDBOX."""
    content_type: str = "text/html; charset=utf-8"
    """For `STATUS`."""
    delay_s: Annotated[float, Field(ge=0)] = 1.0
    """For `LATENCY` the wait, for `SLOW_DRIP` the whole time of the body."""
    size: Annotated[int, Field(ge=2)] = 64 * 1024 * 1024
    """For `OVERSIZE` and `PADDED`: bytes of the body."""
    source: str = "AFISHA"
    """For `PARTIAL`: the source that does not answer."""


@dataclass(frozen=True, slots=True)
class SetFault:
    """A fault in force, under the id it is removed by."""

    id: int
    fault: Fault
    ends_at: float | None
    """On the registry's own clock."""


class FaultRegistry:
    """The faults in force. Deterministic: probabilities are drawn from the sandbox's seed."""

    def __init__(self, seed: int, monotonic: Callable[[], float]) -> None:
        """Start with nothing broken.

        Args:
            seed: Of the draws for faults with a probability.
            monotonic: Seconds that never go back.
        """
        self._seed = seed
        self._monotonic = monotonic
        self._random = Random(seed)
        self._set: dict[int, SetFault] = {}
        self._next_id = 1

    def add(self, fault: Fault) -> int:
        """Put a fault in force and return its id."""
        fault_id = self._next_id
        self._next_id += 1
        ends_at = None if fault.duration_s is None else self._monotonic() + fault.duration_s
        self._set[fault_id] = SetFault(fault_id, fault, ends_at)
        return fault_id

    def remove(self, fault_id: int) -> bool:
        """Take a fault away; False when there is none of this id."""
        return self._set.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Take every fault away and draw from the start again."""
        self._set.clear()
        self._random = Random(self._seed)

    def in_force(self) -> tuple[SetFault, ...]:
        """Return the faults that can still strike, oldest first."""
        now = self._monotonic()
        for fault_id in [f.id for f in self._set.values() if f.ends_at is not None and f.ends_at <= now]:
            del self._set[fault_id]
        return tuple(self._set.values())

    def strike(self, host: str, path: str) -> tuple[Fault, ...]:
        """Return the wire faults that strike one request, oldest first, and count them down."""
        return tuple(
            held.fault
            for held in self.in_force()
            if held.fault.kind.on_the_wire and self._matches(held.fault, host, path) and self._spend(held)
        )

    def asked(self, kind: FaultKind, host: str, who: str | None = None) -> bool:
        """Say whether an asked fault strikes now, and count it down.

        Args:
            kind: `CAPTCHA`, `SECOND_FACTOR`, `EXPIRED_TOKEN` and the like.
            host: Emulated host that asks.
            who: The login name given, where there is one.
        """
        return self.struck(kind, host, who) is not None

    def struck(self, kind: FaultKind, host: str, who: str | None = None) -> Fault | None:
        """Return the asked fault that strikes now, and count it down; the arguments are those of `asked`."""
        return next(
            (
                held.fault
                for held in self.in_force()
                if held.fault.kind is kind
                and fnmatchcase(host, held.fault.host)
                and held.fault.who in (None, who)
                and self._spend(held)
            ),
            None,
        )

    @staticmethod
    def _matches(fault: Fault, host: str, path: str) -> bool:
        return fnmatchcase(host, fault.host) and fnmatchcase(path, fault.path)

    def _spend(self, held: SetFault) -> bool:
        fault = held.fault
        if fault.skip:
            self._set[held.id] = replace(held, fault=replace(fault, skip=fault.skip - 1))
            return False
        if fault.probability < 1.0 and self._random.random() >= fault.probability:
            return False
        if fault.count is None:
            return True
        if fault.count <= 1:
            del self._set[held.id]
        else:
            self._set[held.id] = replace(held, fault=replace(fault, count=fault.count - 1))
        return True
