"""Lesson log entries: absence, lateness, remarks."""

from __future__ import annotations

import pytest

from diary_core.model import (
    known,
)
from diary_dnevnik_ru import parse

from .bodies import (
    attendance_of,
    one_lesson,
)


@pytest.mark.parametrize(
    ("status", "kind", "display", "excused", "counted", "reason"),
    [
        ("Absent", "absent", "Н", False, True, None),
        ("Ill", "absent", "Б", True, True, "Болезнь"),
        ("Pass", "absent", "П", True, True, None),
        ("Late", "late", "О", None, False, None),
        ("OnOlympiad", "other", None, None, False, "OnOlympiad"),
    ],
)
def test_statuses_of_attendance(
    status: str,
    kind: str,
    display: str | None,
    excused: bool | None,
    counted: bool,
    reason: str | None,
    whose: parse.Whose,
) -> None:
    """Each status has its letter; an unknown one is kept raw."""
    entry = {"person": int(whose.seat.person), "lesson": 11, "status": status, "comment": "справка"}
    lesson = one_lesson(whose, lessonLogEntries=[entry])
    record = attendance_of(lesson)
    assert (record.kind, record.display, record.excused, record.counted, record.comment) == (
        kind,
        display,
        excused,
        counted,
        "справка",
    )
    title = known(record.reason)
    assert (title and title.title) == reason
    assert lesson.remark is None


def test_being_there_is_no_record_but_may_bring_a_remark(whose: parse.Whose) -> None:
    """A comment to a child who was there is the teacher's remark."""
    lesson = one_lesson(
        whose, lessonLogEntries=[{"lesson": 11, "status": "Attend", "comment": "Отлично работал"}]
    )
    assert (lesson.attendance, lesson.remark) == (None, "Отлично работал")


def test_the_last_entry_of_a_lesson_holds(whose: parse.Whose) -> None:
    """A child marked absent who came later was late."""
    entries = [
        {"lesson": 11, "status": "Late", "createdDate": "2025-11-18T07:05:12.330"},
        {"lesson": 11, "status": "Absent", "createdDate": "2025-11-18T05:35:00.000"},
    ]
    assert attendance_of(one_lesson(whose, lessonLogEntries=entries)).display == "О"
