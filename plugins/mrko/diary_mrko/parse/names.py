"""Names of people."""

from __future__ import annotations

from typing import Protocol

from pydantic import ValidationError

from diary_core.errors import RegionChanged
from diary_core.people import PersonName


class Named(Protocol):
    """Anything on the wire that carries a name in three parts."""

    @property
    def last_name(self) -> str | None:
        """The surname."""
        ...

    @property
    def first_name(self) -> str | None:
        """The given name."""
        ...

    @property
    def middle_name(self) -> str | None:
        """The patronymic; some people have none."""
        ...


def name(person: Named, *, field: str) -> PersonName:
    """Return a name as the diary writes it.

    Raises:
        RegionChanged: It has no surname or no given name, or is no name at all.
    """
    if found := name_or_none(person):
        return found
    raise RegionChanged("a person has no name", field=field)


def name_or_none(person: Named) -> PersonName | None:
    """Return a name as the diary writes it; None when it is not a whole one."""
    try:
        return PersonName(
            last=person.last_name or "", first=person.first_name or "", middle=person.middle_name
        )
    except ValidationError:
        return None
