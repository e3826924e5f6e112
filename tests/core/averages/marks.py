"""Marks of an invented child, and ways to draw them at random."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from diary_core.averages import averages_of, in_subject
from diary_core.model import (
    UNSUPPORTED,
    Average,
    Mark,
    MarkPart,
    MarkScale,
    Maybe,
    Subject,
    Term,
)

ALGEBRA = Subject(id="101", name="Алгебра")
PHYSICS = Subject(id="102", name="Физика")
FIVE = MarkScale(kind="five")
FIRST = date(2026, 9, 1)
QUARTER = Term(
    id="q1",
    parent_id=None,
    kind="quarter",
    number=1,
    title="1 четверть",
    since=FIRST,
    until=date(2026, 10, 25),
)
Simple = tuple[tuple[int, ...], int | None]
"""The numbers of a mark, two for a split one, and its weight."""


def mark(number: int, written: str, weight: Maybe[Decimal | None] = None, **changes: object) -> Mark:
    """Return the so-manieth mark: one number, or two halves with a slash between them."""
    halves = written.split("/")
    split = len(halves) > 1
    plain: dict[str, object] = {
        "id": f"m{number}",
        "subject": ALGEBRA,
        "date": FIRST + timedelta(days=number),
        "display": written,
        "value": None if split else Decimal(written),
        "parts": tuple(MarkPart(display=half, value=Decimal(half)) for half in halves) if split else (),
        "status": "graded",
        "scale": FIVE,
        "counts": weight != 0,
        "weight": weight,
    }
    return Mark.model_validate(plain | changes)


def average(marks: Sequence[Mark], *, up_from: str | None = None, subject: Subject = ALGEBRA) -> Average:
    """Return the average of a subject over the quarter."""
    limit = None if up_from is None else Decimal(up_from)
    return in_subject(marks, subject, QUARTER, shown=UNSUPPORTED, up_from=limit)


def averages(marks: Sequence[Mark]) -> tuple[Average, ...]:
    """Return the averages of every subject over the quarter."""
    return averages_of(marks, QUARTER, shown=UNSUPPORTED)


def built(simple: Sequence[Simple]) -> list[Mark]:
    """Return marks of simple ones, a day each."""
    return [
        mark(number, "/".join(map(str, values)), None if weight is None else Decimal(weight))
        for number, (values, weight) in enumerate(simple)
    ]


def mean_by_hand(simple: Sequence[Simple]) -> Fraction | None:
    """Return the mean as one would reckon it with a pencil: each number written as often as it weighs."""
    written = [value for values, weight in simple for value in values for _ in range(weight or 1)]
    return Fraction(sum(written), len(written)) if written else None


_VALUES = st.lists(st.integers(1, 5), min_size=1, max_size=2).map(tuple)
WEIGHED: st.SearchStrategy[list[Simple]] = st.lists(st.tuples(_VALUES, st.integers(1, 4)), max_size=12)
"""Marks of a school that weighs them."""
PLAIN: st.SearchStrategy[list[Simple]] = st.lists(st.tuples(_VALUES, st.none()), max_size=12)
"""Marks of a school that does not."""
ANY = WEIGHED | PLAIN
"""Marks of either."""
LIMITS = st.sampled_from(["0.5", "0.51", "0.6", "0.67", "1"])
"""Fractions from which a school may round up."""
