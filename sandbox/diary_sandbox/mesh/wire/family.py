"""Who is signed in, and the children: profiles, sessions, user cards, the family profile."""

from collections.abc import Sequence
from datetime import date
from zlib import crc32

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.ids import profile_id, student_id, user_id
from diary_sandbox.mesh.wire.names import names
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import Child, Kinship, Name, Parent, School, StudyGroup, Subject, World

PARENT_ROLE = 2
_CURRICULA = 600_000
_KINSHIP_TYPES = {Kinship.TRUSTED: (2, "Доверенный представитель")}
_PARENT_TYPE = (1, "Родитель")


def profiles(parent: Parent, *, linked: bool) -> list[dict[str, object]]:
    """Return `…/users/profile_info`: the diary profiles of the caller; none when the school knows nobody.

    The number comes as text for some people, and the type in either of its two spellings.
    """
    if not linked:
        return []
    number = profile_id(parent.id)
    odd = parent.family_id % 2 == 0
    return [
        {"id": str(number) if odd else number, "type": "ParentProfile" if parent.id % 5 == 0 else "parent"}
    ]


def session(parent: Parent, school: School | None, token: str, *, linked: bool) -> dict[str, object]:
    """Return `POST /api/ej/acl/v1/sessions`: the caller with profiles, in the previous generation's shape."""
    person = parent.person
    profile: dict[str, object] = {
        "id": profile_id(parent.id),
        "type": "parent",
        "roles": [],
        "user_id": user_id(person.id),
        "agree_pers_data": True,
        "school_id": school.id if school else None,
        "school_shortname": school.short_name if school else None,
        "organization_id": str(_global_school_id(school)) if school else None,
        "subject_ids": [],
    }
    return {
        "id": user_id(person.id),
        **_named(person.name),
        "person_id": person.uuid,
        "guid": person.uuid,
        "phone_number": person.phone,
        "email": person.email,
        "snils": person.snils,
        "date_of_birth": person.born.isoformat(),
        "sex": person.sex.value,
        "authentication_token": token,
        "password_change_required": False,
        "regional_auth": None,
        "profiles": [profile] if linked else [],
    }


def user_info(parent: Parent, login: str, address: str) -> dict[str, object]:
    """Return `GET /v3/userinfo`."""
    person = parent.person
    return {
        "userId": user_id(person.id),
        "login": login,
        "info": {
            "FirstName": person.name.first,
            "LastName": person.name.last,
            "MiddleName": person.name.middle,
            "birthdate": times.dotted(person.born),
            "gender": person.sex.value,
            "mail": person.email,
            "mobile": person.phone,
            "snils": person.snils,
            "guid": person.uuid,
            "trusted": True,
            "failed": False,
            "error": None,
        },
        "roles": [
            {
                "id": PARENT_ROLE,
                "title": "Родитель",
                "subsystems": [{"id": 2, "title": "Дневник", "url": f"{address}/diary", "mnemonic": "diary"}],
            }
        ],
    }


def oidc_user_info(parent: Parent, children: Sequence[Child]) -> dict[str, object]:
    """Return `GET /v1/oauth/userinfo`; an adult's `broles` is `agent`."""
    person = parent.person
    return {
        "sub": str(user_id(person.id)),
        "person_id": person.uuid,
        "name": person.name.full,
        "given_name": person.name.first,
        "family_name": person.name.last,
        "middle_name": person.name.middle,
        "gender": person.sex.value[0],
        "birth_date": person.born.isoformat(),
        "email": person.email,
        "phone": person.phone,
        "broles": ["agent"],
        "children": [child.person.uuid for child in children],
        "agents": [],
        "education": [],
    }


