"""School years, as the classes a child was in tell them: the system has no list of years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from diary_core.model import AcademicYear
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat

_CLASS: Final = "Group"
_YEARS: Final = range(1990, 2200)


def academic_years(groups: Sequence[wire.EduGroup], seat: Seat) -> tuple[AcademicYear, ...]:
    """Return the years, the latest first; the current one is that of the class of the enrolment."""
    starts = sorted({start for _, start in _classes(groups)}, reverse=True)
    own = next((start for group, start in _classes(groups) if group.id == seat.group), None)
    current = own if own is not None else next(iter(starts), None)
    return tuple(
        AcademicYear(
            id=str(start),
            title=f"{start}/{start + 1}",
            since=date(start, 9, 1),
            until=date(start + 1, 8, 31),
            current=start == current,
        )
        for start in starts
    )


def seats_of_year(groups: Sequence[wire.EduGroup], seat: Seat, year: AcademicYear) -> tuple[Seat, ...]:
    """Return where the child sat in a year: a class, or several after a move; now only the enrolment's."""
    if year.current:
        return (seat,)
    found = (group.id for group, start in _classes(groups) if start == year.since.year)
    return tuple(seat._replace(group=group_id) for group_id in dict.fromkeys(found))


def _classes(groups: Sequence[wire.EduGroup]) -> list[tuple[wire.EduGroup, int]]:
    return [
        (group, group.start_year)
        for group in groups
        if group.type in (None, _CLASS) and group.start_year is not None and group.start_year in _YEARS
    ]
