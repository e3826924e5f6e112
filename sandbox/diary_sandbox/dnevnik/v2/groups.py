"""Classes, subgroups, classmates and teachers of a class."""

from datetime import timedelta

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import invalid_parameter, unavailable
from diary_sandbox.dnevnik.journal import journal_lessons
from diary_sandbox.dnevnik.render.groups import (
    class_wire,
    past_class_wire,
    pupil_subgroups,
    subgroup_wire,
)
from diary_sandbox.dnevnik.render.people import pupil_person, teacher_person
from diary_sandbox.dnevnik.render.subjects import journal_subjects, subject_wire
from diary_sandbox.dnevnik.v2.users import named_children
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.world import Child, ClassGroup, PastYear, StudyGroup, Subject, World

_TEACHERS_BACK, _TEACHERS_AHEAD = timedelta(days=7), timedelta(days=30)


def group_wire(call: OwnCall, group: ClassGroup | StudyGroup) -> Wire:
    """Return a class or a subgroup."""
    if isinstance(group, ClassGroup):
        return class_wire(call.world, group)
    return subgroup_wire(call.world, group)


def group_pupils(call: OwnCall, group: ClassGroup | StudyGroup) -> list[Child]:
    """Return the pupils of a class or a subgroup, by id."""
    if isinstance(group, ClassGroup):
        return list(call.world.pupils(group.id))
    return [one for one in call.world.pupils(group.class_id) if one.subgroup == group.subgroup]


def class_id_of(group: ClassGroup | StudyGroup) -> int:
    """Return the class a group is, or belongs to; the world's number."""
    return group.id if isinstance(group, ClassGroup) else group.class_id


def find_past_year(world: World, child: Child, years_ago: int) -> PastYear | None:
    """Return a pupil's former year, None when none is kept."""
    return next((past for past in world.past_years(child.id) if past.years_ago == years_ago), None)


def group_subjects(call: OwnCall, group: ClassGroup | StudyGroup) -> list[Subject]:
    """Return what a group is taught."""
    if isinstance(group, ClassGroup):
        return journal_subjects(call.world, group.id)
    return [call.world.subject(group.subject_id)]


def _group(call: OwnCall) -> Wire:
    group = call.reach.group(call.number("group"))
    if group is None:
        raise unavailable("edu-group")
    return group_wire(call, group)


def _groups(call: OwnCall) -> list[Wire]:
    found = (call.reach.group(number) for number in call.query_numbers("eduGroups"))
    return [group_wire(call, group) for group in found if group is not None]


def _group_ids(call: OwnCall) -> list[int]:
    """Return the classes of the children: a parent is in none of his own."""
    children = named_children(call)
    return list(dict.fromkeys(wire_id(Space.CLASS, one.class_id) for one in children))


def _person_groups(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    return [] if child is None else _current(call, child)


def _person_groups_all(call: OwnCall) -> list[Wire]:
    """Return the current groups and the class as it was in former years."""
    child = call.reach.child(call.number("person"))
    if child is None:
        return []
    group = call.world.class_group(child.class_id)
    former = [past.years_ago for past in call.world.past_years(child.id)]
    return _current(call, child) + [past_class_wire(call.world, group, years) for years in former]


def _person_school_groups(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    school = world_id(Space.SCHOOL, call.number("school"))
    return [] if child is None or child.school_id != school else _current(call, child)


def _parallel(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    if group is None:
        return []
    own = call.world.class_group(class_id_of(group))
    return [
        class_wire(call.world, one)
        for one in call.world.classes(own.school_id)
        if one.parallel == own.parallel
    ]


def _pupils(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    return [] if group is None else [pupil_person(one) for one in group_pupils(call, group)]


def _pupils_by_query(call: OwnCall) -> list[Wire]:
    number = call.query_number("eduGroup")
    if number is None:
        raise invalid_parameter("eduGroup", "")
    group = call.reach.group(number)
    return [] if group is None else [pupil_person(one) for one in group_pupils(call, group)]


def _students(call: OwnCall) -> list[Wire]:
    found = (call.reach.group(number) for number in call.body_numbers())
    return [
        {
            "group": group_wire(call, group),
            "students": [
                {"person": pupil_person(one), "membershipstatus": "Active"}
                for one in group_pupils(call, group)
            ],
        }
        for group in found
        if group is not None
    ]


def _subjects(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    return [] if group is None else [subject_wire(one) for one in group_subjects(call, group)]


def _teachers(call: OwnCall) -> list[Wire]:
    """Return the teachers with lessons from a week back to thirty days ahead."""
    group = call.reach.group(call.number("group"))
    if group is None:
        return []
    today = call.today(class_id_of(group))
    span = today - _TEACHERS_BACK, today + _TEACHERS_AHEAD
    lessons = journal_lessons(call.world.class_lessons(class_id_of(group), *span))
    if isinstance(group, StudyGroup):
        lessons = [one for one in lessons if one.group_id == group.id]
    ids = sorted({one.half.teacher_id for one in lessons})
    return [teacher_person(call.world.teacher(number)) for number in ids]


def _class_teacher(call: OwnCall) -> Wire:
    group = call.reach.group(call.number("group"))
    if group is None:
        raise unavailable("edu-group")
    own = call.world.class_group(class_id_of(group))
    return teacher_person(call.world.teacher(own.class_teacher_id))


def _current(call: OwnCall, child: Child) -> list[Wire]:
    own = [class_wire(call.world, call.world.class_group(child.class_id))]
    return own + [subgroup_wire(call.world, one) for one in pupil_subgroups(call.world, child)]


ENDPOINTS = (
    Endpoint("GET", "users/{user}/edu-groups", _group_ids),
    Endpoint("GET", "persons/{person}/edu-groups", _person_groups),
    Endpoint("GET", "persons/{person}/edu-groups/all", _person_groups_all),
    Endpoint("GET", "persons/{person}/schools/{school}/edu-groups", _person_school_groups),
    Endpoint("GET", "persons", _pupils_by_query),
    Endpoint("GET", "edu-groups", _groups),
    Endpoint("POST", "edu-groups", _students),
    Endpoint("POST", "edu-groups/students", _students),
    Endpoint("GET", "edu-groups/{group}/parallel", _parallel),
    Endpoint("GET", "edu-groups/{group}/persons", _pupils),
    Endpoint("GET", "edu-groups/{group}/students", _pupils),
    Endpoint("GET", "edu-groups/{group}/subjects", _subjects),
    Endpoint("GET", "edu-groups/{group}/teachers", _teachers),
    Endpoint("GET", "edu-groups/{group}/classteacher", _class_teacher),
    Endpoint("GET", "edu-groups/{group}", _group),
)
