"""The diary day by day, and lessons one by one."""

from collections.abc import Iterable
from datetime import date

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import unavailable
from diary_sandbox.dnevnik.journal import journal_lessons
from diary_sandbox.dnevnik.lesson_book import LessonBook
from diary_sandbox.dnevnik.render.days import schedules
from diary_sandbox.dnevnik.render.lessons import full_lesson
from diary_sandbox.dnevnik.v2.groups import class_id_of
from diary_sandbox.dnevnik.wire_ids import Space, world_id
from diary_sandbox.world import ClassGroup, Lesson, StudyGroup


def journal_lesson(call: OwnCall, number: int) -> Lesson | None:
    """Return a lesson this system has, None when the number is no such lesson's."""
    lesson = call.reach.lesson(number)
    return next(iter(journal_lessons([lesson])), None) if lesson else None


def lesson_book(call: OwnCall, class_id: int, since: date, until: date) -> LessonBook:
    """Return the works of a class over a span, with the homework of the own children in it."""
    return LessonBook(call.world, class_id, call.reach.children_in(class_id), since, until)


def lesson_wire(call: OwnCall, lesson: Lesson) -> Wire:
    """Return a lesson with its works and homework."""
    book = lesson_book(call, lesson.class_id, lesson.on, lesson.on)
    return full_lesson(call.world, lesson, book.works(lesson) + book.homeworks(lesson))


def group_lessons(call: OwnCall, group: ClassGroup | StudyGroup, since: date, until: date) -> list[Lesson]:
    """Return the lessons of a class with its subgroups, or of one subgroup."""
    lessons = journal_lessons(call.world.class_lessons(class_id_of(group), since, until))
    return lessons if isinstance(group, ClassGroup) else [one for one in lessons if one.group_id == group.id]


def _schedules(call: OwnCall) -> Wire:
    """Return the days. The group must be the pupil's class or one of the own subgroups."""
    child = call.reach.child(call.number("person"))
    group = call.reach.group(call.number("group"))
    span = call.query_span()
    if child is None or group is None or class_id_of(group) != child.class_id:
        return {"days": []}
    return schedules(call.world, child, *span)


def _lesson(call: OwnCall) -> Wire:
    lesson = journal_lesson(call, call.number("lesson"))
    if lesson is None:
        raise unavailable("lesson")
    return lesson_wire(call, lesson)


def _lessons_many(call: OwnCall) -> list[Wire]:
    found = (journal_lesson(call, number) for number in call.body_numbers())
    return [lesson_wire(call, lesson) for lesson in found if lesson is not None]


def _group_lessons(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    since, until = call.span()
    return [] if group is None else _wires(call, group, since, until, None)


def _subject_lessons(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    since, until = call.span()
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    return [] if group is None or subject_id is None else _wires(call, group, since, until, subject_id)


def _wires(
    call: OwnCall, group: ClassGroup | StudyGroup, since: date, until: date, subject_id: int | None
) -> list[Wire]:
    book = lesson_book(call, class_id_of(group), since, until)
    lessons: Iterable[Lesson] = group_lessons(call, group, since, until)
    return [
        full_lesson(call.world, one, book.works(one) + book.homeworks(one))
        for one in lessons
        if subject_id in (None, one.subject_id)
    ]


ENDPOINTS = (
    Endpoint("GET", "persons/{person}/groups/{group}/schedules", _schedules),
    Endpoint("POST", "lessons/many", _lessons_many),
    Endpoint("GET", "lessons/{lesson}", _lesson),
    Endpoint("GET", "edu-groups/{group}/lessons/{from}/{to}", _group_lessons),
    Endpoint("GET", "edu-groups/{group}/subjects/{subject}/lessons/{from}/{to}", _subject_lessons),
)
