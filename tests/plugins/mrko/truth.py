"""What the world says of a week, in the words of the common model, as far as МЭШ carries it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from dirty_equals import AnyThing

from diary_core.model import NOT_LOADED, Homework, Lesson, Mark, known
from diary_core.text import clean
from diary_sandbox.world import (
    AbsenceKind,
    Child,
    HomeworkTask,
    LessonChange,
    LessonKind,
    MarkStatus,
    PointState,
    WorkKind,
    World,
)
from diary_sandbox.world import Lesson as WorldLesson
from diary_sandbox.world import Mark as WorldMark

Told = dict[str, object]

_KINDS = {
    LessonKind.REGULAR: "lesson",
    LessonKind.EXTRA: "extracurricular",
    LessonKind.ADDITIONAL: "additional",
}
_SOURCES = {LessonKind.REGULAR: "", LessonKind.EXTRA: "EC-", LessonKind.ADDITIONAL: "AE-"}
_STATUSES = {
    MarkStatus.GRADED: "graded",
    MarkStatus.NOT_ATTESTED: "not_submitted",
    MarkStatus.PASSED: "passed",
    MarkStatus.FAILED: "failed",
    MarkStatus.EXEMPT: "exempt",
    MarkStatus.IN_COMMENT: "info",
}


def differences(told: object, true: object, path: str = "") -> Iterator[str]:
    """Yield where what was told is not what is true, and both values."""
    if isinstance(told, dict) and isinstance(true, dict):
        for key in sorted(told.keys() | true.keys()):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]  both are `Told`
            yield from differences(told.get(key), true.get(key), f"{path}.{key}")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  as above
    elif isinstance(told, list) and isinstance(true, list) and len(told) == len(true):  # pyright: ignore[reportUnknownArgumentType]  as above
        for number, (one, other) in enumerate(zip(told, true, strict=True)):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  as above
            yield from differences(one, other, f"{path}[{number}]")  # pyright: ignore[reportUnknownArgumentType]  as above
    elif told != true:
        yield f"{path}: {told!r} is not {true!r}"


def true_week(world: World, child: Child, since: date, until: date) -> Told:
    """Return the lessons of every day of a span, in order."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    lessons = world.lessons(child.id, since, until)
    return {
        str(day): [_lesson(world, child, lesson) for lesson in _in_order(lessons) if lesson.on == day]
        for day in days
    }


def told_lesson(lesson: Lesson) -> Told:
    """Return what the model says of a lesson, field by field as `true_week`."""
    half = lesson.actual or known(lesson.planned)
    assert half is not None
    absence = known(lesson.attendance)
    reason = known(absence.reason) if absence else None
    return {
        "id": lesson.id,
        "kind": lesson.kind,
        "change": lesson.change,
        "starts": half.starts,
        "ends": half.ends,
        "subject": (half.subject.id, half.subject.name),
        "room": half.room,
        "topic": lesson.topic,
        "control": lesson.control,
        "remote": lesson.remote,
        "missed": absence is not None,
        "reason": reason.code if reason else None,
        "excused": known(absence.excused) if absence else None,
        "homework": [told_task(task) for task in known(lesson.homework) or ()],
        "marks": [told_mark(mark) for mark in known(lesson.marks) or ()],
    }


def told_task(task: Homework) -> Told:
    """Return what the model says of a homework."""
    return {
        "id": task.id,
        "subject": task.subject.name,
        "assigned_on": task.assigned_on,
        "due_on": task.due_on,
        "text": task.text,
        "done": task.done,
        # Some lessons name no entries, and minutes stand nowhere else.
        "minutes": AnyThing() if task.minutes == NOT_LOADED else task.minutes,
        "files": sorted((file.kind, file.name) for file in known(task.attachments) or ()),
        "edited_at": task.edited_at,
        "lesson_id": task.lesson_id,
    }


def told_mark(mark: Mark) -> Told:
    """Return what the model says of a mark."""
    return {
        "id": mark.id,
        "subject": (mark.subject.id, mark.subject.name),
        "date": mark.date,
        "display": mark.display,
        "values": [mark.value] if mark.value is not None else [part.value for part in mark.parts],
        "status": mark.status,
        "counts": mark.counts,
        "weight": mark.weight,
        "form": mark.form,
        "comment": mark.comment,
        "due_on": mark.due_on,
        "entered_at": mark.entered_at,
        "edited_at": mark.edited_at,
    }


