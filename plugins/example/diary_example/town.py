"""Two invented children and the same week over and over, except at weekends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal

from diary_core.model import (
    UNSUPPORTED,
    Child,
    ClassGroup,
    Day,
    Enrolment,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    MarkScale,
    School,
    Subject,
)
from diary_core.notation import read_mark
from diary_core.people import PersonName

ZONE = "Europe/Moscow"
PARENT = PersonName(last="Примерова", first="Ольга", middle="Ильинична")
SCHOOL = School(id="1", name="Школа № 999", short_name="Школа № 999", zone=ZONE)
ENROLMENTS = tuple(
    Enrolment(
        id=key,
        child=Child(id=key, name=PersonName(last="Примерова", first=first, middle="Андреевна")),
        school=SCHOOL,
        group=ClassGroup(id=f"class-{key}", name=group, parallel=int(group[0])),
        role="parent",
    )
    for key, first, group in (("vera", "Вера", "7-Б"), ("lada", "Лада", "3-А"))
)
SUBJECTS = tuple(
    Subject(id=str(number), name=name)
    for number, name in enumerate(("Математика", "Русский язык", "Окружающий мир", "Физкультура"), start=1)
)
MARKS = ("5", "4-", "н/а", "")
"""What each lesson's mark looks like; an empty one is no mark."""


def days(enrolment_id: str, since: date, until: date) -> Sequence[Day]:
    """Return every day of the span, oldest first."""
    dates = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return [Day(date=on, zone=ZONE, lessons=_lessons(enrolment_id, on), exception=None) for on in dates]


def _lessons(enrolment_id: str, on: date) -> tuple[Lesson, ...]:
    if on.isoweekday() > 5:
        return ()
    return tuple(_lesson(enrolment_id, on, slot, subject) for slot, subject in enumerate(SUBJECTS, start=1))


def _lesson(enrolment_id: str, on: date, slot: int, subject: Subject) -> Lesson:
    key = f"{enrolment_id}-{on}-{slot}"
    half = LessonHalf(
        subject=subject,
        starts=time(8 + slot, 0),
        ends=time(8 + slot, 45),
        room=str(100 + slot),
        teachers=UNSUPPORTED,
    )
    return Lesson(
        id=key,
        date=on,
        slot=slot,
        kind="lesson",
        planned=half,
        actual=half,
        change="none",
        topic=None,
        homework=(_homework(key, on, subject),) if slot == 1 else (),
        marks=tuple(_mark(key, on, subject, display) for display in MARKS[slot - 1 : slot] if display),
        attendance=UNSUPPORTED,
    )


def _homework(key: str, on: date, subject: Subject) -> Homework:
    return Homework(
        id=f"homework-{key}",
        subject=subject,
        assigned_on=on - timedelta(days=1),
        due_on=on,
        text="Упражнения 1 и 2",
        required=UNSUPPORTED,
        done=UNSUPPORTED,
        minutes=UNSUPPORTED,
        attachments=(),
        edited_at=UNSUPPORTED,
        lesson_id=key,
    )


def _mark(key: str, on: date, subject: Subject, display: str) -> Mark:
    notation = read_mark(display)
    return Mark(
        id=f"mark-{key}",
        subject=subject,
        date=on,
        display=display,
        value=notation.value,
        modifier=notation.modifier,
        parts=notation.parts,
        status=notation.status,
        scale=MarkScale(kind="five"),
        counts=notation.value is not None,
        weight=Decimal(1),
        form="Ответ на уроке",
        important=False,
        comment=None,
        lesson_id=key,
        entered_at=UNSUPPORTED,
        edited_at=UNSUPPORTED,
        teacher=UNSUPPORTED,
        history=UNSUPPORTED,
    )
