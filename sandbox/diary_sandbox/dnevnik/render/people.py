"""Persons, users, relatives and the context every client asks for first."""

from collections.abc import Sequence
from datetime import date
from zlib import crc32
from zoneinfo import ZoneInfo

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import local_midnight, offset_text
from diary_sandbox.dnevnik.render.groups import class_wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, Guardian, Kinship, Parent, Person, Sex, Teacher, World

_AVATAR = "https://static.example.invalid/images/avatar-placeholder.png"
_PHOTO = "https://static.example.invalid/p/{size}.png"
# The nine documented values have none for a nanny; `Tutor` (опекун) is the nearest.
_RELATIVE = {
    Kinship.MOTHER: "Mother",
    Kinship.FATHER: "Father",
    Kinship.GRANDMOTHER: "Grandmother",
    Kinship.GRANDFATHER: "Grandfather",
    Kinship.AUNT: "Aunt",
    Kinship.TRUSTED: "Tutor",
}
PARENT_ROLES = ("EduParent",)


def pupil_person(child: Child) -> Wire:
    """Return a pupil as a Person."""
    return _person(child.person, wire_id(Space.PUPIL_PERSON, child.id), pupil_user_id(child))


def adult_person(parent: Parent) -> Wire:
    """Return an adult as a Person."""
    ids = wire_id(Space.ADULT_PERSON, parent.id), wire_id(Space.ADULT_USER, parent.id)
    return _person(parent.person, *ids)


def teacher_person(teacher: Teacher) -> Wire:
    """Return a teacher as a Person."""
    ids = wire_id(Space.TEACHER_PERSON, teacher.id), wire_id(Space.TEACHER_USER, teacher.id)
    return _person(teacher.person, *ids)


def pupil_user_id(child: Child) -> int | None:
    """Return a pupil's user id; one pupil in seven has no account, and then it is null on the wire."""
    without = crc32(f"account {child.id}".encode()) % 7 == 2
    return None if without else wire_id(Space.PUPIL_USER, child.id)


def short_name(person: Person) -> str:
    """Return first name and the initial of the surname: «Анна О.»."""
    return f"{person.name.first} {person.name.last[:1]}."


def sex_word(person: Person) -> str:
    """Return the wire's word for a sex."""
    return "Female" if person.sex is Sex.FEMALE else "Male"


def relative(world: World, tie: Guardian) -> Wire:
    """Return an adult as a relative of a child."""
    return {"type": _RELATIVE[tie.kinship], "person": adult_person(world.parent(tie.parent_id))}


def child_relatives(world: World, child: Child) -> Wire:
    """Return one child with all relatives, legal representatives first."""
    relatives = [relative(world, tie) for tie in world.guardians_of(child.id)]
    return {"person": pupil_person(child), "relatives": relatives}


def parent_user(parent: Parent, login: str | None, zone: ZoneInfo, on: date, *, contacts: bool) -> Wire:
    """Return a parent's user profile.

    Args:
        parent: Whose.
        login: User name, null for who has none.
        zone: Of the school of the eldest child.
        on: Day whose offset from UTC is told.
        contacts: Whether e-mail and phone may be told.
    """
    user_id = wire_id(Space.ADULT_USER, parent.id)
    person_id = wire_id(Space.ADULT_PERSON, parent.id)
    profile = _user(
        parent.person,
        user_id=user_id,
        person_id=person_id,
        login=login,
        roles=PARENT_ROLES,
        offset=offset_text(zone, on),
    )
    if contacts:
        profile |= {"email": parent.person.email, "phone": parent.person.phone}
    return profile


def pupil_user(child: Child, zone: ZoneInfo, on: date) -> Wire:
    """Return the profile of a pupil with an account as relatives see it: no login, no contacts."""
    user_id = wire_id(Space.PUPIL_USER, child.id)
    person_id = wire_id(Space.PUPIL_PERSON, child.id)
    return _user(
        child.person,
        user_id=user_id,
        person_id=person_id,
        login=None,
        roles=("EduStudent",),
        offset=offset_text(zone, on),
    )


def context(world: World, parent: Parent, children: Sequence[Child]) -> Wire:
    """Return the context of a parent.

    A parent's own `schoolIds` and `groupIds` are empty; schools and classes of the children sit in
    `schools` and `eduGroups` and are picked through each child's id lists.
    """
    name = parent.person.name
    class_ids = sorted({child.class_id for child in children})
    return {
        "userId": wire_id(Space.ADULT_USER, parent.id),
        "avatarUrl": _AVATAR,
        "roles": list(PARENT_ROLES),
        "children": [_context_child(child) for child in children],
        "schools": _context_schools(world, children),
        "eduGroups": [class_wire(world, world.class_group(class_id)) for class_id in class_ids],
        "splitId": None,
        "personId": wire_id(Space.ADULT_PERSON, parent.id),
        "firstName": name.first,
        "lastName": name.last,
        "middleName": name.middle,
        "shortName": short_name(parent.person),
        "schoolIds": [],
        "groupIds": [],
    }


def _context_child(child: Child) -> Wire:
    name = child.person.name
    return {
        "personId": wire_id(Space.PUPIL_PERSON, child.id),
        "firstName": name.first,
        "lastName": name.last,
        "middleName": name.middle,
        "shortName": short_name(child.person),
        "schoolIds": [wire_id(Space.SCHOOL, child.school_id)],
        "groupIds": [wire_id(Space.CLASS, child.class_id)],
    }


def _context_schools(world: World, children: Sequence[Child]) -> list[Wire]:
    schools = dict.fromkeys(child.school_id for child in children)
    return [
        {
            "id": wire_id(Space.SCHOOL, school_id),
            "name": world.school(school_id).short_name,
            "type": "Regular",
            "groupIds": [
                wire_id(Space.CLASS, class_id)
                for class_id in dict.fromkeys(c.class_id for c in children if c.school_id == school_id)
            ],
        }
        for school_id in schools
    ]


def _person(person: Person, person_id: int, user_id: int | None) -> Wire:
    return {
        "id": person_id,
        "id_str": str(person_id),
        "userId": user_id,
        "userId_str": None if user_id is None else str(user_id),
        "firstName": person.name.first,
        "lastName": person.name.last,
        "middleName": person.name.middle,
        "shortName": short_name(person),
        "sex": sex_word(person),
    }


def _user(
    person: Person, *, user_id: int, person_id: int, login: str | None, roles: Sequence[str], offset: str
) -> Wire:
    name = person.name
    return {
        "id": user_id,
        "id_str": str(user_id),
        "personId": person_id,
        "personId_str": str(person_id),
        "name": short_name(person),
        "email": None,
        "login": login,
        "fullName": " ".join(part for part in (name.first, name.middle, name.last) if part),
        "fullNameInverse": name.full,
        "firstName": name.first,
        "middleName": name.middle,
        "lastName": name.last,
        "shortName": short_name(person),
        "locale": "ru-RU",
        "timezone": offset,
        "sex": sex_word(person),
        "photoSmall": _PHOTO.format(size="s"),
        "photoMedium": _PHOTO.format(size="m"),
        "photoLarge": _PHOTO.format(size="l"),
        "birthday": local_midnight(person.born),
        "roles": list(roles),
        "phone": None,
    }
