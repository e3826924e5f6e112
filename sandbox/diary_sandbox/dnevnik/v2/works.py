"""Works, kinds of work and tasks."""

from datetime import timedelta

from diary_sandbox.dnevnik.call import OwnCall, Wire
from diary_sandbox.dnevnik.endpoint import Endpoint
from diary_sandbox.dnevnik.errors import invalid_parameter, unavailable
from diary_sandbox.dnevnik.journal import read_column_id
from diary_sandbox.dnevnik.render.work_types import listed_work_type
from diary_sandbox.dnevnik.render.works import task_id, task_wire
from diary_sandbox.dnevnik.results import ResultColumn, Results
from diary_sandbox.dnevnik.v2.homework import own_task
from diary_sandbox.dnevnik.v2.lessons import journal_lesson, lesson_book
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.world import Child, Lesson

_PAGE = 50


def find_result_column(call: OwnCall, work: int) -> tuple[Results, ResultColumn] | None:
    """Return the column of own children's results a work id names, None when it names none."""
    if world_id(Space.RESULT_WORK, work) is None:
        return None
    for child in call.caller.children:
        results = Results(call.world, child)
        for column in results.columns():
            if column.work_id == work:
                return results, column
    return None


def find_work(call: OwnCall, work: int) -> Wire | None:
    """Return a work of any sort, None when the number is no work's the caller may see."""
    if found := find_result_column(call, work):
        results, column = found
        return results.work(column)
    lesson = _lesson_of_work(call, work)
    works = lesson_works(call, lesson) if lesson else []
    return next((one for one in works if one["id"] == work), None)


def lesson_works(call: OwnCall, lesson: Lesson) -> list[Wire]:
    """Return all works of a lesson, homework last."""
    book = lesson_book(call, lesson.class_id, lesson.on, lesson.on)
    return book.works(lesson) + book.homeworks(lesson)


def _work(call: OwnCall) -> Wire:
    work = find_work(call, call.number("work"))
    if work is None:
        raise unavailable("work")
    return work


def _works_many(call: OwnCall) -> list[Wire]:
    found = (find_work(call, number) for number in call.body_numbers())
    return [work for work in found if work is not None]


def _works_by_query(call: OwnCall) -> list[Wire]:
    number = call.query_number("lesson")
    if number is None:
        raise invalid_parameter("lesson", "")
    return _works_of(call, number)


def _works_of_lesson(call: OwnCall) -> list[Wire]:
    return _works_of(call, call.number("lesson"))


def _works_of(call: OwnCall, number: int) -> list[Wire]:
    lesson = journal_lesson(call, number)
    return [] if lesson is None else lesson_works(call, lesson)


def _work_types(call: OwnCall) -> list[Wire]:
    school = call.reach.school(call.number("school"))
    return [] if school is None else [listed_work_type(form) for form in school.control_forms]


def _task(call: OwnCall) -> Wire:
    number = call.number("task")
    for child in call.caller.children:
        for task in call.world.homework(child.id, call.world.year.since, call.world.year.until):
            if task_id(call.world, task, child) == number:
                return task_wire(call.world, task, child)
    raise unavailable("task")


def _tasks_of_lesson(call: OwnCall) -> list[Wire]:
    lesson = journal_lesson(call, call.number("lesson"))
    return [] if lesson is None else _lesson_tasks(call, lesson)


def _tasks_by_query(call: OwnCall) -> list[Wire]:
    found = (journal_lesson(call, number) for number in call.query_numbers("lessons"))
    return [task for lesson in found if lesson is not None for task in _lesson_tasks(call, lesson)]


def _lesson_tasks(call: OwnCall, lesson: Lesson) -> list[Wire]:
    return [
        task_wire(call.world, task, child)
        for child in call.reach.children_in(lesson.class_id)
        for task in call.world.homework(child.id, lesson.on, lesson.on)
        if task.due_lesson_id == lesson.id
    ]


def _tasks_of_work(call: OwnCall) -> list[Wire]:
    """Return the own children's tasks of a homework, narrowed to `persons` where given."""
    wanted = call.query_numbers("persons") if "persons" in call.query else None
    number = world_id(Space.HOMEWORK, call.number("work"))
    found: list[Wire] = []
    for child in call.caller.children if number is not None else ():
        person = wire_id(Space.PUPIL_PERSON, child.id)
        if number is not None and (wanted is None or person in wanted):
            found += _task_of(call, number, child)
    return found


def _task_of(call: OwnCall, number: int, child: Child) -> list[Wire]:
    try:
        return [task_wire(call.world, call.world.task(number, child.id), child)]
    except KeyError:
        return []


def _tasks_of_person(call: OwnCall) -> list[Wire]:
    """Return a page of tasks by due day; pages count from 1, as every page number here is our reading."""
    child = call.reach.child(call.number("person"))
    subject = call.query_number("subject")
    since, until = call.query_span("from", "to")
    page = call.query_number("pageNumber", 1) or 1
    size = call.query_number("pageSize", _PAGE) or _PAGE
    if child is None:
        return []
    tasks = [
        task
        for task in call.world.homework(child.id, since, until)
        if subject is None or wire_id(Space.SUBJECT, task.subject_id) == subject
    ]
    return [task_wire(call.world, task, child) for task in tasks[(page - 1) * size : page * size]]


def _undone(call: OwnCall) -> list[Wire]:
    """Return what was due before today and is not done."""
    child = call.reach.child(call.number("person"))
    if child is None:
        return []
    yesterday = call.today(child.class_id) - timedelta(days=1)
    if yesterday < call.world.year.since:
        return []
    tasks = call.world.homework(child.id, call.world.year.since, yesterday)
    return [task_wire(call.world, task, child) for task in tasks if not task.done]


def _lesson_of_work(call: OwnCall, work: int) -> Lesson | None:
    if world_id(Space.LESSON_WORK, work) is not None:
        return call.reach.world_lesson(read_column_id(work)[0])
    if (lesson_id := world_id(Space.FILLER_HOMEWORK, work)) is not None:
        return call.reach.world_lesson(lesson_id)
    homework_id = world_id(Space.HOMEWORK, work)
    found = None if homework_id is None else own_task(call, homework_id)
    return call.world.lesson(found[0].due_lesson_id) if found else None


ENDPOINTS = (
    Endpoint("GET", "work-types/{school}", _work_types),
    Endpoint("POST", "works/many", _works_many),
    Endpoint("GET", "works", _works_by_query),
    Endpoint("GET", "works/{work}", _work),
    Endpoint("GET", "works/{work}/tasks", _tasks_of_work),
    Endpoint("GET", "lessons/{lesson}/works", _works_of_lesson),
    Endpoint("GET", "lessons/{lesson}/tasks", _tasks_of_lesson),
    Endpoint("GET", "tasks", _tasks_by_query),
    Endpoint("GET", "tasks/{task}", _task),
    Endpoint("GET", "tasks/{person}/undone", _undone),
    Endpoint("GET", "persons/{person}/tasks", _tasks_of_person),
)
