"""The homework call: works with everything they refer to, in tables of their own."""

from collections.abc import Callable, Sequence
from datetime import date

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import journal_lessons
from diary_sandbox.dnevnik.lesson_book import LessonBook
from diary_sandbox.dnevnik.render.files import file_wire
from diary_sandbox.dnevnik.render.lessons import lesson_with_teachers
from diary_sandbox.dnevnik.render.people import teacher_person
from diary_sandbox.dnevnik.render.subjects import subject_wire
from diary_sandbox.world import Child, HomeworkTask, Lesson, World

FileUrl = Callable[[int], str]
"""From a file's number in the world to its link."""

NOTHING: Wire = {"works": [], "subjects": [], "lessons": [], "files": [], "teachers": []}


def homework_of_span(world: World, child: Child, since: date, until: date, url: FileUrl) -> Wire:
    """Return one pupil's homework due in a span of days, both inclusive, fillers included."""
    book = LessonBook(world, child.class_id, [child], since, until)
    lessons = [one for one in journal_lessons(world.lessons(child.id, since, until)) if book.homeworks(one)]
    works = [work for lesson in lessons for work in book.homeworks(lesson)]
    tasks = [task for lesson in lessons for task in book.tasks(lesson)]
    return _answer(world, works, [(one, book.work_ids(one)) for one in lessons], tasks, url)


def homework_by_id(world: World, tasks: Sequence[tuple[HomeworkTask, Child]], url: FileUrl) -> Wire:
    """Return homework asked for by id, each as one pupil sees it."""
    works: list[Wire] = []
    lessons: dict[int, tuple[Lesson, list[int]]] = {}
    for task, child in tasks:
        lesson = world.lesson(task.due_lesson_id)
        book = LessonBook(world, child.class_id, [child], lesson.on, lesson.on)
        works += [book.homework(one) for one in book.tasks(lesson) if one.id == task.id]
        lessons[lesson.id] = lesson, book.work_ids(lesson)
    return _answer(world, works, list(lessons.values()), [task for task, _ in tasks], url)


def _answer(
    world: World,
    works: list[Wire],
    lessons: Sequence[tuple[Lesson, list[int]]],
    tasks: Sequence[HomeworkTask],
    url: FileUrl,
) -> Wire:
    subjects = dict.fromkeys(lesson.subject_id for lesson, _ in lessons)
    teachers = dict.fromkeys(lesson.half.teacher_id for lesson, _ in lessons)
    return {
        "works": works,
        "subjects": [subject_wire(world.subject(number)) for number in subjects],
        "lessons": [lesson_with_teachers(world, lesson, ids) for lesson, ids in lessons],
        "files": [
            file_wire(one, world.teacher(task.teacher_id), task.created_at, url(one.id))
            for task in tasks
            for one in task.attachments
        ],
        "teachers": [teacher_person(world.teacher(number)) for number in teachers],
    }
