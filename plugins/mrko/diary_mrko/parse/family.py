"""The children of a family, and the adult who signed in."""

from __future__ import annotations

from typing import Final, Literal
from zoneinfo import ZoneInfo

from diary_core.model import Child, ClassGroup, Enrolment, School
from diary_core.text import clean_or_none, tidy
from diary_mrko.ids import ChildRef
from diary_mrko.parse.names import name
from diary_mrko.wire.family import ChildSchool, FamilyChild, FamilyProfile

_PARALLELS: Final = range(1, 12)


def enrolments(family: FamilyProfile, zone: ZoneInfo) -> tuple[Enrolment, ...]:
    """Return the children who are in a class of a school, in the diary's order.

    A child without a school or without a class has left it, or has not begun: there is no diary to read.

    Raises:
        RegionChanged: A child has no name or no number.
    """
    own = family.profile is not None and family.profile.type == "student"
    found = [_enrolment(child, zone, own=own) for child in family.children]
    return tuple(enrolment for enrolment in found if enrolment is not None)


def _enrolment(child: FamilyChild, zone: ZoneInfo, *, own: bool) -> Enrolment | None:
    class_id, class_name = child.class_unit_id or child.class_uid, tidy(child.class_name or "")
    if child.school is None or class_id is None or not class_name:
        return None
    ref = ChildRef.of(child.id, child.contingent_guid)
    return Enrolment(
        id=str(ref),
        child=Child(
            id=ref.person_id or f"student-{ref.student_id}",
            name=name(child, field="children.[].last_name"),
            birth_date=child.birth_date,
        ),
        school=_school(child.school, zone),
        group=ClassGroup(
            id=class_id,
            name=class_name,
            parallel=child.class_level_id if child.class_level_id in _PARALLELS else None,
        ),
        since=child.enrollment_date,
        role=_role(child, own=own),
    )


def _role(child: FamilyChild, *, own: bool) -> Literal["parent", "trusted", "self"]:
    if own:
        return "self"
    return "trusted" if child.is_legal_representative is False else "parent"


def _school(school: ChildSchool, zone: ZoneInfo) -> School:
    short_name = clean_or_none(school.short_name)
    return School(
        id=school.id,
        name=clean_or_none(school.name) or short_name or school.id,
        short_name=short_name,
        zone=zone.key,
        principal=clean_or_none(school.principal),
        phone=clean_or_none(school.phone),
    )
