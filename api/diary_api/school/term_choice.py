"""Which term a request is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from diary_core.errors import TermUnknown
from diary_core.model import Term
from diary_core.terms import present_term

TermId = Annotated[str, Field(min_length=1, max_length=100)]
OfTerm = Annotated[
    TermId | SkipJsonSchema[None],
    Query(
        description="Id of a term, from `GET /v1/children/{child_id}/terms`. Unless given, the smallest "
        "one around the school's present day; on vacation the one that has ended."
    ),
]
"""The term a query names, if it does."""


def chosen_term(terms: Sequence[Term], term_id: str | None, today: date) -> Term:
    """Return the term that is meant: the present one unless one is named.

    Args:
        terms: Of the school year.
        term_id: As the request names it.
        today: The school's own date.

    Raises:
        TermUnknown: There is no such term, or none at all.
    """
    if term_id is None:
        found = present_term(terms, today)
    else:
        found = next((term for term in terms if term.id == term_id), None)
    if found is None:
        raise TermUnknown("the school year has no such term", field="term")
    return found
