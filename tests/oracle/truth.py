"""What a diary should say, told by the world itself.

The world and the model have types of their own, so that neither can agree with the other by accident.
Everything is filled in here; what one system cannot show is dropped when comparing, by its own word.
Ids are the wire's business and stand as empty texts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from diary_core.model import (
    AbsenceReason,
    Attachment,
    AttendanceRecord,
    Day,
    DayException,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    MarkPart,
    MarkScale,
    MarkStatus,
    MarkVersion,
    Subject,
    Teacher,
    Term,
)
from diary_core.people import PersonName
from diary_sandbox import world as town
from diary_sandbox.world import World

KINDS = {
    town.LessonKind.REGULAR: "lesson",
    town.LessonKind.EXTRA: "extracurricular",
    town.LessonKind.ADDITIONAL: "additional",
}
DAYS = {
    town.DayKind.SCHOOL: None,
    town.DayKind.WEEKEND: "day_off",
    town.DayKind.HOLIDAY: "holiday",
    town.DayKind.VACATION: "vacation",
}
REASONS = {
    town.AbsenceReason.ILLNESS: "Болезнь",
    town.AbsenceReason.UNWELL: "Плохое самочувствие",
    town.AbsenceReason.FAMILY: "Семейные обстоятельства",
    town.AbsenceReason.NO_NOTICE: "Без уведомления",
    town.AbsenceReason.ILLNESS_REGISTER: "Болезнь (ЕМИАС)",
    town.AbsenceReason.PARENTS_APPLICATION: "Заявление родителей",
    town.AbsenceReason.QUARANTINE: "Карантин",
    town.AbsenceReason.UNKNOWN: "Причина неизвестна",
    town.AbsenceReason.PUPILS_APPLICATION: "Заявление ученика",
    town.AbsenceReason.INDIVIDUAL_PLAN: "Индивидуальный план",
    town.AbsenceReason.PARENTS_LEAVE: "Отпуск родителей",
    town.AbsenceReason.HOLIDAYS: "Каникулы",
}
STATUSES: dict[town.MarkStatus, MarkStatus] = {
    town.MarkStatus.GRADED: "graded",
    town.MarkStatus.NOT_ATTESTED: "not_submitted",
    town.MarkStatus.PASSED: "passed",
    town.MarkStatus.FAILED: "failed",
    town.MarkStatus.EXEMPT: "exempt",
    town.MarkStatus.IN_COMMENT: "info",
}


Control = Callable[[town.ControlForm], bool]


def days(world: World, child_id: int, since: date, until: date, *, control: Control) -> list[Day]:
    """Return every day of the span as this child should see it now.

    Args:
        world: The town.
        child_id: Whose diary.
        since: First day.
        until: Last day, inclusive.
        control: Which forms of work a system calls a control work.
    """
    zone = str(world.school(world.child(child_id).school_id).zone)
    span = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    lessons = [_lesson(world, child_id, lesson, control) for lesson in world.lessons(child_id, since, until)]
    return [
        Day(
            date=on,
            zone=zone,
            lessons=tuple(lesson for lesson in lessons if lesson.date == on),
            homework=(),
            exception=_exception(world, child_id, on),
        )
        for on in span
    ]


def marks(world: World, child_id: int, since: date, until: date) -> list[Mark]:
    """Return the marks of the span."""
    return [_mark(world, mark) for mark in world.marks(child_id, since, until)]


def homework(world: World, child_id: int, since: date, until: date) -> list[Homework]:
    """Return what is due in the span."""
    return [_homework(world, task) for task in world.homework(child_id, since, until)]


def terms(world: World, child_id: int) -> list[Term]:
    """Return the terms of the child's class."""
    found = world.terms(world.child(child_id).class_id)
    return [
        Term(
            id="",
            parent_id=None,
            kind=term.kind.value,  # pyright: ignore[reportArgumentType]  the same words on purpose
            number=term.number,
            title=term.name,
            since=term.since,
            until=term.until,
        )
        for term in found
    ]


def _exception(world: World, child_id: int, on: date) -> DayException | None:
    day = next(iter(world.days(world.child(child_id).school_id, on, on)), None)
    kind = DAYS[day.kind] if day else None
    if day is None or kind is None:
        return None
    return DayException(date=on, kind=kind, title=day.title)  # pyright: ignore[reportArgumentType]  our words


