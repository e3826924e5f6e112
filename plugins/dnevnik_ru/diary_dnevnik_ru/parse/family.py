"""The children of the signed-in parent, each in a school and class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from diary_core.model import Child, ClassGroup, Enrolment, School
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.parse.people import person_name
from diary_dnevnik_ru.parse.tables import DANGLING, named

_CLASS: Final = "Group"
_PUPIL: Final = "EduStudent"
_PARALLELS: Final = range(1, 12)


def enrolments(context: wire.Context, zone: str) -> tuple[Enrolment, ...]:
    """Return each child in each class, in the diary's order, and a pupil's own seat last.

    A child's schools and classes are lists of ids into the parent's own tables.
    """
    seats = [seat for child in context.children for seat in _seats(child, context, zone, "parent")]
    if _PUPIL in context.roles:
        seats.extend(_seats(context, context, zone, "self"))
    return tuple({seat.id: seat for seat in seats}.values())


def _seats(
    child: wire.ContextChild, context: wire.Context, zone: str, role: Literal["parent", "self"]
) -> Iterable[Enrolment]:
    groups = {group.id: group for group in context.edu_groups}
    schools = {school.id: school for school in context.schools}
    for group_id in child.group_ids:
        group = groups.get(group_id)
        school_id = _school_of(group_id, child, schools)
        if school_id is None or (group is not None and group.type not in (None, _CLASS)):
            continue
        school = schools.get(school_id)
        yield Enrolment(
            id=Seat(child.person_id, group_id, school_id).enrolment_id,
            child=Child(id=child.person_id, name=person_name(child) or DANGLING),
            school=DANGLING if school is None else School(id=school_id, name=named(school.name), zone=zone),
            group=DANGLING if group is None else _class(group),
            role=role,
        )


def _class(group: wire.EduGroup) -> ClassGroup:
    return ClassGroup(
        id=group.id,
        name=named(group.name),
        parallel=group.parallel if group.parallel in _PARALLELS else None,
    )


def _school_of(
    group_id: str, child: wire.ContextChild, schools: Mapping[str, wire.ContextSchool]
) -> str | None:
    """Return the child's school that lists the class, else the child's only school."""
    own = child.school_ids or tuple(schools)
    for school_id in own:
        school = schools.get(school_id)
        if school is not None and group_id in school.group_ids:
            return school_id
    return own[0] if len(own) == 1 else None
