"""Names of people."""

from __future__ import annotations

from pydantic import ValidationError

from diary_core.model import Teacher
from diary_core.people import PersonName
from diary_core.text import tidy
from diary_dnevnik_ru import wire


def person_name(person: wire.Person | wire.ContextChild) -> PersonName | None:
    """Return a name; from the short form when a part of the full one is missing, None when both are."""
    full = _name(person.last_name, person.first_name, person.middle_name)
    if full is not None:
        return full
    first, _, last = tidy(person.short_name or "").rpartition(" ")
    return _name(last, first, None)


def teacher(person: wire.Person) -> Teacher | None:
    """Return a teacher, None for one without any name."""
    name = person_name(person)
    return None if name is None else Teacher(id=person.id, name=name)


def _name(last: str | None, first: str | None, middle: str | None) -> PersonName | None:
    if not last or not first:
        return None
    try:
        return PersonName(last=last, first=first, middle=middle)
    except ValidationError:
        return None
