"""What the list of absences adds to the lessons the timetable calls missed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from diary_core.model import AbsenceReason, AttendanceRecord, Subject, Unavailable
from diary_mrko.parse.absences import attendance
from diary_mrko.wire.absences import MissedDay
from diary_mrko.wire.lessons import Events

from .bodies import EVENT, FAILED, MARK, MONDAY, MOSCOW, SUNDAY, Json, read, rows

MISSED: Json = {**EVENT, "is_missed_lesson": True}
ROW: Json = {"schedule_item_id": 101, "subject_id": 56, "subject_name": "Алгебра", "begin_time": "08:30"}


def _records(
    events: Sequence[Json], listed: Sequence[Json] | Unavailable = ()
) -> tuple[AttendanceRecord, ...]:
    days = listed if isinstance(listed, Unavailable) else rows(MissedDay, listed)
    response = read(Events, {"response": list(events)}).response
    return attendance(response, days, MONDAY, SUNDAY, MOSCOW)


def _only(events: Sequence[Json], listed: Sequence[Json] | Unavailable = ()) -> AttendanceRecord:
    (record,) = _records(events, listed)
    return record


def _day(*lessons: Json, **more: object) -> Json:
    return {"date": "2026-09-14", "lessons": list(lessons), **more}


def test_a_missed_lesson_with_all_that_is_said_of_it() -> None:
    """The timetable says that it was missed, the list why, by whose word and in which words."""
    listed = [_day({**ROW, "notified": True, "reason_id": 6}, notified=True, description=" Приём у врача ")]
    assert _only([MISSED], listed) == AttendanceRecord(
        id="absence-101",
        date=MONDAY,
        lesson_id="101",
        subject=Subject(id="56", name="Алгебра"),
        kind="absent",
        display="Н",
        excused=True,
        counted=True,
        reason=AbsenceReason(code="6", title="Заявление родителей"),
        noted_by="parent",
        comment="Приём у врача",
    )


@pytest.mark.parametrize(
    ("day", "row", "noted_by", "comment"),
    [
        ({"notified": True, "description": "Едем"}, {}, "parent", "Едем"),
        ({"notified": True, "description": "Едем"}, {"notified": True}, "parent", "Едем"),
        ({"notified": True, "description": "Едем"}, {"description": "Своё"}, "parent", "Своё"),
        ({"is_system": True, "description": "Справка"}, {}, "system", "Справка"),
        ({"description": "Не про этот урок"}, {}, "unknown", None),
        ({}, {"description": "Ушёл"}, "unknown", "Ушёл"),
    ],
)
def test_who_said_so(day: Json, row: Json, noted_by: str, comment: str | None) -> None:
    """A notice of the day is said of each of its lessons, unless some of them have notices of their own."""
    record = _only([MISSED], [_day({**ROW, **row}, **day)])
    assert (record.noted_by, record.comment) == (noted_by, comment)


def test_a_notice_of_one_lesson_says_nothing_of_another() -> None:
    """A day whose notice is for its second lesson: the first was missed without a word."""
    second = {**MISSED, "id": 102, "start_at": "2026-09-14T09:30:00+03:00", "finish_at": None}
    listed = [
        _day(ROW, {**ROW, "schedule_item_id": 102, "notified": True}, notified=True, description="К врачу")
    ]
    found = {record.lesson_id: record for record in _records([MISSED, second], listed)}
    assert (found["101"].noted_by, found["101"].comment) == ("unknown", None)
    assert (found["102"].noted_by, found["102"].comment) == ("parent", "К врачу")


@pytest.mark.parametrize("name", ["reason_id", "absence_reason_id"])
def test_a_reason_under_either_name(name: str) -> None:
    """Live answers and the vendor's own description differ; the timetable's own reason goes before both."""
    listed = [_day({**ROW, name: 4})]
    assert _only([MISSED], listed).reason == AbsenceReason(code="4", title="Без уведомления")
    own = _only([{**MISSED, "absence_reason_id": 1}], listed)
    assert own.reason == AbsenceReason(code="1", title="Болезнь")


def test_the_day_gives_its_reason_where_it_speaks_of_the_lesson() -> None:
    """A notice of the whole day is the reason of its lessons; the reason of a stranger's lesson is not."""
    assert _only([MISSED], [_day(ROW, notified=True, reason_id=3)]).excused is True
    assert _only([MISSED], [_day(ROW, reason_id=3)]).reason is None


def test_a_lesson_told_of_and_attended_is_no_absence() -> None:
    """A parent gave notice, and the child came after all; and a day of lessons to come."""
    assert _records([EVENT], [_day({**ROW, "notified": True}, notified=True)]) == ()
    assert _records([], [_day({**ROW, "notified": True}, notified=True)]) == ()


def test_absence_in_a_mark_cell_has_its_words_too() -> None:
    """«Н» written as a mark is an absence; the list may say more of it."""
    record = _only(
        [{**EVENT, "marks": [{**MARK, "value": "н"}]}], [_day({**ROW, "description": "Ушёл домой"})]
    )
    assert (record.noted_by, record.comment) == ("mark_cell", "Ушёл домой")


def test_without_the_list_the_words_are_what_is_missing() -> None:
    """The absence stands, and its comment says why it is not there; a list that knows nothing says none."""
    assert _only([MISSED], FAILED).comment == FAILED
    assert _only([MISSED], []).comment is None


def test_oldest_first_and_each_once() -> None:
    """As the ability promises, whatever the order on the wire; days outside the span are dropped."""
    later = {**MISSED, "id": 7, "start_at": "2026-09-15T08:30:00+03:00", "finish_at": None}
    outside = {**MISSED, "id": 8, "start_at": "2026-09-21T08:30:00+03:00", "finish_at": None}
    found = _records([later, outside, MISSED, MISSED])
    assert [record.lesson_id for record in found] == ["101", "7"]
