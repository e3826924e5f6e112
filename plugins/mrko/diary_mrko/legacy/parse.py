"""The week page to days: what it shows, and «unsupported» for everything it never showed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from diary_core.errors import RegionChanged
from diary_core.model import (
    UNSUPPORTED,
    AttendanceRecord,
    Day,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    MarkScale,
    Subject,
)
from diary_core.notation import read_mark
from diary_core.text import clean_or_none, filler, tidy
from diary_mrko.legacy.wire import Column, Row

_WEEK = timedelta(days=7)


def mondays(since: date, until: date) -> Sequence[date]:
    """Return the Mondays of the weeks a span touches, in order."""
    first = since - timedelta(days=since.weekday())
    return [first + _WEEK * number for number in range((until - first).days // 7 + 1)]


def days(weeks: Mapping[date, Sequence[Column]], since: date, until: date, zone: ZoneInfo) -> tuple[Day, ...]:
    """Return every day of a span; the page shows no Sunday, which then has no lessons.

    Args:
        weeks: What the pages show, by the Monday that was asked for.
        since: First day, inclusive.
        until: Last day, inclusive.
        zone: The school's.

    Raises:
        RegionChanged: A page shows a day of another week.
    """
    lessons: dict[date, tuple[Lesson, ...]] = {}
    for monday, columns in weeks.items():
        for column in columns:
            on = _date(column, monday)
            lessons[on] = _lessons(column.rows, on)
    span = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return tuple(
        Day(
            date=on,
            zone=zone.key,
            lessons=lessons.get(on, ()),
            homework=UNSUPPORTED,
            exception=UNSUPPORTED,
        )
        for on in span
    )


def _date(column: Column, monday: date) -> date:
    """Give a `dd.mm` its year: the one it has in the week that was asked for."""
    for number in range(7):
        on = monday + timedelta(days=number)
        if (on.day, on.month) == (column.day, column.month):
            return on
    raise RegionChanged("the week page shows another week", field="b-diary-date")


def _lessons(rows: Iterable[Row], on: date) -> tuple[Lesson, ...]:
    found: dict[str, Lesson] = {}
    for row in rows:
        name, number = tidy(row.subject), tidy(row.number)
        if name:
            slot = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else None
            lesson_id = f"{on.isoformat()}-{number or len(found) + 1}"
            if lesson_id in found:  # two subgroups in one slot
                lesson_id = f"{lesson_id}-{len(found) + 1}"
            found[lesson_id] = _lesson(row, Subject(id=None, name=name), on, lesson_id, slot)
    return tuple(found.values())


def _lesson(row: Row, subject: Subject, on: date, lesson_id: str, slot: int | None) -> Lesson:
    marks = tuple(
        _mark(display, subject, on, f"{lesson_id}-mark-{number}", lesson_id)
        for number, display in enumerate(tidy(row.marks).split(), start=1)
    )
    return Lesson(
        id=lesson_id,
        date=on,
        slot=slot,
        kind="lesson",
        planned=UNSUPPORTED,
        actual=LessonHalf(subject=subject, starts=None, ends=None, room=UNSUPPORTED, teachers=UNSUPPORTED),
        change=UNSUPPORTED,
        topic=UNSUPPORTED,
        control=UNSUPPORTED,
        remote=UNSUPPORTED,
        homework=_homework(row, subject, on, lesson_id),
        marks=marks,
        attendance=_absence(marks, subject, on, lesson_id),
        remark=clean_or_none(row.comment),
    )


def _homework(row: Row, subject: Subject, on: date, lesson_id: str) -> tuple[Homework, ...]:
    text = tidy(row.homework)
    if filler(text):
        return ()
    task = Homework(
        id=f"{lesson_id}-homework",
        subject=subject,
        assigned_on=UNSUPPORTED,
        due_on=on,
        text=text,
        required=UNSUPPORTED,
        done=UNSUPPORTED,
        minutes=UNSUPPORTED,
        attachments=UNSUPPORTED,
        edited_at=UNSUPPORTED,
        lesson_id=lesson_id,
    )
    return (task,)


def _mark(display: str, subject: Subject, on: date, mark_id: str, lesson_id: str) -> Mark:
    """Return a mark; МРКО knew no weights, and its page shows neither the form of work nor times."""
    notation = read_mark(display)
    return Mark(
        id=mark_id,
        subject=subject,
        date=on,
        display=display,
        value=notation.value,
        modifier=notation.modifier,
        parts=notation.parts,
        status=notation.status,
        scale=MarkScale(kind="five"),
        counts=notation.status == "graded",
        weight=None,
        form=UNSUPPORTED,
        important=UNSUPPORTED,
        comment=UNSUPPORTED,
        lesson_id=lesson_id,
        entered_at=UNSUPPORTED,
        edited_at=UNSUPPORTED,
        teacher=UNSUPPORTED,
        history=UNSUPPORTED,
    )


def _absence(marks: Iterable[Mark], subject: Subject, on: date, lesson_id: str) -> AttendanceRecord | None:
    letter = next((mark.display for mark in marks if mark.status == "absent"), None)
    if letter is None:
        return None
    return AttendanceRecord(
        id=f"absence-{lesson_id}",
        date=on,
        lesson_id=lesson_id,
        subject=subject,
        kind="absent",
        display=letter,
        excused=UNSUPPORTED,
        counted=True,
        reason=UNSUPPORTED,
        noted_by="mark_cell",
        comment=UNSUPPORTED,
    )
