"""Children and where they study."""

from __future__ import annotations

from typing import Literal

from diary_core.model.calendar import SchoolDate
from diary_core.model.school import ClassGroup, School
from diary_core.model.values import NOT_LOADED, Maybe, Model
from diary_core.people import PersonName


class Child(Model):
    """A child of the family, as one diary knows it."""

    id: str
    """The diary's id of the person; stable across schools where the diary keeps one."""
    name: Maybe[PersonName]
    """Unavailable where the diary's pages name nobody, as at the old МРКО door."""
    label: str | None = None
    """The parent's own word for the child, where the diary keeps one, as the account name of МРКО."""
    birth_date: Maybe[SchoolDate | None] = NOT_LOADED


class Enrolment(Model):
    """A child in one school and class; every diary call names one."""

    id: str
    """Opaque; given back to the abilities as `enrolment_id`."""
    child: Child
    school: Maybe[School]
    group: Maybe[ClassGroup]
    since: Maybe[SchoolDate | None] = NOT_LOADED
    role: Literal["parent", "trusted", "self"]
    """What the signed-in person is to the child."""
