"""Works: columns of lessons, homework, and the columns results stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import Column
from diary_sandbox.dnevnik.moments import local_midnight, naive_utc
from diary_sandbox.dnevnik.render.groups import lesson_group_id
from diary_sandbox.dnevnik.render.periods import period_of, period_type
from diary_sandbox.dnevnik.render.work_types import form_of_kind, is_control, kind_word, work_type_id
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Child, ControlForm, HomeworkTask, Lesson, WorkKind, World

# Only `New` is evidenced for a task; what a finished one says is our guess.
_TASK_OPEN, _TASK_DONE = "New", "Done"
_FILLERS = ("-", "", "нет", ".", " ", "не задано")
_SEATS = 64


@dataclass(frozen=True, slots=True)
class WorkPlace:
    """Where a work stands in the journal."""

    lesson_id: int | None
    """Of the wire; None for results."""
    group: int
    """Of the wire."""
    subject_id: int
    """Of the world."""
    period: tuple[int, str]
    """Number and type, as the wire has them."""
    day: date


def column_work(world: World, column: Column) -> Wire:
    """Return a column of a lesson; the new-lesson one says nothing, a control work its name."""
    form = column.form
    kind = "CommonWork" if _second_class_work(column) else kind_word(form.kind)
    return _work(
        column.id,
        kind,
        form,
        _lesson_place(world, column.lesson),
        mark_count=column.mark_count,
        text=form.name if is_control(form) else "",
        teacher_id=column.lesson.half.teacher_id,
        in_journal=not column.is_homework,
    )


def homework_work(world: World, task: HomeworkTask, pupils: Sequence[Child]) -> Wire:
    """Return a homework: a work of the lesson it must be ready for, with one task per pupil told of."""
    lesson = world.lesson(task.due_lesson_id)
    form = _homework_form(world, lesson)
    number = wire_id(Space.HOMEWORK, task.id)
    return _work(
        number,
        "Homework",
        form,
        _lesson_place(world, lesson, on=task.due_on),
        text=task.text,
        teacher_id=task.teacher_id,
        in_journal=False,
        sent_at=task.created_at,
        tasks=[task_wire(world, world.task(task.id, pupil.id), pupil) for pupil in pupils],
        files=[wire_id(Space.FILE, one.id) for one in task.attachments],
    )


def filler_homework(world: World, lesson: Lesson) -> Wire:
    """Return a homework that says nothing: «нет», «-», a dot, a blank. Clients hide these."""
    number = wire_id(Space.FILLER_HOMEWORK, lesson.id)
    text = _FILLERS[lesson.id // 9 % len(_FILLERS)]
    form = _homework_form(world, lesson)
    return _work(
        number,
        "Homework",
        form,
        _lesson_place(world, lesson),
        text=text,
        teacher_id=lesson.half.teacher_id,
        in_journal=False,
    )


def has_filler(lesson: Lesson) -> bool:
    """Say whether the teacher filled the homework cell of a lesson without homework with nothing."""
    return lesson.id % 9 == 0


def result_work(work_id: int, form: ControlForm, place: WorkPlace, teacher_id: int) -> Wire:
    """Return the column a result stands in: no lesson, and the subject only here.

    Args:
        work_id: Of the wire.
        form: The school's kind of work for such results.
        place: Without a lesson; period 0 of type `Year` for the whole year.
        teacher_id: Who gives it; the world's number.
    """
    return _work(work_id, kind_word(form.kind), form, place, text=None, teacher_id=teacher_id)


def task_id(world: World, task: HomeworkTask, pupil: Child) -> int:
    """Return the wire's number of one pupil's task: a homework has one for every pupil."""
    seats = [one.id for one in world.pupils(pupil.class_id)]
    return wire_id(Space.TASK, task.id * _SEATS + seats.index(pupil.id))


def task_wire(world: World, task: HomeworkTask, pupil: Child) -> Wire:
    """Return one pupil's task."""
    number = task_id(world, task, pupil)
    person = wire_id(Space.PUPIL_PERSON, pupil.id)
    work = wire_id(Space.HOMEWORK, task.id)
    return {
        "id": number,
        "id_str": str(number),
        "person": person,
        "person_str": str(person),
        "work": work,
        "work_str": str(work),
        "status": _TASK_DONE if task.done else _TASK_OPEN,
        "targetDate": local_midnight(task.due_on),
    }


def _lesson_place(world: World, lesson: Lesson, on: date | None = None) -> WorkPlace:
    day = on or lesson.on
    term = period_of(world, lesson.class_id, day)
    period = (term.number, period_type(term.kind))
    number = wire_id(Space.LESSON, lesson.id)
    return WorkPlace(number, lesson_group_id(lesson), lesson.subject_id, period, day)


def _homework_form(world: World, lesson: Lesson) -> ControlForm:
    school = world.school(world.class_group(lesson.class_id).school_id)
    return form_of_kind(school, WorkKind.HOMEWORK)


def _second_class_work(column: Column) -> bool:
    return column.form.kind is WorkKind.CLASS_WORK and not column.is_new_lesson


def _work(
    number: int,
    kind: str,
    form: ControlForm,
    place: WorkPlace,
    *,
    text: str | None,
    teacher_id: int,
    mark_count: int | None = None,
    in_journal: bool = True,
    sent_at: datetime | None = None,
    tasks: Sequence[Wire] = (),
    files: Sequence[int] = (),
) -> Wire:
    period_number, period_word = place.period
    return {
        "id": number,
        "id_str": str(number),
        "type": kind,
        "workType": work_type_id(form),
        "markType": "mark5",
        "markCount": (1 if in_journal else 0) if mark_count is None else mark_count,
        "lesson": place.lesson_id,
        "lesson_str": None if place.lesson_id is None else str(place.lesson_id),
        "displayInJournal": in_journal,
        "status": "New" if sent_at is None else "Sent",
        "eduGroup": place.group,
        "eduGroup_str": str(place.group),
        "tasks": list(tasks),
        "text": text,
        "periodNumber": period_number,
        "periodType": period_word,
        "subjectId": wire_id(Space.SUBJECT, place.subject_id),
        "isImportant": is_control(form),
        "targetDate": local_midnight(place.day),
        # Whether this one is UTC too is not known; it is written like every other moment of entry.
        "sentDate": None if sent_at is None else naive_utc(sent_at, digits=6),
        "createdBy": wire_id(Space.TEACHER_PERSON, teacher_id),
        "files": list(files),
        "oneDriveLinks": [],
    }
