"""Notices of absence between the wire and the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from diary_core.errors import AbsenceNoticeUnknown, LessonUnknown
from diary_core.model import UNSUPPORTED, AbsenceNotice, AbsenceReason, NewAbsenceNotice, OfferedReason
from diary_mrko.parse.absence_notices import named, notices, offered, told
from diary_mrko.wire.absences import Attendance, NonattendanceReason
from diary_mrko.wire.lessons import ShortDay

from .bodies import Json, read, rows, sample

ON = date(2026, 9, 14)
LESSON: Json = {
    "bell_id": 102,
    "schedule_item_id": 990100102,
    "begin_time": "09:30",
    "reason_id": 1,
    "notified": True,
    "lesson_education_type": "OO",
}


def listed(*lessons: Json, **day: object) -> Sequence[AbsenceNotice]:
    """Return the notices of one listed day."""
    body = {"date": "2026-09-14", "notified": True, "lessons": list(lessons), **day}
    return list(notices(read(Attendance, {"attendance": [body]}).attendance, "7100001"))


def test_the_recorded_day_is_a_notice_of_one_lesson() -> None:
    """A day with one lesson told of: the day's words and author are its; a missed day alone is none."""
    found = list(notices(read(Attendance, sample("attendance")).attendance, "7100001"))
    assert found == [
        AbsenceNotice(
            id="2026-09-14.102.990100102",
            date=ON,
            lesson_id="990100102",
            reason=AbsenceReason(code="6", title="Заявление родителей"),
            comment="Приём у врача",
            told_by="self",
            created_at=UNSUPPORTED,
        )
    ]


@pytest.mark.parametrize(
    ("missed", "day", "expected"),
    [
        ([], {}, (None, None, "unknown")),
        ([], {"parent_profile_id": 7100001}, (None, None, "self")),
        ([], {"parent_profile_id": 7100002}, (None, None, "other")),
        ([], {"reason_id": 3, "description": " Поездка "}, ("3", "Поездка", "unknown")),
        ([{**LESSON, "notified": False}], {}, (None, None, "unknown")),
    ],
)
def test_a_day_that_names_no_lesson_is_told_of_as_a_whole(
    missed: Sequence[Json], day: Mapping[str, object], expected: tuple[object, ...]
) -> None:
    """Also when lessons of it were missed."""
    (notice,) = listed(*missed, **day)
    assert (notice.id, notice.lesson_id) == ("2026-09-14", None)
    assert (notice.reason and notice.reason.code, notice.comment, notice.told_by) == expected


def test_of_several_lessons_nobody_says_who_told_which() -> None:
    """The day's author and words are those of the first notice, so they are given to none."""
    second = {**LESSON, "schedule_item_id": 5, "bell_id": None, "lesson_education_type": "EC"}
    found = listed(LESSON, second, description="Зуб", parent_profile_id=7100002)
    assert [(one.id, one.lesson_id, one.told_by, one.comment) for one in found] == [
        ("2026-09-14.102.990100102", "990100102", "unknown", None),
        ("2026-09-14.09:30.5", "EC-5", "unknown", None),
    ]


@pytest.mark.parametrize("key", ["reason_id", "absence_reason_id"])
def test_a_reason_stands_under_either_name(key: str) -> None:
    """Live data use one, the vendor's schema the other; a lesson without its own has the day's."""
    lesson = {**LESSON, "reason_id": None, key: 2}
    assert [one.reason and one.reason.code for one in listed(lesson, reason_id=3)] == ["2"]
    assert [one.reason and one.reason.code for one in listed({**LESSON, "reason_id": None})] == [None]


def test_only_what_a_parent_may_give_is_offered() -> None:
    """Not the school's own reasons, not those of clubs, not deleted ones; a new one keeps its name."""
    base = {"is_parent_available": True, "ae_only": False, "deleted_at": None}
    found = offered(
        rows(
            NonattendanceReason,
            [
                {**base, "id": 3, "name": "По семейным обстоятельствам", "attachment_needed": True},
                {**base, "id": 77, "name": "Соревнования"},
                {**base, "id": 4, "is_parent_available": False},
                {**base, "id": 5, "ae_only": True},
                {**base, "id": 6, "deleted_at": "2026-01-01"},
            ],
        )
    )
    assert list(found) == [
        OfferedReason(code="3", title="Семейные обстоятельства", document_needed=True),
        OfferedReason(code="77", title="Соревнования", document_needed=UNSUPPORTED),
    ]


TIMETABLE = rows(
    ShortDay,
    [
        {
            "date": "2026-09-14",
            "lessons": [
                {**LESSON, "end_time": "10:15"},
                {**LESSON, "schedule_item_id": 5, "bell_id": None, "lesson_education_type": "EC"},
            ],
        }
    ],
)


def test_a_whole_day_is_told_without_lessons() -> None:
    """What is sent has no lesson's key at all."""
    (sent,) = told(NewAbsenceNotice(date=ON, reason_code="3", comment="Поездка"), ())
    assert sent.model_dump(mode="json", exclude_unset=True) == {
        "date": "2026-09-14",
        "reason_id": 3,
        "description": "Поездка",
    }


def test_lessons_are_told_by_their_bells() -> None:
    """One for each, in the order they were named; a lesson without a bell by its time."""
    wanted = NewAbsenceNotice(date=ON, reason_code="1", lesson_ids=("EC-5", "990100102"))
    assert [sent.model_dump(mode="json", exclude_none=True) for sent in told(wanted, TIMETABLE)] == [
        {"date": "2026-09-14", "begin_time": "09:30", "lesson_education_type": "EC", "reason_id": 1},
        {
            "date": "2026-09-14",
            "bell_id": 102,
            "begin_time": "09:30",
            "end_time": "10:15",
            "lesson_education_type": "OO",
            "reason_id": 1,
        },
    ]


@pytest.mark.parametrize("lesson_ids", [("5",), ("990100102", "1"), ("EC-990100102",)])
def test_a_lesson_that_is_not_there_cannot_be_told_of(lesson_ids: tuple[str, ...]) -> None:
    """Nothing is told of the others either; the error names the field."""
    with pytest.raises(LessonUnknown) as caught:
        told(NewAbsenceNotice(date=ON, reason_code="1", lesson_ids=lesson_ids), TIMETABLE)
    assert caught.value.field == "lesson_ids"


def test_a_notice_is_named_by_its_day_and_bell() -> None:
    """Two lessons of one bell are one notice to the diary."""
    ids = ["2026-09-14", "2026-09-15.102.7", "2026-09-15.102.8", "2026-09-15.09:30.9"]
    assert [name.model_dump(mode="json", exclude_none=True) for name in named(ids)] == [
        {"date": "2026-09-14"},
        {"date": "2026-09-15", "bell_id": 102},
        {"date": "2026-09-15", "begin_time": "09:30"},
    ]


@pytest.mark.parametrize("notice_id", ["", "x", "2026-09-14.", "2026-09-14.1", "2026-09-14.a.1"])
def test_an_id_that_is_not_ours_names_nothing(notice_id: str) -> None:
    """It is unknown, before anything is sent."""
    with pytest.raises(AbsenceNoticeUnknown):
        named([notice_id])
