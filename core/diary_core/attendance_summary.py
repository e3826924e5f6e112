"""Counting absences: pure, from what a diary listed.

A term's summary is that of its days. What a diary does not tell is not counted, and stays told apart:
an absence of which nobody says whether it is excused is neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from diary_core.model import (
    AttendanceCounts,
    AttendanceRecord,
    AttendanceSummary,
    Subject,
    SubjectAttendance,
    known,
)

__all__ = ["attendance_summary"]


def attendance_summary(records: Iterable[AttendanceRecord], *, since: date, until: date) -> AttendanceSummary:
    """Return how much was missed in a span, in all and by subject.

    Args:
        records: As the diary lists them, each once, in any order; those outside the span are left out.
        since: First day, inclusive.
        until: Last day, inclusive.
    """
    found = [record for record in records if since <= record.date <= until]
    of_subjects: dict[tuple[str | None, str], list[AttendanceRecord]] = {}
    subjects: dict[tuple[str | None, str], Subject] = {}
    for record in found:
        if record.subject is not None:
            key = _same(record.subject)
            subjects.setdefault(key, record.subject)
            of_subjects.setdefault(key, []).append(record)
    return AttendanceSummary(
        since=since,
        until=until,
        total=_counts(found),
        days=len({record.date for record in found if _missed(record)}),
        subjects=tuple(
            SubjectAttendance(subject=subjects[key], counts=_counts(of_subjects[key]))
            for key in sorted(subjects, key=lambda key: (subjects[key].name, key[0] or ""))
        ),
    )


def _same(subject: Subject) -> tuple[str | None, str]:
    """Return what makes two subjects one: the diary's id, else the name."""
    return (subject.id, "") if subject.id is not None else (None, subject.name)


def _missed(record: AttendanceRecord) -> bool:
    return record.kind == "absent" and record.counted


def _counts(records: Sequence[AttendanceRecord]) -> AttendanceCounts:
    missed = [record for record in records if _missed(record)]
    lessons = [record for record in missed if record.lesson_id is not None]
    excuses = [known(record.excused) for record in lessons]
    late = sum(record.kind == "late" for record in records)
    return AttendanceCounts(
        absent=len(lessons),
        excused=excuses.count(True),
        unexcused=excuses.count(False),
        unknown=excuses.count(None),
        late=late,
        other=len(records) - len(missed) - late,
        whole_days=len(missed) - len(lessons),
    )
