"""What an enrolment's id is made of: the three ids every call about a child needs.

With them inside the id a week costs one round trip: nothing has to be looked up first.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from diary_core.errors import ChildUnknown

_WRITTEN = re.compile(r"(-?[0-9]{1,20})\.(-?[0-9]{1,20})\.(-?[0-9]{1,20})", re.ASCII)


class Seat(NamedTuple):
    """A child's place in one class of one school, by the ids of the wire."""

    person: str
    """Of the school register; never the id of an account."""
    group: str
    """Of the class; its subgroups are reached through it."""
    school: str

    @property
    def enrolment_id(self) -> str:
        """Return the seat as the id of an enrolment."""
        return f"{self.person}.{self.group}.{self.school}"

    @classmethod
    def read(cls, enrolment_id: str) -> Seat:
        """Return the seat an enrolment id names.

        Raises:
            ChildUnknown: It is no id of ours.
        """
        found = _WRITTEN.fullmatch(enrolment_id)
        if found is None:
            raise ChildUnknown("no enrolment of this diary has such an id", field="enrolment_id")
        return cls(*found.groups())
