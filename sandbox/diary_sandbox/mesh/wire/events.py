"""The merged calendar: lessons, extra-curricular hours, clubs, school and city events."""

import base64
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from diary_sandbox.mesh.wire import marks as marks_wire
from diary_sandbox.mesh.wire.event_fields import empty_event, event_moment
from diary_sandbox.mesh.wire.gatherings import gatherings
from diary_sandbox.mesh.wire.homework import by_due_lesson
from diary_sandbox.mesh.wire.variety import is_plain, vary
from diary_sandbox.world import (
    Absence,
    AbsenceKind,
    Child,
    HomeworkTask,
    Lesson,
    LessonChange,
    LessonKind,
    Mark,
    MaterialMode,
    WorkKind,
    World,
)

NOT_SET = "Не задано"
SOURCES = {LessonKind.REGULAR: "PLAN", LessonKind.EXTRA: "EC", LessonKind.ADDITIONAL: "AE"}
_COURSE_TYPES = {WorkKind.CONTROL: "THEMATIC_TEST", WorkKind.LABORATORY: "LAB"}


@dataclass(frozen=True)
class Asked:
    """What a calendar call asks for.

    Attributes:
        expand: Names of the optional parts: `homework`, `marks`, `absence_reason_id` and so on.
        sources: `PLAN`, `EC`, `AE`, and those of `gatherings`; empty means all.
    """

    since: date
    until: date
    expand: frozenset[str]
    sources: frozenset[str]


@dataclass(frozen=True)
class _Cells:
    """What hangs on a child's lessons, by lesson."""

    homework: Mapping[int, Sequence[HomeworkTask]]
    marks: Mapping[int, Sequence[Mark]]
    absences: Mapping[int, Absence]


def events(
    world: World, children: Collection[Child], asked: Asked, silent: str | None = None
) -> dict[str, object]:
    """Return `GET eventcalendar/v1/api/events`.

    Args:
        world: The truth.
        children: Whose calendars; their events follow one another.
        asked: Days, parts and sources.
        silent: The source that did not answer in time: the rest is good, and the answer says so.
    """
    response = [
        event
        for child in children
        for event in _child_events(world, child, asked)
        if event["source"] != silent
    ]
    errors = {silent: [{"error_description": "source timeout"}]} if silent else None
    return {"total_count": len(response), "response": response, "errors": errors}


def _child_events(world: World, child: Child, asked: Asked) -> Iterator[dict[str, object]]:
    cells = _cells(world, child, asked)
    for lesson in world.lessons(child.id, asked.since, asked.until):
        if not asked.sources or SOURCES[lesson.kind] in asked.sources:
            yield _lesson_event(world, child, lesson, asked.expand, cells)
    for source, event in gatherings(world, child, asked.since, asked.until):
        if not asked.sources or source in asked.sources:
            yield event


def _cells(world: World, child: Child, asked: Asked) -> _Cells:
    marks: dict[int, list[Mark]] = {}
    for mark in world.marks(child.id, asked.since, asked.until):
        marks.setdefault(mark.lesson_id, []).append(mark)
    absences = world.absences(child.id, asked.since, asked.until)
    missed = {absence.lesson_id: absence for absence in absences if absence.kind is AbsenceKind.ABSENT}
    return _Cells(by_due_lesson(world, child, asked.since, asked.until), marks, missed)


def _lesson_event(
    world: World, child: Child, lesson: Lesson, expand: frozenset[str], cells: _Cells
) -> dict[str, object]:
    half = lesson.half
    zone = world.school(child.school_id).zone
    subject = world.subject(half.subject_id)
    club = lesson.kind is LessonKind.ADDITIONAL
    replaced = lesson.change is LessonChange.REPLACED
    absence = cells.absences.get(lesson.id)
    reason = int(absence.reason) if absence is not None and absence.reason is not None else None
    ill = absence is not None and absence.reason is not None and absence.reason.ill
    return {
        **empty_event(world, child),
        "id": lesson.id,
        "source": SOURCES[lesson.kind],
        "source_id": str(lesson.id),
        "start_at": event_moment(child, half.on, half.starts, zone),
        "finish_at": event_moment(child, half.on, half.ends, zone),
        "subject_id": _subject_id(lesson),
        "subject_name": subject.name,
        "room_name": None if club else _room_name(subject.name, half.room),
        "room_number": None if club else half.room,
        "replaced": replaced,
        "replaced_teacher_id": half.teacher_id if replaced else None,
        "esz_field_id": lesson.group_id if club else None,
        "lesson_type": _lesson_type(lesson),
        "course_lesson_type": _course_type(world, lesson),
        "lesson_education_type": education_type(lesson),
        "link_to_join": lesson.link,
        "group_id": None if lesson.kind is not LessonKind.REGULAR else lesson.group_id,
        "group_name": vary(child, f"group {lesson.group_id}", _group_name(world, lesson), None),
        "cancelled": lesson.change is LessonChange.CANCELLED,
        "is_missed_lesson": absence is not None,
        "absence_reason_id": reason if "absence_reason_id" in expand else None,
        "nonattendance_reason_id": reason if "nonattendance_reason_id" in expand else None,
        "health_status": "SICK" if ill and "health_status" in expand else None,
        "comment_count": vary(child, f"comments {lesson.id}", None, 0, "0"),
        "homework": None if club or "homework" not in expand else _homework(child, lesson, cells),
        "marks": None
        if club or "marks" not in expand
        else [marks_wire.in_event(world, mark) for mark in cells.marks.get(lesson.id, ())],
    }


