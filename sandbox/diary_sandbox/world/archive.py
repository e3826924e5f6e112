"""What a school keeps of the years before this one: how they were cut, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass

from diary_sandbox.world.marks import TermResult
from diary_sandbox.world.year import AcademicYear, Term


@dataclass(frozen=True, slots=True)
class PastYear:
    """A former year of one pupil, who was in the same school then, a class lower each year."""

    year: AcademicYear
    years_ago: int
    parallel: int
    terms: tuple[Term, ...]
    """In order of time, the year last; their ids are of no other year."""
    results: tuple[TermResult, ...]
    """By subject, then time; none of the first year of school, which brings no marks."""
