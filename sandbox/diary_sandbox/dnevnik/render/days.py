"""The diary, day by day: the richest call, with every table normalised.

Untidy on purpose, as the real one: lessons come unsorted and sometimes twice, and now and then a
subject is missing from the table of its day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import PlacedMark, journal_lessons
from diary_sandbox.dnevnik.lesson_book import LessonBook
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.render.lessons import light_lesson
from diary_sandbox.dnevnik.render.marks import mark_wire
from diary_sandbox.dnevnik.render.people import teacher_person
from diary_sandbox.dnevnik.render.subjects import light_subject
from diary_sandbox.dnevnik.render.work_types import embedded_work_type, form_of_kind
from diary_sandbox.world import Child, ControlForm, DayKind, Lesson, WorkKind, World


def schedules(world: World, child: Child, since: date, until: date) -> Wire:
    """Return every day of a span, both ends inclusive; days without lessons have empty tables."""
    book = LessonBook(world, child.class_id, [child], since, until)
    lessons = journal_lessons(world.lessons(child.id, since, until))
    marks = book.marks(child)
    entries = book.log_entries(child)
    days: list[Wire] = []
    for on in _each_day(since, until):
        held = [one for one in lessons if one.on == on]
        ids = {one.id for one in held}
        day_marks = [one for one in marks if one.mark.lesson_id in ids]
        log = [entry for lesson_id, entry in entries if lesson_id in ids]
        day = _day(world, book, on=on, lessons=held, marks=day_marks, log=log)
        days.append(day | {"nextDate": local_midnight(next_school_day(world, child.school_id, on))})
    return {"days": days}


def next_school_day(world: World, school_id: int, on: date) -> date:
    """Return the next day with lessons after a day, or simply the next one when the year is over."""
    ahead = world.days(school_id, on + timedelta(days=1), on + timedelta(days=120))
    return next((day.on for day in ahead if day.kind is DayKind.SCHOOL), on + timedelta(days=1))


def subject_is_missing(on: date, place: int) -> bool:
    """Say whether the table of a day forgets the subject on that place."""
    return place == 1 and on.toordinal() % 7 == 3


def untidy(on: date, lessons: Sequence[Lesson]) -> list[Lesson]:
    """Return the lessons of a day as the wire lists them: turned round, on some days one of them twice."""
    turn = on.toordinal() % 3
    turned = [*lessons[turn:], *lessons[:turn]]
    return [*turned, turned[0]] if turned and on.toordinal() % 5 == 0 else turned


def forms_used(world: World, book: LessonBook, lessons: Iterable[Lesson]) -> list[ControlForm]:
    """Return the kinds of work on some lessons, homework among them where there is any, by id."""
    forms: dict[int, ControlForm] = {}
    for lesson in lessons:
        forms |= {column.form.id: column.form for column in book.columns(lesson)}
        if book.homeworks(lesson):
            school = world.school(world.class_group(lesson.class_id).school_id)
            form = form_of_kind(school, WorkKind.HOMEWORK)
            forms[form.id] = form
    return [forms[number] for number in sorted(forms)]


def _day(
    world: World,
    book: LessonBook,
    *,
    on: date,
    lessons: Sequence[Lesson],
    marks: Sequence[PlacedMark],
    log: Sequence[Wire],
) -> Wire:
    subjects = list(dict.fromkeys(one.subject_id for one in lessons))
    return {
        "date": local_midnight(on),
        "lessons": [light_lesson(world, one, book.work_ids(one)) for one in untidy(on, lessons)],
        "marks": [mark_wire(world, one) for one in marks],
        "works": [work for one in lessons for work in book.works(one)],
        "homeworks": [work for one in lessons for work in book.homeworks(one)],
        "subjects": [
            light_subject(world.subject(one))
            for place, one in enumerate(subjects)
            if not subject_is_missing(on, place)
        ],
        "workTypes": [embedded_work_type(one) for one in forms_used(world, book, lessons)],
        "lessonLogEntries": list(log),
        "teachers": _teachers(world, lessons),
    }


def _teachers(world: World, lessons: Iterable[Lesson]) -> list[Wire]:
    roles = {one.half.teacher_id: world.subject(one.subject_id).name for one in lessons}
    return [
        {"person": teacher_person(world.teacher(teacher_id)), "role": role}
        for teacher_id, role in roles.items()
    ]


def _each_day(since: date, until: date) -> Iterable[date]:
    return (since + timedelta(days=number) for number in range((until - since).days + 1))