def education_type(lesson: Lesson) -> str:
    """Return `OO`, `EC` or `AE`."""
    return {"PLAN": "OO"}.get(SOURCES[lesson.kind], SOURCES[lesson.kind])


def _subject_id(lesson: Lesson) -> int | None:
    """Return the subject's number; extra-curricular hours have 0, clubs none."""
    match lesson.kind:
        case LessonKind.REGULAR:
            return lesson.subject_id
        case LessonKind.EXTRA:
            return 0
        case LessonKind.ADDITIONAL:
            return None


def _lesson_type(lesson: Lesson) -> str | None:
    if lesson.kind is not LessonKind.REGULAR:
        return None
    return "REMOTE" if lesson.remote else "NORMAL"


def _course_type(world: World, lesson: Lesson) -> str | None:
    if lesson.control_form_id is None:
        return None
    return _COURSE_TYPES.get(world.control_form(lesson.control_form_id).kind, "LESSON")


def _group_name(world: World, lesson: Lesson) -> str | None:
    return world.study_group(lesson.group_id).name if lesson.kind is LessonKind.REGULAR else None


def _room_name(subject_name: str, room: str | None) -> str | None:
    return None if room is None else subject_name


def _homework(child: Child, lesson: Lesson, cells: _Cells) -> dict[str, object]:
    tasks = cells.homework.get(lesson.id, ())
    with_files = [task for task in tasks if task.materials or task.attachments]
    to_do = sum(1 for task in tasks for item in task.materials if item.mode is MaterialMode.EXECUTE)
    to_learn = sum(1 for task in tasks for item in task.materials if item.mode is MaterialMode.LEARN)
    count: dict[str, object] = {"count_execute": to_do, "count_learn": to_learn, "count_homework": 0}
    forms: tuple[object, ...] = (count, [count], None)
    nothing = [NOT_SET] if lesson.kind is LessonKind.REGULAR else []
    # Entries of tasks without materials are left out for some lessons, the descriptions never are.
    entries = tasks if is_plain(child) or vary(child, f"entries {lesson.id}", True, False) else with_files
    return {
        "presence_status_id": 1 if not tasks else 3 if with_files else 2,
        "total_count": len(tasks),
        "execute_count": to_do,
        "descriptions": [task.text for task in tasks] or vary(child, f"nothing {lesson.id}", nothing, []),
        "link_types": None,
        "materials": vary(child, f"materials {lesson.id}", *forms) if to_do or to_learn else None,
        "entries": [_entry(task) for task in entries],
    }


def _entry(task: HomeworkTask) -> dict[str, object]:
    return {
        "homework_entry_id": task.id,
        "date_assigned_on": task.assigned_on.isoformat(),
        "date_prepared_for": task.due_on.isoformat(),
        "description": task.text,
        "duration": task.minutes or 0,
        "materials": _packed_materials(task),
        "attachment_ids": [attachment.id for attachment in task.attachments],
        "attachments": [],
        "student_ids": None,
    }


def _packed_materials(task: HomeworkTask) -> str | None:
    """Return materials the way entries hold them: JSON inside base64url."""
    if not task.materials:
        return None
    packed = {
        "material_ids": [str(material.id) for material in task.materials],
        "materialObj": [
            {
                "goal": material.mode.value,
                "name": material.title,
                "type": "".join(part.title() for part in material.kind.split("_")),
                "uuid": material.uuid,
            }
            for material in task.materials
        ],
    }
    return base64.urlsafe_b64encode(json.dumps(packed, ensure_ascii=False).encode()).decode()