def true_mark(world: World, mark: WorldMark) -> Told:
    """Return what the world says of a mark; МЭШ gives every mark a weight, 1 where a school has none."""
    pending = mark.point is not None and mark.point.state is not PointState.TURNED
    in_comment = mark.status is MarkStatus.IN_COMMENT
    return {
        "id": str(mark.id),
        "subject": (str(mark.subject_id), world.subject(mark.subject_id).name),
        "date": mark.on,
        "display": mark.display,
        "values": [_written(mark.comment)] if in_comment else list(mark.values),
        "status": "pending" if pending else _STATUSES[mark.status],
        "counts": mark.counts and not in_comment,
        "weight": Decimal(1 if mark.weight is None else mark.weight),
        "form": world.control_form(mark.control_form_id).name,
        "comment": mark.comment,
        "due_on": mark.point.due_on if mark.point and pending else None,
        "entered_at": _whole(mark.entered_at),
        "edited_at": _whole(mark.edited_at),
    }


def true_task(world: World, child: Child, task: HomeworkTask) -> Told:
    """Return what the world says of a homework."""
    due = world.lesson(task.due_lesson_id)
    files = [("file", file.name) for file in task.attachments]
    return {
        "id": str(task.id * 1_000_000 + child.id),
        "subject": world.subject(task.subject_id).name,
        "assigned_on": task.assigned_on,
        "due_on": task.due_on,
        "text": clean(task.text),
        "done": task.done,
        "minutes": task.minutes,
        "files": sorted([*files, *(("digital", material.title) for material in task.materials)]),
        "edited_at": _whole(task.edited_at),
        "lesson_id": f"{_SOURCES[due.kind]}{due.id}",
    }


def _in_order(lessons: tuple[WorldLesson, ...]) -> list[WorldLesson]:
    return sorted(lessons, key=lambda lesson: (lesson.half.starts, f"{_SOURCES[lesson.kind]}{lesson.id}"))


def _lesson(world: World, child: Child, lesson: WorldLesson) -> Told:
    half = lesson.half
    on, club = lesson.on, lesson.kind is LessonKind.ADDITIONAL
    regular = lesson.kind is LessonKind.REGULAR
    absence = next(
        (
            item
            for item in world.absences(child.id, on, on)
            if item.lesson_id == lesson.id and item.kind is AbsenceKind.ABSENT
        ),
        None,
    )
    reason = absence.reason if absence else None
    form = world.control_form(lesson.control_form_id) if lesson.control_form_id is not None else None
    change = lesson.change if lesson.change in (LessonChange.CANCELLED, LessonChange.REPLACED) else "none"
    tasks = [
        true_task(world, child, task)
        for task in world.homework(child.id, on, on)
        if task.due_lesson_id == lesson.id
    ]
    marks = [mark for mark in world.marks(child.id, on, on) if mark.lesson_id == lesson.id]
    return {
        "id": f"{_SOURCES[lesson.kind]}{lesson.id}",
        "kind": _KINDS[lesson.kind],
        "change": str(change),
        "starts": half.starts,
        "ends": half.ends,
        "subject": (str(half.subject_id) if regular else None, world.subject(half.subject_id).name),
        "room": None if club else half.room,
        "topic": lesson.topic,
        "control": form is not None and form.kind is WorkKind.CONTROL,
        "remote": lesson.remote,
        "missed": absence is not None,
        "reason": str(int(reason)) if reason is not None else None,
        "excused": reason.excused if reason is not None else None,
        "homework": sorted(tasks, key=lambda task: str(task["id"])),
        "marks": [true_mark(world, mark) for mark in marks],
    }


def _whole(moment: datetime | None) -> datetime | None:
    """Return a moment as the wire tells it, in whole seconds."""
    return moment.replace(microsecond=0) if moment is not None else None


def _written(comment: str | None) -> Decimal:
    assert comment is not None
    return Decimal(comment.rsplit(" ", 1)[1].replace(",", "."))
