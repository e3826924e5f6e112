"""The school and its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from diary_core.model import UNSUPPORTED, Address, Maybe, School, StudyGroup, Teacher, Unavailable
from diary_core.text import clean_or_none, tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.people import teacher
from diary_dnevnik_ru.parse.tables import DANGLING, named

_SUBGROUP: Final = "Subgroup"


@dataclass(frozen=True, slots=True)
class SchoolParts:
    """What side calls told of a school, each by itself, or why it told nothing."""

    parameters: wire.SchoolParameters | Unavailable
    teachers: Sequence[wire.Person] | Unavailable
    """Of the class."""
    class_teacher: wire.Person | Unavailable
    staff: Sequence[wire.StaffMember] | Unavailable
    """Of the whole school."""
    groups: Sequence[wire.EduGroup] | Unavailable
    """Of the child."""

    @property
    def gaps(self) -> Mapping[str, Unavailable | None]:
        """Return why each part is not there, None for one that is, by what it is part of."""
        named_parts = {
            "parameters": self.parameters,
            "teachers": self.teachers,
            "class_teachers": self.class_teacher,
            "teachers.subjects": self.staff,
            "study_groups": self.groups,
        }
        return {name: part if isinstance(part, Unavailable) else None for name, part in named_parts.items()}


def school_profile(school: wire.School, parts: SchoolParts, zone: str) -> School:
    """Return the school with what the side calls brought; a part that failed says why."""
    told = None if isinstance(parts.parameters, Unavailable) else parts.parameters
    gap = parts.parameters if isinstance(parts.parameters, Unavailable) else None
    leader, people = parts.class_teacher, parts.teachers
    return School(
        id=school.id,
        name=named(school.full_name or school.name),
        short_name=tidy(school.name or "") or None,
        zone=zone,
        principal=gap or clean_or_none(told and told.director),
        phone=gap or clean_or_none(told and told.phone),
        email=gap or clean_or_none(told and told.email),
        website=gap or clean_or_none(told and told.website),
        hours=gap or clean_or_none(told and told.hours),
        district=clean_or_none(school.municipality),
        addresses=gap or _addresses(told.address if told else ()),
        class_teachers=leader if isinstance(leader, Unavailable) else _teachers([leader], parts.staff),
        teachers=people if isinstance(people, Unavailable) else _teachers(people, parts.staff),
        study_groups=parts.groups if isinstance(parts.groups, Unavailable) else _subgroups(parts.groups),
    )


def _addresses(lines: Sequence[str]) -> Maybe[tuple[Address, ...]]:
    """Return the addresses that are lines of text; what another entry may look like is not known."""
    found = tuple(Address(text=text) for line in lines if (text := clean_or_none(line)))
    return found if found or not lines else DANGLING


def _teachers(
    people: Sequence[wire.Person], staff: Sequence[wire.StaffMember] | Unavailable
) -> tuple[Teacher, ...]:
    """Return people with what the list of the school's staff says of them, which is all they teach there."""
    known = {} if isinstance(staff, Unavailable) else {member.id: member for member in staff}
    missing = staff if isinstance(staff, Unavailable) else UNSUPPORTED
    found = (teacher(person) for person in {person.id: person for person in people}.values())
    return tuple(_with_post(one, known.get(one.id or ""), missing) for one in found if one is not None)


def _with_post(found: Teacher, member: wire.StaffMember | None, missing: Unavailable) -> Teacher:
    if member is None:
        return found.model_copy(update={"subjects": missing, "position": missing})
    subjects = tuple(name for part in (member.subjects or "").split(",") if (name := tidy(part)))
    return found.model_copy(update={"subjects": subjects, "position": clean_or_none(member.position)})


def _subgroups(groups: Sequence[wire.EduGroup]) -> tuple[StudyGroup, ...]:
    return tuple(
        StudyGroup(id=group.id, name=named(group.name)) for group in groups if group.type == _SUBGROUP
    )
