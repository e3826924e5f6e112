"""Classes and subgroups: the wire calls both an edu-group."""

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.render.subjects import journal_subjects, subject_wire
from diary_sandbox.dnevnik.wire_ids import Space, past_class_id, wire_id
from diary_sandbox.world import Child, ClassGroup, Lesson, StudyGroup, Subject, World


def class_name(group: ClassGroup) -> str:
    """Return a class's name as this system writes it: no dash between number and letter."""
    return f"{group.parallel}{group.letter}"


def class_wire(world: World, group: ClassGroup) -> Wire:
    """Return a class."""
    number = wire_id(Space.CLASS, group.id)
    subjects = journal_subjects(world, group.id)
    return _group(world, group, number, class_name(group), subjects=subjects)


def subgroup_wire(world: World, subgroup: StudyGroup) -> Wire:
    """Return a subgroup of a class; its only parent is the class, its only subject its own."""
    group = world.class_group(subgroup.class_id)
    subject = world.subject(subgroup.subject_id)
    name = f"{class_name(group)} ({subject.name[:4].lower()}. {subgroup.subgroup})"
    number = wire_id(Space.STUDY_GROUP, subgroup.id)
    parents = (wire_id(Space.CLASS, group.id),)
    return _group(world, group, number, name, subjects=[subject], parents=parents, kind="Subgroup")


def past_class_wire(world: World, group: ClassGroup, years_ago: int) -> Wire:
    """Return the same class as it was years before, closed."""
    number = past_class_id(group.id, years_ago)
    name = f"{group.parallel - years_ago}{group.letter}"
    return _group(world, group, number, name, subjects=[], years_ago=years_ago)


def pupil_subgroups(world: World, child: Child) -> list[StudyGroup]:
    """Return the subgroups a pupil learns in."""
    return [one for one in world.study_groups(child.id) if one.subgroup is not None]


def lesson_group_id(lesson: Lesson) -> int:
    """Return the edu-group a lesson is held in: the subgroup, or the class."""
    if lesson.subgroup is None:
        return wire_id(Space.CLASS, lesson.class_id)
    return wire_id(Space.STUDY_GROUP, lesson.group_id)


def _group(
    world: World,
    group: ClassGroup,
    number: int,
    name: str,
    *,
    subjects: list[Subject],
    parents: tuple[int, ...] = (),
    kind: str = "Group",
    years_ago: int = 0,
) -> Wire:
    start = world.year.start - years_ago
    timetable = wire_id(Space.TIMETABLE, group.school_id)
    return {
        "id": number,
        "id_str": str(number),
        "parentIds": list(parents),
        "parentIds_str": [str(parent) for parent in parents],
        "type": kind,
        "name": name,
        "fullName": f"{name} {start}/{start + 1}",
        "parallel": group.parallel - years_ago,
        "timetable": timetable,
        "timetable_str": str(timetable),
        "status": "Archive" if years_ago else "Active",
        "studyyear": start,
        "educationType": "Regular",
        "subjects": [subject_wire(subject) for subject in subjects],
        "journaltype": "NotSet",
    }
