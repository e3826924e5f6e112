"""The school and its people."""

from __future__ import annotations

from collections.abc import Sequence

from diary_core.model import Address, Maybe, School, Teacher, Unavailable
from diary_core.text import clean_or_none, tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.people import teacher
from diary_dnevnik_ru.parse.tables import DANGLING, named


def school_profile(
    school: wire.School,
    parameters: wire.SchoolParameters | Unavailable,
    teachers: Sequence[wire.Person] | Unavailable,
    class_teacher: wire.Person | Unavailable,
    zone: str,
) -> School:
    """Return the school with what the side calls brought; a part that failed says why."""
    told = None if isinstance(parameters, Unavailable) else parameters
    gap = parameters if isinstance(parameters, Unavailable) else None
    return School(
        id=school.id,
        name=named(school.full_name or school.name),
        short_name=tidy(school.name or "") or None,
        zone=zone,
        principal=gap or clean_or_none(told and told.director),
        phone=gap or clean_or_none(told and told.phone),
        email=gap or clean_or_none(told and told.email),
        website=gap or clean_or_none(told and told.website),
        addresses=gap or _addresses(told.address if told else ()),
        class_teachers=class_teacher
        if isinstance(class_teacher, Unavailable)
        else _teachers([class_teacher]),
        teachers=teachers if isinstance(teachers, Unavailable) else _teachers(teachers),
    )


def _addresses(lines: Sequence[str]) -> Maybe[tuple[Address, ...]]:
    """Return the addresses that are lines of text; what another entry may look like is not known."""
    found = tuple(Address(text=text) for line in lines if (text := clean_or_none(line)))
    return found if found or not lines else DANGLING


def _teachers(people: Sequence[wire.Person]) -> tuple[Teacher, ...]:
    found = (teacher(person) for person in {person.id: person for person in people}.values())
    return tuple(one for one in found if one is not None)
