"""What the МРКО pages print, made from the world: rows of text, no markup."""

from dataclasses import dataclass
from datetime import date, timedelta

from diary_sandbox.mesh.wire.names import short_name
from diary_sandbox.world import AbsenceKind, Child, Lesson, LessonChange, LessonKind, World

ABSENT = "Н"
SLOTS = 8
WEEKDAYS = ("ПОНЕДЕЛЬНИК", "ВТОРНИК", "СРЕДА", "ЧЕТВЕРГ", "ПЯТНИЦА", "СУББОТА")


@dataclass(frozen=True)
class Row:
    """One line of a day; a free slot has no subject."""

    number: int
    subject: str = ""
    homework: str = ""
    marks: str = ""
    comment: str = ""
    room: str = ""
    teacher: str = ""


@dataclass(frozen=True)
class Day:
    """One column of the week."""

    date: str
    """`dd.mm`: the page names no year."""
    title: str
    rows: tuple[Row, ...]


def days(world: World, child: Child, monday: date) -> list[Day]:
    """Return Monday to Saturday of a week, each with its slots, the free ones empty."""
    return [_day(world, child, monday + timedelta(days=number)) for number in range(len(WEEKDAYS))]


def marks(world: World, child: Child, today: date) -> list[tuple[str, list[str]]]:
    """Return every subject with its marks of the year so far, by time."""
    year = world.year
    found: dict[int, list[str]] = {}
    for mark in world.marks(child.id, year.since, min(today, year.until)):
        found.setdefault(mark.subject_id, []).append(mark.display)
    return [
        (subject.name, found.get(subject.id, []))
        for subject in world.subjects(child.class_id)
        if subject.marked
    ]


def _day(world: World, child: Child, on: date) -> Day:
    lessons = {
        lesson.half.slot: lesson
        for lesson in world.lessons(child.id, on, on)
        if lesson.kind is LessonKind.REGULAR and lesson.change is not LessonChange.CANCELLED
    }
    numbers = range(1, max(SLOTS, *(slot or 0 for slot in lessons), 0) + 1)
    rows = [_row(world, child, number, lessons.get(number)) for number in numbers]
    return Day(f"{on:%d.%m}", WEEKDAYS[on.weekday()], tuple(rows))


def _row(world: World, child: Child, number: int, lesson: Lesson | None) -> Row:
    if lesson is None:
        return Row(number)
    half = lesson.half
    own = [mark for mark in world.marks(child.id, half.on, half.on) if mark.lesson_id == lesson.id]
    missed = any(
        absence.lesson_id == lesson.id and absence.kind is AbsenceKind.ABSENT
        for absence in world.absences(child.id, half.on, half.on)
    )
    tasks = [task for task in world.homework(child.id, half.on, half.on) if task.due_lesson_id == lesson.id]
    return Row(
        number=number,
        subject=world.subject(half.subject_id).name,
        homework="; ".join(task.text for task in tasks),
        marks=" ".join(mark.display for mark in own) or (ABSENT if missed else ""),
        comment="; ".join(mark.comment for mark in own if mark.comment),
        room=half.room or "",
        teacher=short_name(world.teacher(half.teacher_id).person.name),
    )
