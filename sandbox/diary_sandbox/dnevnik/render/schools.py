"""Schools, their teachers and memberships."""

from datetime import date
from zlib import crc32

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import offset_minutes
from diary_sandbox.dnevnik.render.groups import class_wire, pupil_subgroups, subgroup_wire
from diary_sandbox.dnevnik.render.people import sex_word, short_name
from diary_sandbox.dnevnik.render.subjects import journal_subjects, subject_wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, School, Teacher, World


def school_wire(school: School, on: date) -> Wire:
    """Return a school's profile. `timeZone` is read as hours from UTC (its meaning is not evidenced)."""
    return {
        "fullName": school.name,
        "avatarSmall": "https://static.example.invalid/s/s.png",
        "city": school.city,
        "municipality": school.district,
        "regionId": int(school.region),
        "markType": "mark5",
        "timeZone": offset_minutes(school.zone, on) // 60,
        "uses_avg": True,
        "uses_weighted_avg": school.weighs_marks,
        **person_school(school),
    }


def person_school(school: School) -> Wire:
    """Return a school in the short form of `person-schools`."""
    number = wire_id(Space.SCHOOL, school.id)
    city = city_id(school)
    return {
        "id": number,
        "id_str": str(number),
        "name": school.short_name,
        "educationType": "Regular",
        "tsoCityId": city,
        "tsoRegionTreePath": f"{school.region}.{city}.",
    }


def city_wire(school: School) -> Wire:
    """Return the city of a school."""
    city, region = city_id(school), int(school.region)
    return {
        "id": city,
        "id_str": str(city),
        "name": school.city,
        "regionId": region,
        "regionId_str": str(region),
    }


def city_id(school: School) -> int:
    """Return this system's own number of a school's city."""
    return crc32(f"{school.region} {school.city}".encode()) % 9_000 + 1_000


def passport(world: World, school: School) -> Wire:
    """Return the public passport of a school; of its some ninety fields, those the world knows."""
    main = school.buildings[0]
    principal = world.teacher(school.principal_id)
    return {
        "schoolId": wire_id(Space.SCHOOL, school.id),
        "fullName": school.name,
        "shortName": school.short_name,
        "status": "Active",
        "address": [building.address for building in school.buildings],
        "legalAddress": main.address,
        "website": school.website,
        "email": school.email,
        "schoolPhone": f"+7{school.phone}",
        "workHours": "08:00 - 18:00",
        "shiftsCount": 1,
        "directorFullName": principal.person.name.full,
        "inn": None,
    }


def staff_member(world: World, teacher: Teacher) -> Wire:
    """Return a teacher in the PascalCase form of `schools/{s}/teachers`."""
    person = teacher.person
    person_id = wire_id(Space.TEACHER_PERSON, teacher.id)
    user_id = wire_id(Space.TEACHER_USER, teacher.id)
    leads = {group.class_teacher_id for group in world.classes(teacher.school_id)}
    return {
        "Id": person_id,
        "IdStr": str(person_id),
        "UserId": user_id,
        "UserIdStr": str(user_id),
        "FirstName": person.name.first,
        "LastName": person.name.last,
        "MiddleName": person.name.middle,
        "ShortName": short_name(person),
        "Sex": sex_word(person),
        "DateBirth": None,
        "Email": None,
        "Subjects": ", ".join(world.subject(number).name for number in teacher.subject_ids),
        "HouseMaster": teacher.id in leads,
        "NameTeacherPosition": teacher.position,
        "TeachingStaff": bool(teacher.subject_ids),
    }


def membership(world: World, child: Child, on: date) -> Wire:
    """Return where a pupil is enrolled: one school, the class and the own subgroups."""
    school = world.school(child.school_id)
    person_id = wire_id(Space.PUPIL_PERSON, child.id)
    groups = [class_wire(world, world.class_group(child.class_id))]
    groups += [subgroup_wire(world, one) for one in pupil_subgroups(world, child)]
    return {
        "person": person_id,
        "person_str": str(person_id),
        "schools": [
            {
                "school": school_wire(school, on),
                "roles": ["EduStudent"],
                "editorRoles": [],
                "eduGroupMemberships": [{"eduGroup": group} for group in groups],
                "subjects": [subject_wire(one) for one in journal_subjects(world, child.class_id)],
            }
        ],
    }
