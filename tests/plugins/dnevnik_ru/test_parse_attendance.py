"""Lesson log entries: absence, lateness, remarks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from diary_core.model import UNSUPPORTED, AttendanceRecord, Subject, known
from diary_dnevnik_ru import parse, wire

from .bodies import SUNDAY, TUESDAY, Json, attendance_of, one_lesson, read, rows, sample

FULL_LESSON: Json = {
    "id": 11,
    "date": "2025-11-18T00:00:00",
    "number": 1,
    "subject": {"id": 7, "name": "Математика"},
}
ABSENT: Json = {"lesson": 11, "person": 1000990001011, "status": "Absent", "comment": ""}


def _listed(
    whose: parse.Whose, body: object, lessons: tuple[wire.FullLesson, ...] = ()
) -> tuple[AttendanceRecord, ...]:
    answer = read(wire.LogEntries, body)
    described = {lesson.id: lesson for lesson in (*answer.lessons, *lessons)}
    return parse.missed_lessons([answer], described, whose, TUESDAY, SUNDAY)


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


def test_the_sample_of_log_entries(whose: parse.Whose) -> None:
    """A late lesson and a missed one, by number, each with its subject; the same records as in the week."""
    late, absent = _listed(whose, sample("15"))
    assert (late.kind, late.subject and late.subject.name, late.comment) == ("late", "Математика", None)
    assert absent == AttendanceRecord(
        id="1000990001011.1990000000000003004",
        date=date(2025, 11, 18),
        lesson_id="1990000000000003004",
        subject=Subject(id="1990000000000001005", name="Физическая культура"),
        kind="absent",
        display="Н",
        excused=False,
        counted=True,
        reason=None,
        noted_by="teacher",
        comment="Освобождение не представлено",
    )


def test_an_older_answer_is_a_bare_list(whose: parse.Whose) -> None:
    """It brings no lessons, so those are asked for; what nobody describes is left out."""
    assert parse.undescribed([read(wire.LogEntries, [ABSENT])], whose.seat) == ["11"]
    assert _listed(whose, [ABSENT]) == ()
    (record,) = _listed(whose, [ABSENT], rows(wire.FullLesson, [FULL_LESSON]))
    assert (record.date, record.display) == (TUESDAY, "Н")


def test_only_the_childs_own_entries_of_the_span(whose: parse.Whose) -> None:
    """Another person's, one of a day outside, and presence with a remark are no absences."""
    lessons = [
        FULL_LESSON,
        {**FULL_LESSON, "id": 12, "date": "2025-11-24T00:00:00"},
        {**FULL_LESSON, "id": 13},
    ]
    entries = [
        {**ABSENT, "person": 5},
        {**ABSENT, "lesson": 12},
        {**ABSENT, "lesson": 13, "status": "Attend", "comment": "Отлично"},
    ]
    assert _listed(whose, {"logEntries": entries, "lessons": lessons}) == ()


def test_remarks_are_every_comment_of_the_log(whose: parse.Whose) -> None:
    """To a child who was there or not; what an absence came with is told here too, a blank is nothing."""
    lessons = [{**FULL_LESSON, "id": number, "number": number} for number in (11, 12, 13)]
    entries = [
        {
            **ABSENT,
            "lesson": 13,
            "status": "Attend",
            "comment": "Отлично",
            "createdDate": "2025-11-18T09:00:00",
        },
        {**ABSENT, "lesson": 12, "comment": " "},
        {**ABSENT, "lesson": 11, "comment": "У врача"},
        {**ABSENT, "person": 5, "comment": "О другом"},
    ]
    answer = read(wire.LogEntries, {"logEntries": entries, "lessons": lessons})
    found = parse.remarks([answer], {one.id: one for one in answer.lessons}, whose, TUESDAY, SUNDAY)
    assert [(one.lesson_id, one.text, one.author) for one in found] == [
        ("11", "У врача", UNSUPPORTED),
        ("13", "Отлично", UNSUPPORTED),
    ]
    assert [known(one.entered_at) for one in found] == [None, datetime(2025, 11, 18, 9, tzinfo=UTC)]


def test_a_lesson_without_a_subject_is_still_missed(whose: parse.Whose) -> None:
    """A name is never made up."""
    (record,) = _listed(whose, {"logEntries": [ABSENT], "lessons": [{**FULL_LESSON, "subject": None}]})
    assert record.subject == Subject(id=None, name="—")
