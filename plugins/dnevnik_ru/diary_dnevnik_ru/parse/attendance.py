"""Lesson log entries: who was late or away, and what a teacher remarked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, Literal, NamedTuple

from diary_core.model import AbsenceReason, AttendanceRecord, Subject
from diary_core.text import clean_or_none, tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.parse.tables import Whose, named

_PRESENT: Final = ("", "Attend")
"""Rarely stored: no entry means that the child was there."""
_FIRST: Final = datetime.min.replace(tzinfo=UTC)


class _Status(NamedTuple):
    kind: Literal["absent", "late"]
    display: str
    excused: bool | None
    reason: str | None


_STATUSES: Final = {
    "Absent": _Status("absent", "Н", excused=False, reason=None),
    "Ill": _Status("absent", "Б", excused=True, reason="Болезнь"),
    "Pass": _Status("absent", "П", excused=True, reason=None),
    "Late": _Status("late", "О", excused=None, reason=None),
}
"""«П» is excused as schools use it; the system itself says only that the lesson was missed."""


def missed_lessons(
    answers: Iterable[wire.LogEntries],
    lessons: Mapping[str, wire.FullLesson],
    whose: Whose,
    since: date,
    until: date,
) -> tuple[AttendanceRecord, ...]:
    """Return what entries say of the lessons of a span, by day and number of the lesson.

    Args:
        answers: For the pieces of the span.
        lessons: Described by the answers or asked for, by id.
        whose: What speaks of another person is dropped.
        since: First day, inclusive.
        until: Last day, inclusive.
    """
    found = (
        attendance(entry, whose.seat, lesson.id, lesson.date, subject_of(lesson))
        for lesson, entry in entries_of_span(answers, lessons, whose, since, until)
    )
    return tuple(record for record in found if record is not None)


def entries_of_span(
    answers: Iterable[wire.LogEntries],
    lessons: Mapping[str, wire.FullLesson],
    whose: Whose,
    since: date,
    until: date,
) -> Sequence[tuple[wire.FullLesson, wire.LogEntry]]:
    """Return the child's entries of a span with their lessons, by day and number; as `missed_lessons`.

    An entry about a lesson that nobody describes is left out: it has neither a day nor a subject.
    """
    entries = latest_entries((entry for answer in answers for entry in answer.entries), whose.seat)
    described = [(lessons[number], entry) for number, entry in entries.items() if number in lessons]
    found = [one for one in described if since <= one[0].date <= until]
    return sorted(found, key=lambda one: (one[0].date, one[0].number or 0, one[0].id))


def subject_of(lesson: wire.FullLesson) -> Subject:
    """Return what a lesson is about."""
    told = lesson.subject
    return Subject(id=told.id if told else None, name=named(told.name if told else None))


def undescribed(answers: Iterable[wire.LogEntries], seat: Seat) -> Sequence[str]:
    """Return the lessons of the child's entries that no answer describes, sorted."""
    told = list(answers)
    described = {lesson.id for answer in told for lesson in answer.lessons}
    entries = latest_entries((entry for answer in told for entry in answer.entries), seat)
    return sorted(set(entries) - described)


def latest_entries(entries: Iterable[wire.LogEntry], seat: Seat) -> Mapping[str, wire.LogEntry]:
    """Return the child's entry of each lesson by the lesson's id; of several the last one entered."""
    own = (entry for entry in entries if entry.lesson and entry.person in (None, seat.person))
    ordered = sorted(own, key=lambda entry: entry.created or _FIRST)
    return {entry.lesson: entry for entry in ordered if entry.lesson}


def attendance(
    entry: wire.LogEntry, seat: Seat, lesson_id: str, on: date, subject: Subject
) -> AttendanceRecord | None:
    """Return what an entry says of presence; None when the child was there.

    Entries have no id of their own; a child has one for a lesson, so both together are one.
    """
    said = tidy(entry.status or "")
    if said in _PRESENT:
        return None
    status = _STATUSES.get(said)
    title = status.reason if status else said
    return AttendanceRecord(
        id=f"{seat.person}.{lesson_id}",
        date=on,
        lesson_id=lesson_id,
        subject=subject,
        kind=status.kind if status else "other",
        display=status.display if status else None,
        excused=status.excused if status else None,
        counted=status is not None and status.kind == "absent",
        reason=AbsenceReason(code=said, title=title) if title else None,
        noted_by="teacher",
        comment=clean_or_none(entry.comment),
    )


def remark(entry: wire.LogEntry) -> str | None:
    """Return a teacher's remark to a child who was there; one about an absence stands with the absence."""
    present = tidy(entry.status or "") in _PRESENT
    return clean_or_none(entry.comment) if present else None
