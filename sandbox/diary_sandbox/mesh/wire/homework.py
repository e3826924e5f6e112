"""Homework: the list, its short form, and the files and materials that hang on it."""

from datetime import date

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.ids import entry_student_id, homework_id
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import (
    Attachment,
    Child,
    DigitalMaterial,
    HomeworkTask,
    Lesson,
    LessonKind,
    MaterialMode,
    World,
)

_TYPE_NAMES = {"test_spec_binding": "Тест", "lesson_template": "Урок", "atomic_object": "Материал"}
_EDUCATION = {LessonKind.REGULAR: "oo", LessonKind.EXTRA: "ec", LessonKind.ADDITIONAL: "ae"}


def homeworks(world: World, child: Child, since: date, until: date, base: str) -> dict[str, object]:
    """Return `GET fm/homeworks`: what is due in a span.

    Args:
        world: The truth.
        child: Whose homework.
        since: First due day.
        until: Last due day.
        base: Address of the node, for the links to files.
    """
    return {
        "payload": [_homework(world, child, task, base) for task in world.homework(child.id, since, until)]
    }


def short(
    world: World, child: Child, since: date, until: date, subject_id: int | None = None
) -> list[dict[str, object]]:
    """Return the entries of `GET fm/homeworks/short`: the same tasks without texts of their materials."""
    return [
        _short(world, child, task)
        for task in world.homework(child.id, since, until)
        if subject_id is None or task.subject_id == subject_id
    ]


def in_lesson(world: World, child: Child, task: HomeworkTask, base: str) -> dict[str, object]:
    """Return a task as the details of the lesson it is due on have it; files stand apart there."""
    zone = world.school(child.school_id).zone
    return {
        "homework": task.text,
        "materials": [
            {
                "type": material.kind,
                "type_name": _type_name(material),
                "action_id": _action_id(material),
                "action_name": _action_name(material),
                "items": [_lesson_item(material)],
            }
            for material in task.materials
        ],
        "additional_materials": [_file(attachment, base) for attachment in task.attachments],
        "homework_entry_student_id": entry_student_id(task.id, child.id),
        "homework_id": homework_id(task.id),
        "homework_entry_id": task.id,
        "attachments": _attachments(child, task),
        "homework_created_at": times.naive(task.created_at, zone),
        "homework_updated_at": times.naive(task.edited_at or task.created_at, zone),
        "is_done": task.done,
        "written_answer": None,
        "date_assigned_on": task.assigned_on.isoformat(),
        "date_prepared_for": task.due_on.isoformat(),
        "is_smart": False,
    }


def education_type(lesson: Lesson) -> str:
    """Return `oo`, `ec` or `ae`; lessons write it in capitals."""
    return _EDUCATION[lesson.kind]


def _homework(world: World, child: Child, task: HomeworkTask, base: str) -> dict[str, object]:
    zone = world.school(child.school_id).zone
    due = world.lesson(task.due_lesson_id)
    return {
        "type": education_type(due),
        "description": task.text,
        "comments": [],
        "materials": [
            *(_material(material) for material in task.materials),
            *(_file(attachment, base) for attachment in task.attachments),
        ],
        "homework": task.text,
        "homework_entry_student_id": entry_student_id(task.id, child.id),
        "attachments": _attachments(child, task),
        "subject_id": task.subject_id,
        "group_id": task.group_id,
        "date": task.due_on.isoformat(),
        "date_assigned_on": task.assigned_on.isoformat(),
        "subject_name": world.subject(task.subject_id).name,
        # The end of the lesson; the short form has its beginning.
        "lesson_date_time": times.plain(task.due_on, due.half.ends),
        "is_done": task.done,
        "has_teacher_answer": vary(child, f"teacher answer {task.id}", False, None),
        "homework_id": homework_id(task.id),
        "homework_entry_id": task.id,
        "homework_created_at": times.naive(task.created_at, zone),
        "homework_updated_at": times.naive(task.edited_at or task.created_at, zone),
        "written_answer": None,
        "date_prepared_for": f"{task.due_on.isoformat()}T00:00:00",
    }


def _short(world: World, child: Child, task: HomeworkTask) -> dict[str, object]:
    due = world.lesson(task.due_lesson_id)
    entry: dict[str, object] = {
        "description": task.text,
        "subject_id": task.subject_id,
        "subject_name": world.subject(task.subject_id).name,
        "group_id": task.group_id,
        "date": task.due_on.isoformat(),
        "date_assigned_on": task.assigned_on.isoformat(),
        "homework_entry_student_id": entry_student_id(task.id, child.id),
        "has_written_answer": False,
        "is_done": task.done,
        "type": education_type(due),
        "has_teacher_answer": vary(child, f"teacher answer {task.id}", False, None),
        "lesson_date_time": times.plain(task.due_on, due.half.starts),
    }
    by_mode: dict[str, list[str]] = {}
    for material in task.materials:
        by_mode.setdefault(material.mode.value, []).append(material.uuid)
    if vary(child, "materials amount", False, True):
        entry["materials_amount"] = [
            {"selected_mode": mode, "uuids": uuids} for mode, uuids in by_mode.items()
        ]
    else:
        entry["materials_count"] = [
            {"amount": len(uuids), "selected_mode": mode} for mode, uuids in by_mode.items()
        ]
    return entry


def _material(material: DigitalMaterial) -> dict[str, object]:
    return {
        "uuid": material.uuid,
        "type": material.kind,
        "selected_mode": material.mode.value,
        "type_name": _type_name(material),
        "id": material.id,
        "urls": [{"url": material.url, "type": "launch"}],
        "description": None,
        "content_type": None,
        "title": material.title,
        "action_id": _action_id(material),
        "action_name": _action_name(material),
    }


def _file(attachment: Attachment, base: str) -> dict[str, object]:
    return {
        "uuid": None,
        "type": "attachments",
        "selected_mode": "learn",
        "type_name": "Файл",
        "id": attachment.id,
        "urls": [{"url": f"{base}/api/ej/attachments/v1/files/{attachment.id}", "type": "file_link"}],
        "description": None,
        "content_type": None,
        "title": attachment.name,
        "action_id": 1,
        "action_name": "Скачать",
    }


def _lesson_item(material: DigitalMaterial) -> dict[str, object]:
    return {
        "id": material.id,
        "uuid": material.uuid,
        "title": material.title,
        "description": None,
        "link": material.url,
        "file_size": None,
        "urls": [{"url": material.url, "url_type": "launch"}],
        "selected_mode": material.mode.value,
        "is_necessary": material.mode is MaterialMode.EXECUTE,
        "is_hidden_from_students": False,
    }


def _attachments(child: Child, task: HomeworkTask) -> list[object] | None:
    """Return the field nobody fills: files are among the materials."""
    empty: list[object] = []
    return vary(child, f"attachments {task.id}", empty, None)


def _type_name(material: DigitalMaterial) -> str:
    return _TYPE_NAMES.get(material.kind, "Материал")


def _action_id(material: DigitalMaterial) -> int:
    return 2 if material.mode is MaterialMode.EXECUTE else 1


def _action_name(material: DigitalMaterial) -> str:
    return "Пройти" if material.mode is MaterialMode.EXECUTE else "Изучить"


def by_due_lesson(world: World, child: Child, since: date, until: date) -> dict[int, list[HomeworkTask]]:
    """Return the tasks of a span by the lesson they are due on."""
    found: dict[int, list[HomeworkTask]] = {}
    for task in world.homework(child.id, since, until):
        found.setdefault(task.due_lesson_id, []).append(task)
    return found