def family_profile(world: World, parent: Parent, children: Sequence[Child], today: date) -> dict[str, object]:
    """Return `GET fm/profile`: the adult and every child this adult sees on the node, oldest first."""
    person = parent.person
    seen = f"{parent.id} {[child.id for child in children]} {[child.class_id for child in children]}"
    return {
        "profile": {
            **names(person.name),
            "birth_date": person.born.isoformat(),
            "sex": person.sex.value,
            "user_id": user_id(person.id),
            "id": profile_id(parent.id),
            "contract_id": None,
            "phone": person.phone,
            "email": person.email,
            "snils": person.snils,
            "type": "parent",
        },
        "children": [_child(world, parent, child, today) for child in children],
        "hash": f"{crc32(seen.encode()):08x}",
    }


def curriculum_id(class_id: int) -> int:
    """Return the number of a class's study plan."""
    return _CURRICULA + class_id


def school_card(world: World, school: School) -> dict[str, object]:
    """Return a school as the family profile has it."""
    return {
        "id": school.id,
        "name": school.name,
        "short_name": school.short_name,
        "county": school.district,
        "principal": world.teacher(school.principal_id).person.name.full,
        "phone": school.phone,
        "global_school_id": _global_school_id(school),
        "municipal_unit_name": None,
    }


def _child(world: World, parent: Parent, child: Child, today: date) -> dict[str, object]:
    person = child.person
    group = world.class_group(child.class_id)
    tie = next(tie for tie in world.guardians_of(child.id) if tie.parent_id == parent.id)
    return {
        **names(person.name),
        "birth_date": person.born.isoformat(),
        "sex": person.sex.value,
        "user_id": user_id(person.id),
        "id": student_id(child.id),
        "contract_id": None,
        "phone": person.phone,
        "email": person.email,
        "snils": person.snils,
        "type": None,
        "school": school_card(world, world.school(child.school_id)),
        "class_name": group.name,
        "class_level_id": group.parallel,
        "class_unit_id": group.id,
        "class_uid": group.uuid,
        "age": _age(person.born, today),
        "groups": [
            _group(child, study_group, world.subject(study_group.subject_id))
            for study_group in world.study_groups(child.id)
        ],
        "ec_groups": None,
        "representatives": _representatives(world, child),
        "sections": [],
        "sudir_account_exists": group.parallel > 4,
        "sudir_login": None,
        "is_legal_representative": tie.legal,
        "parallel_curriculum_id": curriculum_id(group.id),
        "contingent_guid": person.uuid,
        "enrollment_date": child.enrolled_on.isoformat(),
        "service_type_id": 2,
        "profession_specialty_code": None,
        "profession_specialty_name": None,
        "grade_book_number": None,
        "grade_book_date": None,
        "education_level_id": 1 if group.parallel < 5 else 2 if group.parallel < 10 else 3,
        "physical_training_health_group_id": 1,
    }


def _group(child: Child, group: StudyGroup, subject: Subject) -> dict[str, object]:
    """Return a study group; extra-curricular ones are fake, and some numbers come as text."""
    fake = subject.kind.value != "regular"
    number: tuple[int | str, ...] = (subject.id, subject.id, str(subject.id))
    return {
        "id": group.id,
        "name": group.name,
        "subject_id": None if fake else vary(child, f"group {group.id}", *number),
        "is_fake": fake,
    }


def _representatives(world: World, child: Child) -> list[dict[str, object]]:
    cards: list[dict[str, object]] = []
    for tie in world.guardians_of(child.id):
        person = world.parent(tie.parent_id).person
        type_id, type_name = _KINSHIP_TYPES.get(tie.kinship, _PARENT_TYPE)
        cards.append(
            {
                "person_id": person.uuid,
                **names(person.name),
                "type_id": type_id,
                "type": type_name,
                "email": person.email,
                "phone": person.phone,
                "snils": person.snils,
            }
        )
    return cards


def _named(name: Name) -> dict[str, object]:
    return {"first_name": name.first, "last_name": name.last, "middle_name": name.middle}


def _global_school_id(school: School) -> int:
    return 990_000 + school.id


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