def _lesson(world: World, child_id: int, lesson: town.Lesson, control: Control) -> Lesson:
    return Lesson(
        id="",
        date=lesson.on,
        slot=lesson.half.slot,
        kind=KINDS[lesson.kind],  # pyright: ignore[reportArgumentType]  the table holds our words
        planned=_half(world, lesson.planned),
        actual=None if lesson.change is town.LessonChange.CANCELLED else _half(world, lesson.actual),
        change=lesson.change.value,
        topic=lesson.topic,
        control=lesson.control_form_id is not None and control(world.control_form(lesson.control_form_id)),
        remote=lesson.remote,
        homework=tuple(
            _homework(world, task)
            for task in world.homework(child_id, lesson.on, lesson.on)
            if task.due_lesson_id == lesson.id
        ),
        marks=tuple(
            _mark(world, mark)
            for mark in world.marks(child_id, lesson.on, lesson.on)
            if mark.lesson_id == lesson.id
        ),
        attendance=next(
            (
                attendance(world, absence)
                for absence in world.absences(child_id, lesson.on, lesson.on)
                if absence.lesson_id == lesson.id
            ),
            None,
        ),
        remark=next(
            (
                remark.text
                for remark in world.remarks(child_id, lesson.on, lesson.on)
                if remark.lesson_id == lesson.id
            ),
            None,
        ),
    )


def _half(world: World, half: town.LessonHalf | None) -> LessonHalf | None:
    if half is None:
        return None
    return LessonHalf(
        subject=_subject(world, half.subject_id),
        starts=half.starts,
        ends=half.ends,
        room=half.room,
        teachers=(_teacher(world, half.teacher_id),),
    )


def _subject(world: World, subject_id: int) -> Subject:
    return Subject(id=None, name=world.subject(subject_id).name)


def _teacher(world: World, teacher_id: int) -> Teacher:
    name = world.teacher(teacher_id).person.name
    return Teacher(id=None, name=PersonName(last=name.last, first=name.first, middle=name.middle))


def _mark(world: World, mark: town.Mark) -> Mark:
    form = world.control_form(mark.control_form_id)
    pending = mark.point is not None and mark.point.state is not town.PointState.TURNED
    halves = mark.display.split("/") if len(mark.values) > 1 else []
    return Mark(
        id="",
        subject=_subject(world, mark.subject_id),
        date=mark.on,
        display=mark.display,
        value=_value(mark),
        modifier=mark.display[-1] if mark.display[-1] in "+-" else None,  # pyright: ignore[reportArgumentType]  one of two
        parts=tuple(
            MarkPart(display=half, value=value) for half, value in zip(halves, mark.values, strict=False)
        ),
        status="pending" if pending else STATUSES[mark.status],
        scale=MarkScale(kind="five"),
        counts=mark.counts,
        weight=None if mark.weight is None else Decimal(mark.weight),
        form=form.name,
        important=form.important,
        comment=mark.comment,
        due_on=mark.point.due_on if mark.point and pending else None,
        lesson_id="",
        entered_at=mark.entered_at,
        edited_at=mark.edited_at,
        teacher=_teacher(world, mark.teacher_id),
        history=tuple(MarkVersion(display=old.display, until=old.until) for old in mark.history),
    )


def _value(mark: town.Mark) -> Decimal | None:
    """Return the one number a mark holds; that of «См» is in its comment, with a comma."""
    if mark.status is town.MarkStatus.IN_COMMENT and mark.comment:
        return Decimal(mark.comment.rsplit(" ", 1)[-1].replace(",", "."))
    return mark.values[0] if len(mark.values) == 1 else None


def _homework(world: World, task: town.HomeworkTask) -> Homework:
    files = [
        Attachment(id="", name=file.name, kind="file", media_type=file.content_type, size_bytes=file.size)
        for file in task.attachments
    ]
    digital = [
        Attachment(id="", name=material.title, kind="digital", media_type=None, size_bytes=None)
        for material in task.materials
    ]
    return Homework(
        id="",
        subject=_subject(world, task.subject_id),
        assigned_on=task.assigned_on,
        due_on=task.due_on,
        text=task.text,
        scope="class" if task.subgroup is None else "group",
        required=task.required,
        done=task.done,
        minutes=task.minutes,
        attachments=(*files, *digital),
        edited_at=task.edited_at,
        lesson_id="",
    )


def attendance(world: World, absence: town.Absence) -> AttendanceRecord:
    reason = absence.reason
    return AttendanceRecord(
        id="",
        date=absence.on,
        lesson_id="",
        subject=_subject(world, world.lesson(absence.lesson_id).subject_id),
        kind="absent" if absence.kind is town.AbsenceKind.ABSENT else "late",
        display="Н" if absence.kind is town.AbsenceKind.ABSENT else "О",
        excused=absence.excused,
        counted=absence.kind is town.AbsenceKind.ABSENT,
        reason=None if reason is None else AbsenceReason(code=str(int(reason)), title=REASONS[reason]),
        noted_by="teacher",
        comment=absence.comment,
    )
