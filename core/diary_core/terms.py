"""Which term a day belongs to, where several contain it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from diary_core.model import Term


def present_term(terms: Sequence[Term], on: date) -> Term | None:
    """Return the term a parent means by "now".

    Of the terms without parts the one that contains the day, the shortest where several do. Between two terms
    the one that ended last, before the first one the first.

    Returns:
        None when there are no terms at all.
    """
    parents = {term.parent_id for term in terms}
    leaves = [term for term in terms if term.id not in parents]
    around = [term for term in leaves if term.since <= on <= term.until]
    if around:
        return min(around, key=lambda term: (term.until - term.since, term.since, term.id))
    ended = [term for term in leaves if term.until < on]
    if ended:
        return max(ended, key=lambda term: (term.until, term.since, term.id))
    return min(leaves, key=lambda term: (term.since, term.until, term.id), default=None)
