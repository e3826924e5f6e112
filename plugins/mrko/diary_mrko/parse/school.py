"""The school and its people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from diary_core.model import NOT_LOADED, UNSUPPORTED, Address, School, StudyGroup, Teacher
from diary_core.text import clean_or_none, tidy
from diary_mrko.parse.names import name_or_none
from diary_mrko.wire.family import Branch, ChildGroup, SchoolInfo, StaffMember


def school(info: SchoolInfo, short_name: str | None, groups: Iterable[ChildGroup], zone: ZoneInfo) -> School:
    """Return the school as its page describes it; teachers come without ids, a vacancy is left out.

    Args:
        info: The page.
        short_name: As the family profile has it; the page itself names none.
        groups: Those of the child, out of the family profile too.
        zone: The school's.
    """
    place = info.address
    return School(
        id=info.id,
        name=clean_or_none(info.name) or short_name or info.id,
        short_name=short_name,
        zone=zone.key,
        principal=clean_or_none(info.principal),
        phone=clean_or_none(info.phone),
        email=clean_or_none(info.email),
        website=clean_or_none(info.website_link),
        hours=UNSUPPORTED,
        district=clean_or_none(place and (place.district or place.county)),
        addresses=tuple(_addresses(info)),
        class_teachers=tuple(_teachers(info.classroom_teachers, subjects=False)),
        teachers=tuple(_teachers(info.teachers, subjects=True)),
        study_groups=tuple(
            StudyGroup(id=group.id, name=named)
            for group in groups
            if not group.is_fake and (named := tidy(group.name or ""))
        ),
    )


def _teachers(members: Iterable[StaffMember], *, subjects: bool) -> Iterator[Teacher]:
    for member in members:
        if known := name_or_none(member):
            taught = _subjects(member) if subjects else NOT_LOADED
            yield Teacher(id=None, name=known, subjects=taught, position=UNSUPPORTED)


def _subjects(member: StaffMember) -> tuple[str, ...]:
    return tuple(tidied for name in member.subject_names if (tidied := tidy(name)))


def _addresses(info: SchoolInfo) -> Iterator[Address]:
    """Yield the houses of the school; its official address alone when no house is listed."""
    houses = [(branch, text) for branch in info.branches if (text := _address(branch))]
    for branch, text in houses:
        yield Address(
            text=text,
            main=branch.is_main_building,
            name=clean_or_none(branch.name),
            own=branch.is_student_building,
        )
    official = clean_or_none(info.address.address) if info.address else None
    if official and not houses:
        yield Address(text=official)


def _address(branch: Branch) -> str | None:
    return clean_or_none(branch.address)
