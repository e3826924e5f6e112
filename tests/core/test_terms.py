"""The term a parent means by "now"."""

from __future__ import annotations

from datetime import date

import pytest

from diary_core.model import Term, TermKind
from diary_core.terms import present_term


def term(term_id: str, kind: TermKind, since: str, until: str, parent: str | None = None) -> Term:
    return Term(
        id=term_id,
        parent_id=parent,
        kind=kind,
        number=None,
        title=term_id,
        since=date.fromisoformat(since),
        until=date.fromisoformat(until),
    )


YEAR = (
    term("y", "year", "2026-09-01", "2027-08-31"),
    term("h1", "half_year", "2026-09-01", "2026-12-30", "y"),
    term("q1", "quarter", "2026-09-01", "2026-10-25", "h1"),
    term("q2", "quarter", "2026-11-05", "2026-12-30", "h1"),
    term("h2", "half_year", "2027-01-10", "2027-05-26", "y"),
)


@pytest.mark.parametrize(
    ("on", "meant"),
    [
        ("2026-09-01", "q1"),
        ("2026-10-25", "q1"),
        ("2026-10-30", "q1"),
        ("2026-11-05", "q2"),
        ("2026-12-31", "q2"),
        ("2027-03-08", "h2"),
        ("2027-07-01", "h2"),
        ("2026-08-31", "q1"),
    ],
)
def test_it_is_the_smallest_one_around_a_day(on: str, meant: str) -> None:
    """On vacation the one that has ended, before the year the first."""
    found = present_term(YEAR, date.fromisoformat(on))
    assert found is not None
    assert found.id == meant


def test_of_two_ways_to_cut_a_year_the_finer_one_is_meant() -> None:
    """A module inside no trimester is shorter than the trimester of the same days."""
    terms = [
        term("t1", "trimester", "2026-09-01", "2026-11-29"),
        term("m2", "module", "2026-10-12", "2026-11-15"),
    ]
    found = present_term(terms, date(2026, 11, 1))
    assert found is not None
    assert found.id == "m2"
    assert present_term([], date(2026, 11, 1)) is None
