"""The timetable without events: short days, one day with its breaks, one lesson in full."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from diary_sandbox.mesh.wire import homework, times
from diary_sandbox.mesh.wire import marks as marks_wire
from diary_sandbox.mesh.wire.averages import rounded
from diary_sandbox.mesh.wire.events import education_type
from diary_sandbox.mesh.wire.ids import plan_lesson_id
from diary_sandbox.mesh.wire.names import teacher_card
from diary_sandbox.world import (
    Absence,
    AbsenceKind,
    Child,
    Lesson,
    LessonChange,
    LessonHalf,
    LessonKind,
    WorkKind,
    World,
)

_THEMES = 32_000_000


def short(world: World, child: Child, dates: Iterable[date]) -> dict[str, object]:
    """Return `GET fm/schedule/short`: the days asked for, days without lessons included."""
    return {"payload": [_short_day(world, child, on) for on in dates]}


def day(world: World, child: Child, on: date) -> dict[str, object]:
    """Return `GET fm/schedule`: one day with its breaks, the only place where bells show."""
    lessons = held(world, child, on)
    activities: list[dict[str, object]] = []
    for number, lesson in enumerate(lessons, start=1):
        if number > 1 and (pause := _break(world, child, lessons[number - 2], lesson)):
            activities.append(pause)
        activities.append(_activity(world, child, lesson, number))
    due = world.homework(child.id, on, on)
    return {
        "summary": _lesson_count(len(lessons)),
        "date": on.isoformat(),
        "has_homework": bool(due),
        "activities": activities,
    }


def details(world: World, child: Child, lesson: Lesson, base: str) -> dict[str, object]:
    """Return `GET fm/lesson_schedule_items/{id}`: one lesson with teacher, topic, marks and homework."""
    half = lesson.half
    zone = world.school(child.school_id).zone
    subject = world.subject(half.subject_id)
    absence = _missed(world, child, half.on).get(lesson.id)
    tasks = homework.by_due_lesson(world, child, half.on, half.on).get(lesson.id, [])
    with_files = any(task.materials or task.attachments for task in tasks)
    extra = lesson.kind is LessonKind.EXTRA
    return {
        "id": lesson.id,
        "plan_id": lesson.group_id,
        "date": half.on.isoformat(),
        "begin_time": times.clock(half.starts),
        "begin_utc": times.epoch(half.on, half.starts, zone),
        "end_time": times.clock(half.ends),
        "end_utc": times.epoch(half.on, half.ends, zone),
        "subject_id": 0 if extra else subject.id,
        "subject_name": subject.name,
        "teacher": teacher_card(world.teacher(half.teacher_id).person.name),
        "course_lesson_type": _course_type(world, lesson),
        "room_number": half.room,
        "room_name": subject.name if half.room else None,
        "building_name": _building(world, child, half),
        "marks": [
            marks_wire.undated(world, child, mark)
            for mark in world.marks(child.id, half.on, half.on)
            if mark.lesson_id == lesson.id
        ],
        "created_date_time": None,
        "is_missed_lesson": absence is not None,
        "nonattendance_reason_id": _reason(absence),
        "lesson_type": "REMOTE" if lesson.remote else "NORMAL",
        "field_name": None,
        "comment": _remarks(world, child, lesson),
        "lesson_homeworks": [homework.in_lesson(world, child, task, base) for task in tasks],
        "homework_to_give": None,
        "details": _plan_details(world, child, lesson),
        "esz_field_id": None,
        "remote_lesson": _remote(lesson),
        "control": None,
        "evaluation": None,
        "lesson_education_type": education_type(lesson),
        "disease_status_type": "SICK" if absence and absence.reason and absence.reason.ill else None,
        "is_virtual": False,
        "homework_presence_status_id": 1 if not tasks else 3 if with_files else 2,
    }


def held(world: World, child: Child, on: date) -> list[Lesson]:
    """Return the lessons of a day that were not cancelled."""
    lessons = world.lessons(child.id, on, on)
    return [lesson for lesson in lessons if lesson.change is not LessonChange.CANCELLED]


def bell_id(world: World, child: Child, half: LessonHalf) -> int | None:
    """Return the bell a lesson begins with; clubs have none."""
    bells = world.bells(child.school_id, half.on)
    return next((bell.id for bell in bells if bell.slot == half.slot), None)


def _short_day(world: World, child: Child, on: date) -> dict[str, object]:
    missed = _missed(world, child, on)
    lessons = [
        _short_lesson(world, child, lesson, missed.get(lesson.id)) for lesson in held(world, child, on)
    ]
    return {"date": on.isoformat(), "lessons": lessons}


def _short_lesson(world: World, child: Child, lesson: Lesson, absence: Absence | None) -> dict[str, object]:
    half = lesson.half
    regular = lesson.kind is LessonKind.REGULAR
    return {
        "lesson_id": plan_lesson_id(lesson.id) if regular else None,
        "begin_time": times.clock(half.starts),
        "end_time": times.clock(half.ends),
        "bell_id": bell_id(world, child, half) if regular else None,
        "subject_name": world.subject(half.subject_id).name,
        "lesson_type": "REMOTE" if lesson.remote else "NORMAL",
        "group_id": lesson.group_id,
        "group_name": world.study_group(lesson.group_id).name,
        "lesson_education_type": education_type(lesson),
        "evaluation": None,
        "absence_reason_id": _reason(absence),
        "subject_id": half.subject_id if regular else 0,
        "lesson_name": lesson.topic,
        "schedule_item_id": lesson.id,
        "is_virtual": False,
    }


def _missed(world: World, child: Child, on: date) -> dict[int, Absence]:
    absences = world.absences(child.id, on, on)
    return {absence.lesson_id: absence for absence in absences if absence.kind is AbsenceKind.ABSENT}


def _reason(absence: Absence | None) -> int | None:
    return int(absence.reason) if absence is not None and absence.reason is not None else None


def _break(world: World, child: Child, before: Lesson, after: Lesson) -> dict[str, object] | None:
    zone = world.school(child.school_id).zone
    on, starts, ends = after.half.on, before.half.ends, after.half.starts
    if ends <= starts:
        return None
    seconds = int((datetime.combine(on, ends) - datetime.combine(on, starts)).total_seconds())
    return {
        "type": "BREAK",
        "info": "Перемена",
        "begin_utc": times.epoch(on, starts, zone),
        "end_utc": times.epoch(on, ends, zone),
        "begin_time": times.clock(starts),
        "end_time": times.clock(ends),
        "duration": seconds,
    }


def _activity(world: World, child: Child, lesson: Lesson, number: int) -> dict[str, object]:
    half = lesson.half
    zone = world.school(child.school_id).zone
    subject = world.subject(half.subject_id)
    marks = [mark for mark in world.marks(child.id, half.on, half.on) if mark.lesson_id == lesson.id]
    tasks = homework.by_due_lesson(world, child, half.on, half.on).get(lesson.id, [])
    return {
        "type": "LESSON",
        "info": f"{half.slot or number} урок",
        "begin_utc": times.epoch(half.on, half.starts, zone),
        "end_utc": times.epoch(half.on, half.ends, zone),
        "begin_time": times.clock(half.starts),
        "end_time": times.clock(half.ends),
        "room_number": half.room,
        "room_name": subject.name if half.room else None,
        "building_name": _building(world, child, half),
        "lesson": {
            "schedule_item_id": lesson.id,
            "subject_id": 0 if lesson.kind is LessonKind.EXTRA else subject.id,
            "subject_name": subject.name,
            "teacher": teacher_card(world.teacher(half.teacher_id).person.name),
            "marks": [marks_wire.undated(world, child, mark) for mark in marks],
            "homework": "; ".join(task.text for task in tasks),
            "lesson_type": "REMOTE" if lesson.remote else "NORMAL",
            "lesson_education_type": education_type(lesson),
            "is_missed_lesson": lesson.id in _missed(world, child, half.on),
        },
    }


def _lesson_count(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return f"{count} урок"
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{count} {'урока' if few else 'уроков'}"


def _course_type(world: World, lesson: Lesson) -> str | None:
    if lesson.control_form_id is None:
        return None
    control = world.control_form(lesson.control_form_id).kind is WorkKind.CONTROL
    return "THEMATIC_TEST" if control else "LESSON"


def _building(world: World, child: Child, half: LessonHalf) -> str | None:
    buildings = world.school(child.school_id).buildings
    return next((house.name for house in buildings if house.id == half.building_id), None)


def _remarks(world: World, child: Child, lesson: Lesson) -> str | None:
    """Return the teachers' words on this lesson; the wire has room for one text."""
    remarks = world.remarks(child.id, lesson.on, lesson.on)
    return "\n".join(remark.text for remark in remarks if remark.lesson_id == lesson.id) or None


def _remote(lesson: Lesson) -> dict[str, object] | None:
    if not lesson.remote:
        return None
    return {"link_to_join": lesson.link, "link_to_record": None, "record_preview": None}


def _plan_details(world: World, child: Child, lesson: Lesson) -> dict[str, object]:
    theme_id = _THEMES + lesson.group_id
    average = world.average(child.id, lesson.subject_id, world.year.since, lesson.on)
    shown = f"{rounded(average)}" if average is not None else "0"
    frames: Sequence[dict[str, object]] = (
        [_theme(lesson.id % 1_000_000 + theme_id, lesson.topic, theme_id, shown, [])] if lesson.topic else []
    )
    return {
        "content": [],
        "materials": [],
        "additional_materials": [],
        "theme": _theme(None, None, theme_id, shown, frames),
        "lessonId": plan_lesson_id(lesson.id),
        "lesson_topic": lesson.topic,
    }


def _theme(
    number: int | None, title: str | None, integration: int, average: str, frames: Sequence[dict[str, object]]
) -> dict[str, object]:
    return {
        "id": number,
        "title": title,
        "themeIntegrationId": integration,
        "average_mark": average,
        "theme_frames": frames,
        "oge_task_name": None,
        "ege_task_name": None,
    }
