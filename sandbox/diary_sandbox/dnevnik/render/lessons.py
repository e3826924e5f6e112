"""Lessons: the light form of the per-day tables and the full one."""

from collections.abc import Sequence

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.render.groups import lesson_group_id
from diary_sandbox.dnevnik.render.subjects import subject_wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Lesson, World

# The values of `status` are not known; every lesson carries the one placeholder of the samples, a
# cancelled one too: see the module `journal` for what this system cannot say.
LESSON_STATUS = "Planned"


def light_lesson(world: World, lesson: Lesson, works: Sequence[int]) -> Wire:
    """Return a lesson with its hours and room; no `id_str` here, and the subject only by id."""
    half = lesson.half
    school = world.school(world.class_group(lesson.class_id).school_id)
    building = next((one for one in school.buildings if one.id == half.building_id), None)
    return {
        "id": wire_id(Space.LESSON, lesson.id),
        "title": lesson.topic,
        "date": local_midnight(half.on),
        "number": half.slot,
        "subjectId": wire_id(Space.SUBJECT, half.subject_id),
        "status": LESSON_STATUS,
        "resultPlaceId": None,
        "building": "" if building is None or building.main else building.name,
        "place": half.room,
        "floor": None,
        "hours": f"{half.starts:%H:%M} - {half.ends:%H:%M}",
        "works": list(works),
        "teachers": [wire_id(Space.TEACHER_PERSON, half.teacher_id)],
    }


def lesson_with_teachers(world: World, lesson: Lesson, works: Sequence[int]) -> Wire:
    """Return the light form with `teachers_str` added, as the homework call has it."""
    light = light_lesson(world, lesson, works)
    return {**light, "teachers_str": [str(wire_id(Space.TEACHER_PERSON, lesson.half.teacher_id))]}


def full_lesson(world: World, lesson: Lesson, works: Sequence[Wire]) -> Wire:
    """Return a lesson with its subject and its works whole, without hours and room."""
    half = lesson.half
    number = wire_id(Space.LESSON, lesson.id)
    teacher = wire_id(Space.TEACHER_PERSON, half.teacher_id)
    return {
        "id": number,
        "id_str": str(number),
        "title": lesson.topic,
        "date": local_midnight(half.on),
        "number": half.slot,
        "subject": subject_wire(world.subject(half.subject_id)),
        "group": lesson_group_id(lesson),
        "status": LESSON_STATUS,
        "resultPlaceId": None,
        "works": list(works),
        "teachers": [teacher],
        "teachers_str": [str(teacher)],
    }
