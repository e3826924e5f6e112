"""Lesson log entries, of one child and of whole classes; writing them is the teacher's."""

from datetime import date

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import invalid_parameter, unavailable
from diary_sandbox.dnevnik.journal import journal_lessons
from diary_sandbox.dnevnik.lesson_book import log_entries
from diary_sandbox.dnevnik.render.attendance import STATUSES
from diary_sandbox.dnevnik.render.lessons import full_lesson
from diary_sandbox.dnevnik.v2.groups import group_pupils
from diary_sandbox.dnevnik.v2.lessons import journal_lesson
from diary_sandbox.dnevnik.wire_ids import Space, world_id
from diary_sandbox.world import Child, Lesson


def _of_person(call: OwnCall) -> Wire:
    """Return entries with their lessons, in the shape seen live in 2025-26; older clients saw a bare list."""
    child = call.reach.child(call.number("person"))
    since, until = call.query_span()
    if child is None:
        return {"logEntries": [], "lessons": []}
    entries = _entries(call, child, since, until)
    lessons = [lesson for lesson, _ in entries]
    return {
        "logEntries": [entry for _, entry in entries],
        "lessons": [full_lesson(call.world, lesson, []) for lesson in lessons],
    }


def _of_subject(call: OwnCall) -> list[Wire]:
    child = call.reach.child(call.number("person"))
    subject_id = world_id(Space.SUBJECT, call.number("subject"))
    since, until = call.query_span("from", "to")
    if child is None:
        return []
    return [entry for lesson, entry in _entries(call, child, since, until) if lesson.subject_id == subject_id]


def _of_group(call: OwnCall) -> list[Wire]:
    group = call.reach.group(call.number("group"))
    since, until = call.query_span("from", "to")
    subject = call.query_number("subject")
    if subject is None:
        raise invalid_parameter("subject", "")
    subject_id = world_id(Space.SUBJECT, subject)
    if group is None:
        return []
    return [
        entry
        for pupil in group_pupils(call, group)
        for lesson, entry in _entries(call, pupil, since, until)
        if lesson.subject_id == subject_id
    ]


def _of_person_on_lesson(call: OwnCall) -> Wire:
    """Return the entry; there is none for a pupil who was simply there."""
    child = call.reach.child(call.number("person"))
    lesson = journal_lesson(call, call.number("lesson"))
    if child is not None and lesson is not None:
        for found, entry in _entries(call, child, lesson.on, lesson.on):
            if found.id == lesson.id:
                return entry
    raise unavailable("lesson log entry")


def _of_lesson(call: OwnCall) -> list[Wire]:
    return _class_entries(call, call.number("lesson"))


def _of_lessons(call: OwnCall) -> list[Wire]:
    return [entry for number in call.query_numbers("lessons") for entry in _class_entries(call, number)]


def _statuses(call: OwnCall) -> list[str]:
    del call  # the same for everybody
    return list(STATUSES)


def _class_entries(call: OwnCall, number: int) -> list[Wire]:
    lesson = journal_lesson(call, number)
    if lesson is None:
        return []
    return [
        entry
        for pupil in call.world.pupils(lesson.class_id)
        for found, entry in _entries(call, pupil, lesson.on, lesson.on)
        if found.id == lesson.id
    ]


def _entries(call: OwnCall, child: Child, since: date, until: date) -> list[tuple[Lesson, Wire]]:
    found = (
        (call.world.lesson(number), entry) for number, entry in log_entries(call.world, child, since, until)
    )
    return [(lesson, entry) for lesson, entry in found if journal_lessons([lesson])]


ENDPOINTS = (
    Endpoint("GET", "persons/{person}/lesson-log-entries", _of_person),
    Endpoint("GET", "lesson-log-entries/person/{person}/subject/{subject}", _of_subject),
    Endpoint("GET", "lesson-log-entries/group/{group}", _of_group),
    Endpoint("GET", "lesson-log-entries/lesson/{lesson}/person/{person}", _of_person_on_lesson),
    Endpoint("GET", "lesson-log-entries/statuses", _statuses),
    Endpoint("GET", "lesson-log-entries", _of_lessons),
    Endpoint("GET", "lessons/{lesson}/log-entries", _of_lesson),
)
