"""What each system cannot show: the truth, seen through its wire.

Where nobody knows what a system shows, the sandbox's choice is told there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from diary_core.model import (
    AbsenceReason,
    AttendanceRecord,
    Day,
    DayException,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    MarkScale,
    Term,
)

WEEKEND = "Выходной"
IN_WORDS = MarkScale(kind="other", raw="other")
ILL = {"1", "2", "5"}
"""Reasons that are an illness, by МЭШ's numbers."""


def through_mesh(days: Sequence[Day]) -> list[Day]:
    """Return what МЭШ can show."""
    return [
        day.model_copy(
            update={
                "lessons": tuple(_mesh_lesson(lesson) for lesson in day.lessons),
                "exception": _mesh_exception(day.exception),
            }
        )
        for day in days
    ]


def _mesh_exception(exception: object) -> object:
    """A weekend has the calendar's own word."""
    if isinstance(exception, DayException) and exception.kind == "day_off":
        return exception.model_copy(update={"title": exception.title or WEEKEND})
    return exception


def _mesh_lesson(lesson: Lesson) -> Lesson:
    """`cancelled` and `replaced` are the only changes on the wire; a moved lesson just stands elsewhere."""
    moved = lesson.change == "moved"
    attendance = lesson.attendance if isinstance(lesson.attendance, AttendanceRecord) else None
    return lesson.model_copy(
        update={
            "change": "none" if moved else lesson.change,
            "planned": _mesh_half(lesson, lesson.actual if moved else lesson.planned),
            "actual": _mesh_half(lesson, lesson.actual),
            "attendance": mesh_attendance(attendance),
            "marks": mesh_marks(_marks(lesson)),
        }
    )


def _mesh_half(lesson: Lesson, half: object) -> object:
    """Rooms of clubs are null."""
    if isinstance(half, LessonHalf) and lesson.kind == "additional":
        return half.model_copy(update={"room": None})
    return half


def mesh_attendance(attendance: AttendanceRecord | None) -> AttendanceRecord | None:
    """Lateness is not on the wire, nor who noted it; whether an absence is excused hangs on its reason."""
    if attendance is None or attendance.kind == "late":
        return None
    excused = attendance.excused if attendance.reason else None
    return attendance.model_copy(update={"excused": excused, "noted_by": "unknown"})


def mesh_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """`is_exam` tracks a weight above one; a mark in words is of a scale of its own."""
    return tuple(
        mark.model_copy(
            update={
                "important": isinstance(mark.weight, Decimal) and mark.weight > 1,
                "scale": mark.scale if mark.status in {"graded", "pending"} else IN_WORDS,
            }
        )
        for mark in marks
    )


def through_dnevnik(days: Sequence[Day]) -> list[Day]:
    """Return what the partner API of Дневник.ру can show."""
    return [
        day.model_copy(
            update={
                "lessons": tuple(
                    _dnevnik_lesson(lesson) for lesson in day.lessons if lesson.kind != "additional"
                )
            }
        )
        for day in days
    ]


def _dnevnik_lesson(lesson: Lesson) -> Lesson:
    """A cancelled lesson looks like any other; the kind is not told; one comment is all a log entry holds."""
    attendance = lesson.attendance if isinstance(lesson.attendance, AttendanceRecord) else None
    homework = lesson.homework if isinstance(lesson.homework, tuple) else ()
    return lesson.model_copy(
        update={
            "kind": "lesson",
            "actual": lesson.actual or lesson.planned,
            "attendance": dnevnik_attendance(attendance, lesson.remark),
            "remark": None if attendance else lesson.remark,
            "homework": dnevnik_homework(homework),
            "marks": dnevnik_marks(_marks(lesson)),
        }
    )


def dnevnik_attendance(attendance: AttendanceRecord | None, remark: object) -> AttendanceRecord | None:
    """Four letters say all there is: Н absent, Б ill, П excused, О late."""
    if attendance is None:
        return None
    words = (attendance.comment, remark)
    ill = bool(isinstance(attendance.reason, AbsenceReason) and attendance.reason.code in ILL)
    letter = "О" if attendance.kind == "late" else "Б" if ill else "П" if attendance.excused else "Н"
    return attendance.model_copy(
        update={
            "display": letter,
            "reason": AbsenceReason(code="Ill", title="Болезнь") if letter == "Б" else None,
            "excused": {"О": None, "Б": True, "П": True, "Н": False}[letter],
            "comment": ". ".join(word for word in words if isinstance(word, str)) or None,
        }
    )


def dnevnik_homework(homework: Iterable[Homework]) -> tuple[Homework, ...]:
    """Digital materials have no place on the wire; files have."""
    return tuple(
        task.model_copy(
            update={
                "attachments": tuple(
                    one
                    for one in (task.attachments if isinstance(task.attachments, tuple) else ())
                    if one.kind == "file"
                )
            }
        )
        for task in homework
    )


def dnevnik_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """A pending mark does not exist here; a split mark is two marks of one work."""
    return tuple(half for mark in marks if mark.status != "pending" for half in _halves(mark))


def _halves(mark: Mark) -> Iterable[Mark]:
    if not mark.parts:
        return (mark,)
    return (
        mark.model_copy(update={"display": part.display, "value": part.value, "parts": ()})
        for part in mark.parts
    )


def _marks(lesson: Lesson) -> tuple[Mark, ...]:
    return lesson.marks if isinstance(lesson.marks, tuple) else ()


def mesh_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The year comes from the list of school years, which names it by its ends and gives no number."""
    return tuple(_unnumbered(term) if term.kind == "year" else term for term in terms)


def _unnumbered(year: Term) -> Term:
    return year.model_copy(update={"number": None, "title": f"{year.since.year} - {year.until.year}"})


def dnevnik_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Reporting periods have no year above them."""
    return tuple(term for term in terms if term.kind != "year")
