"""The daily feed: what was today, what is next."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import PlacedMark, journal_lessons, read_column_id
from diary_sandbox.dnevnik.lesson_book import LessonBook
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.render.days import next_school_day
from diary_sandbox.dnevnik.render.lessons import LESSON_STATUS
from diary_sandbox.dnevnik.render.marks import mark_wire
from diary_sandbox.dnevnik.render.work_types import form_of_kind, is_control, work_type_id
from diary_sandbox.dnevnik.render.works import column_work
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, ControlForm, Lesson, WorkKind, World


def feed(world: World, child: Child, newest: date, days: int) -> Wire:
    """Return the feed of some days, newest first, from one day back (which way it goes is not told)."""
    return {"days": [_day(world, child, newest - timedelta(days=number)) for number in range(days)]}


def _day(world: World, child: Child, on: date) -> Wire:
    following = next_school_day(world, child.school_id, on)
    book = LessonBook(world, child.class_id, [child], on, following)
    lessons = journal_lessons(world.lessons(child.id, on, following))
    today = [one for one in lessons if one.on == on]
    coming = [one for one in lessons if one.on == following]
    marks = [one for one in book.marks(child) if one.mark.on == on]
    return {
        "date": local_midnight(on),
        "nextWorkingDayDate": local_midnight(following),
        "summary": {
            "importantWorks": _important_works(world, book, today),
            "marksCards": _marks_cards(world, child, marks),
            "dayEmotion": "Good",
            "feedMode": "Default",
        },
        "nextDayHomeworks": _homeworks(world, book, coming),
        "nextDaySchedule": [_line(world, book, one) for one in coming],
        "todayHomeworks": _homeworks(world, book, today),
        "todaySchedule": [_line(world, book, one) for one in today],
        "logEntries": _log(world, book, child, today),
    }


def _important_works(world: World, book: LessonBook, lessons: Iterable[Lesson]) -> list[Wire]:
    return [
        {
            "work": column_work(world, column),
            "subjectName": world.subject(lesson.subject_id).name,
            "workTypeName": column.form.name,
        }
        for lesson in lessons
        for column in book.columns(lesson)
        if is_control(column.form)
    ]


def _marks_cards(world: World, child: Child, marks: Sequence[PlacedMark]) -> list[Wire]:
    forms = world.school(child.school_id).control_forms
    return [
        _marks_card(world, forms[read_column_id(column_id)[1]], list(group))
        for column_id, group in groupby(sorted(marks, key=_column_id), key=_column_id)
    ]


def _column_id(entry: PlacedMark) -> int:
    return entry.column_id


def _marks_card(world: World, form: ControlForm, marks: Sequence[PlacedMark]) -> Wire:
    mark = marks[0].mark
    return {
        "marks": [{"mark": mark_wire(world, one)} for one in marks],
        "lesson": {"id": wire_id(Space.LESSON, mark.lesson_id), "date": local_midnight(mark.on)},
        "isImportant": is_control(form),
        "subjectName": world.subject(mark.subject_id).name,
        "subjectId": wire_id(Space.SUBJECT, mark.subject_id),
        "workTypeName": form.name,
    }


def _homeworks(world: World, book: LessonBook, lessons: Iterable[Lesson]) -> list[Wire]:
    return [
        {
            "work": work,
            "subjectName": world.subject(lesson.subject_id).name,
            "workTypeName": _homework_form(world, lesson).name,
        }
        for lesson in lessons
        for work in book.homeworks(lesson)
    ]


def _line(world: World, book: LessonBook, lesson: Lesson) -> Wire:
    controls = [column.form for column in book.columns(lesson) if is_control(column.form)]
    return {
        "lessonId": wire_id(Space.LESSON, lesson.id),
        "lessonStatus": LESSON_STATUS,
        "number": lesson.half.slot,
        "subjectName": world.subject(lesson.subject_id).name,
        "importantWorkTypes": [{"id": work_type_id(form), "name": form.name} for form in controls],
    }


def _log(world: World, book: LessonBook, child: Child, lessons: Iterable[Lesson]) -> list[Wire]:
    held = {one.id: one for one in lessons}
    return [
        {
            "lessonLogEntry": entry,
            "subjectName": world.subject(held[lesson_id].subject_id).name,
            "lessonTitle": held[lesson_id].topic,
        }
        for lesson_id, entry in book.log_entries(child)
        if lesson_id in held
    ]


def _homework_form(world: World, lesson: Lesson) -> ControlForm:
    school = world.school(world.class_group(lesson.class_id).school_id)
    return form_of_kind(school, WorkKind.HOMEWORK)
