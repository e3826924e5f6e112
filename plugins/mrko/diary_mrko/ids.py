"""Our ids, made of the diary's own: all that a call needs to know of a child fits into one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diary_core.errors import ChildUnknown

_WRITTEN = re.compile(r"(?P<student>\d{1,20})(?:\.(?P<person>[0-9a-fA-F-]{1,64}))?")


@dataclass(frozen=True, slots=True)
class ChildRef:
    """How the services call one child.

    Family and journal calls take `student_id`, calendar calls take `person_id`.
    """

    student_id: str
    person_id: str | None
    """UUID in the city's register; None for a child it does not hold, which then has no calendar."""

    @classmethod
    def read(cls, enrolment_id: str) -> ChildRef:
        """Read an enrolment id.

        Raises:
            ChildUnknown: `enrolments()` never gave such an id.
        """
        written = _WRITTEN.fullmatch(enrolment_id)
        if written is None:
            raise ChildUnknown("the enrolment id is not one of ours", field="enrolment_id")
        return cls(written["student"], written["person"])

    def __str__(self) -> str:
        return self.student_id if self.person_id is None else f"{self.student_id}.{self.person_id}"
