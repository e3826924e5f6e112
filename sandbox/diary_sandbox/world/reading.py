"""What a written mark says."""

from __future__ import annotations

import re
from decimal import Decimal

from diary_sandbox.world.marks import MarkStatus

_WORDS = {
    "н/а": MarkStatus.NOT_ATTESTED,
    "зач": MarkStatus.PASSED,
    "незач": MarkStatus.FAILED,
    "осв": MarkStatus.EXEMPT,
    "См": MarkStatus.IN_COMMENT,
}
_GRADE = re.compile(r"([1-5])[+-]?(?:/([1-5])[+-]?)?")


def status_of(display: str) -> MarkStatus:
    """Return what a mark says by what is written.

    Raises:
        ValueError: The school writes no such mark.
    """
    if status := _WORDS.get(display):
        return status
    if _GRADE.fullmatch(display):
        return MarkStatus.GRADED
    raise ValueError(f"no school of the town writes a mark like {display!r}")


def values_of(display: str) -> tuple[Decimal, ...]:
    """Return the numbers that count: one, two for a split mark, none for words."""
    found = _GRADE.fullmatch(display)
    return tuple(Decimal(number) for number in found.groups() if number) if found else ()
