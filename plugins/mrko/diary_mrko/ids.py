"""Our ids, made of the diary's own: all that a call needs to know of a child fits into one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from diary_core.errors import ChildUnknown, NotPermitted, RegionChanged

_STUDENT: Final = re.compile(r"[0-9]{1,20}")
_MARK: Final = re.compile(r"[0-9]{1,19}")
_HOMEWORK: Final = re.compile(r"[0-9]{1,20}")
_PERSON: Final = re.compile(r"[0-9a-fA-F-]{1,64}")


@dataclass(frozen=True, slots=True)
class ChildRef:
    """How the services call one child.

    Family and journal calls take `student_id`, calendar calls take `person_id`.
    """

    student_id: str
    person_id: str | None
    """UUID in the city's register; None for a child it does not hold, which then has no calendar."""

    @classmethod
    def of(cls, student_id: str, person_id: str | None) -> ChildRef:
        """Take the numbers as the diary sent them; what is no UUID is no person of the register.

        Raises:
            RegionChanged: The student has no number.
        """
        if not _STUDENT.fullmatch(student_id):
            raise RegionChanged("a child's number is none", field="children.[].id")
        return cls(student_id, person_id if person_id and _PERSON.fullmatch(person_id) else None)

    @classmethod
    def read(cls, enrolment_id: str) -> ChildRef:
        """Read an enrolment id.

        Raises:
            ChildUnknown: `enrolments()` never gave such an id.
        """
        student, dot, person = enrolment_id.partition(".")
        if not _STUDENT.fullmatch(student) or (dot and not _PERSON.fullmatch(person)):
            raise ChildUnknown("the enrolment id is not one of ours", field="enrolment_id")
        return cls(student, person if dot else None)

    def registered(self) -> str:
        """Return the child's UUID in the city's register.

        Raises:
            NotPermitted: The register does not hold the child, so what is kept by it cannot be asked for.
        """
        if self.person_id is None:
            raise NotPermitted("the child is not in the city's register")
        return self.person_id

    def __str__(self) -> str:
        return self.student_id if self.person_id is None else f"{self.student_id}.{self.person_id}"


def is_mark_id(text: str) -> bool:
    """Tell whether a text may be the id of a mark: anything else is no part of an address."""
    return _MARK.fullmatch(text) is not None


def is_homework_id(text: str) -> bool:
    """Tell whether a text may be the id of a homework; those that lessons alone tell of have ids of ours."""
    return _HOMEWORK.fullmatch(text) is not None
