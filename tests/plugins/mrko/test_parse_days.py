"""The week: five small answers in, days out."""

from __future__ import annotations

from datetime import date, datetime, time

import httpx2
import pytest
from inline_snapshot import snapshot

from diary_core.errors import RegionChanged
from diary_core.http import read
from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    AbsenceReason,
    AttendanceRecord,
    DayException,
    Homework,
    Lesson,
    Mark,
    Missing,
    Reason,
    Subject,
    known,
)
from diary_mrko.parse.days import WeekParts
from diary_mrko.wire.lessons import Events

from .bodies import (
    EVENT,
    FAILED,
    HOMEWORK,
    LISTED_MARK,
    MARK,
    MONDAY,
    MOSCOW,
    SUNDAY,
    only_lesson,
    parts,
    payload,
    sample,
    week,
)


def _lesson(**changes: object) -> Lesson:
    return only_lesson(parts([{**EVENT, **changes}]))


def _only_mark(lesson: Lesson) -> Mark:
    marks = known(lesson.marks)
    assert marks is not None
    (mark,) = marks
    return mark


def _only_task(lesson: Lesson) -> Homework:
    tasks = known(lesson.homework)
    assert tasks is not None
    (task,) = tasks
    return task


def _sample_week() -> WeekParts:
    body = sample("eventcalendar_events")
    assert isinstance(body, dict)
    return parts(
        body["response"],  # pyright: ignore[reportArgumentType]  JSON
        homework=payload("homeworks"),  # pyright: ignore[reportArgumentType]  JSON
        marks=payload("marks"),  # pyright: ignore[reportArgumentType]  JSON
        timetable=payload("schedule_short"),  # pyright: ignore[reportArgumentType]  JSON
        calendar=sample("periods_schedules"),  # pyright: ignore[reportArgumentType]  JSON
    )


def test_the_sample_week_reads_as_a_diary() -> None:
    """The sample answers join into the lessons a parent sees."""
    monday, tuesday, *_, saturday, sunday = week(_sample_week())
    assert [
        (
            lesson.id,
            lesson.kind,
            lesson.change,
            lesson.topic,
            [task.id for task in known(lesson.homework) or ()],
            [mark.display for mark in known(lesson.marks) or ()],
        )
        for lesson in monday.lessons
    ] == snapshot(
        [
            (
                "990100101",
                "lesson",
                "none",
                "Степень с натуральным показателем",
                ["1435000301"],
                ["4"],
            ),
            ("990100102", "lesson", "none", "Причастие как часть речи", [], []),
            ("990100103", "lesson", "replaced", "Unit 1", ["1435000302"], ["2"]),
            ("EC-990100104", "extracurricular", "none", None, [], []),
            ("AE-990100105", "additional", "none", None, [], []),
        ]
    )
    assert [task.id for task in known(tuesday.homework) or ()] == ["1435000303"]
    assert saturday.exception == DayException(date=date(2026, 9, 19), kind="day_off", title="Выходной")
    assert sunday.lessons == ()


def test_every_day_of_the_span_stands_there() -> None:
    """Also the empty ones, and city events are no lessons."""
    found = week(parts([{**EVENT, "source": "EVENTS", "subject_name": None, "title": "Экскурсия"}]))
    assert [day.date.day for day in found] == list(range(14, 21))
    assert [day.lessons for day in found if day.lessons] == []


def test_a_lesson_says_when_and_where_it_is() -> None:
    """Wall times of the school, its room by number, else by name."""
    half = _lesson(room_number="204", room_name="Математика").actual
    assert half is not None
    assert (half.starts, half.ends, half.room) == (time(8, 30), time(9, 15), "204")
    unnumbered = _lesson(room_name="Актовый зал").actual
    assert unnumbered is not None
    assert unnumbered.room == "Актовый зал"


@pytest.mark.parametrize(
    "starts", ["2026-09-14T08:30:00+03:00", "2026-09-14T05:30:00Z", "2026-09-14T08:30:00", 1789363800]
)
def test_a_time_is_moscow_however_it_is_written(starts: object) -> None:
    """Offsets, UTC, epoch seconds and naive local time mean the same lesson."""
    half = _lesson(start_at=starts).actual
    assert half is not None
    assert half.starts == time(8, 30)


def test_a_day_is_never_cut_from_an_utc_instant() -> None:
    """Late evening in UTC is the next school day."""
    lesson = _lesson(start_at="2026-09-14T21:30:00Z", finish_at="2026-09-14T22:15:00Z")
    assert (lesson.date, lesson.actual and lesson.actual.starts) == (date(2026, 9, 15), time(0, 30))


def test_a_cancelled_lesson_keeps_its_plan_only() -> None:
    """It was planned and is not."""
    lesson = _lesson(cancelled=True)
    assert (lesson.change, lesson.actual) == ("cancelled", None)
    assert known(lesson.planned) is not None


def test_what_a_replacement_replaced_is_not_on_the_wire() -> None:
    """The event shows the lesson that is; the plan behind it is told nowhere."""
    lesson = _lesson(replaced=True, replaced_teacher_id=66)
    assert (lesson.change, lesson.planned) == ("replaced", UNSUPPORTED)


def test_subject_zero_is_no_id() -> None:
    """Extra-curricular talks share the subject 0; two of them are not one subject."""
    lesson = _lesson(source="EC", subject_id=0, subject_name="Разговоры о важном")
    assert lesson.actual is not None
    assert lesson.actual.subject.id is None


def test_number_teacher_and_remark_are_not_loaded() -> None:
    """They stand in calls of their own; the week says so and invents none."""
    lesson = _lesson()
    assert lesson.actual is not None
    assert [lesson.slot, lesson.remark, lesson.actual.teachers] == [NOT_LOADED] * 3


@pytest.mark.parametrize(
    ("written", "control"), [("THEMATIC_TEST", True), ("MODULE_TEST", True), ("LAB", False), (None, False)]
)
def test_a_test_is_a_control_work(written: str | None, control: bool) -> None:
    """Thematic and module tests are control works, laboratories are not."""
    assert _lesson(course_lesson_type=written).control is control


def test_a_lesson_with_a_link_is_remote() -> None:
    """A link to join says so; no word at all says nothing."""
    assert _lesson(link_to_join="https://example.test/join").remote is True
    assert _lesson(lesson_type="REMOTE").remote is True
    assert _lesson(lesson_type="NORMAL").remote is False
    assert _lesson(lesson_type=None).remote == NOT_LOADED


def test_a_missed_lesson_has_its_reason() -> None:
    """The reason's code stays, its title is the diary's own, and it tells excused from not."""
    assert _lesson(is_missed_lesson=True, nonattendance_reason_id=6).attendance == AttendanceRecord(
        id="absence-101",
        date=MONDAY,
        lesson_id="101",
        subject=Subject(id="56", name="Алгебра"),
        kind="absent",
        display="Н",
        excused=True,
        counted=True,
        reason=AbsenceReason(code="6", title="Заявление родителей"),
        noted_by="unknown",
    )


@pytest.mark.parametrize(("reason", "excused"), [(4, False), (8, False), (1, True), (None, None)])
def test_only_two_reasons_are_unexcused(reason: int | None, excused: bool | None) -> None:
    """«Без уведомления» and «неизвестна» are not excused; no reason says nothing."""
    record = known(_lesson(is_missed_lesson=True, absence_reason_id=reason).attendance)
    assert record is not None
    assert record.excused is excused


def test_an_unknown_reason_is_kept_raw() -> None:
    """A code the official list lacks stays a code."""
    record = known(_lesson(is_missed_lesson=True, absence_reason_id=77).attendance)
    assert record is not None
    assert record.reason == AbsenceReason(code="77", title="77")


def test_a_notice_of_absence_is_no_absence() -> None:
    """A reason on a lesson that nobody calls missed is what a parent said in advance."""
    assert _lesson(is_missed_lesson=False, absence_reason_id=3).attendance is None


def test_absence_in_a_mark_cell_is_absence_too() -> None:
    """«Н» written as a mark is shown as one and counts as a missed lesson."""
    lesson = _lesson(marks=[{**MARK, "value": "Н"}])
    record = known(lesson.attendance)
    assert record is not None
    assert (record.noted_by, [mark.display for mark in known(lesson.marks) or ()]) == ("mark_cell", ["Н"])


def test_times_of_a_mark_come_from_the_flat_list() -> None:
    """A lesson's mark is the list's mark: the same id, with its time of entry."""
    lesson = only_lesson(parts([{**EVENT, "marks": [MARK]}], marks=[LISTED_MARK]))
    mark = _only_mark(lesson)
    assert (mark.id, mark.lesson_id, mark.entered_at) == (
        "201",
        "101",
        datetime(2026, 9, 14, 15, tzinfo=MOSCOW),
    )


def test_homework_goes_to_the_lesson_that_names_its_entry() -> None:
    """With two lessons of one group on a day the entry decides, and brings its minutes."""
    later = {
        **EVENT,
        "id": 102,
        "start_at": "2026-09-14T10:30:00+03:00",
        "finish_at": "2026-09-14T11:15:00+03:00",
        "homework": {"descriptions": ["§ 3"], "entries": [{"homework_entry_id": 401, "duration": 30}]},
    }
    first, second = week(parts([EVENT, later], homework=[HOMEWORK]))[0].lessons
    assert first.homework == ()
    task = _only_task(second)
    assert (task.id, task.lesson_id, task.minutes) == ("301", "102", 30)


@pytest.mark.parametrize("hour", ["10:30:00", "11:15:00"])
def test_without_entries_the_hour_decides(hour: str) -> None:
    """The list has the beginning or the end of the lesson; both point at the right one."""
    later = {
        **EVENT,
        "id": 102,
        "start_at": "2026-09-14T10:30:00+03:00",
        "finish_at": "2026-09-14T11:15:00+03:00",
    }
    given = parts([EVENT, later], homework=[{**HOMEWORK, "lesson_date_time": f"2026-09-14T{hour}"}])
    assert [len(known(lesson.homework) or ()) for lesson in week(given)[0].lessons] == [0, 1]


def test_homework_without_a_lesson_stays_on_its_day() -> None:
    """What no lesson of the day claims is not lost."""
    found = week(parts([EVENT], homework=[{**HOMEWORK, "date": "2026-09-16"}]))
    assert [[task.id for task in known(day.homework) or ()] for day in found[:3]] == [[], [], ["301"]]


def test_a_lesson_tells_homework_that_the_list_lacks() -> None:
    """A description without its item is shown, with what is known of it, and never twice."""
    told = {**EVENT, "homework": {"descriptions": ["§ 3, № 112", "Принести атлас", "Не задано"]}}
    tasks = known(only_lesson(parts([told], homework=[HOMEWORK])).homework) or ()
    assert [(task.id, task.text, task.done) for task in tasks] == [
        ("101-homework-2", "Принести атлас", NOT_LOADED),
        ("301", "§ 3, № 112", False),
    ]


def test_the_week_outlives_every_side_call() -> None:
    """Without the four side calls lessons, homework texts and marks are there, and the rest says why not."""
    event = {
        **EVENT,
        "marks": [MARK],
        "homework": {
            "descriptions": ["§ 3"],
            "entries": [{"homework_entry_id": 401, "description": "§ 3", "duration": 20}],
        },
    }
    given = parts([event], homework=FAILED, marks=FAILED, timetable=FAILED, calendar=FAILED)
    lesson = only_lesson(given)
    task, mark = _only_task(lesson), _only_mark(lesson)
    assert (task.text, task.minutes, task.done, task.attachments) == ("§ 3", 20, FAILED, FAILED)
    assert (mark.display, mark.entered_at) == ("5", FAILED)
    assert (lesson.topic, week(given)[0].exception) == (FAILED, FAILED)
    assert given.missing() == tuple(
        Missing(what=what, reason=Reason.UPSTREAM_ERROR)
        for what in ("lessons.homework", "lessons.marks.entered_at", "lessons.topic", "exception")
    )


@pytest.mark.parametrize(
    ("errors", "missing"),
    [
        (None, []),
        ({}, []),
        ([], []),
        ({"AFISHA": [{"error_description": "source timeout"}]}, ["source:AFISHA"]),
        ([{"error_description": "source timeout"}], ["source:UNKNOWN"]),
    ],
)
def test_failed_sources_are_named(errors: object, missing: list[str]) -> None:
    """The calendar says which of its sources failed; the answer says so too."""
    assert [part.what for part in parts([EVENT], errors=errors).missing()] == missing


@pytest.mark.parametrize(("body", "events"), [({"response": None}, 0), ({"response": []}, 0), ({}, None)])
def test_a_calendar_without_its_list_is_no_empty_week(body: object, events: int | None) -> None:
    """No events is what an empty list or null says; an object that says nothing is a changed region."""
    response = httpx2.Response(200, json=body)
    if events is None:
        with pytest.raises(RegionChanged) as caught:
            read(response, Events)
        assert caught.value.field == "response"
    else:
        assert len(read(response, Events).response) == events


@pytest.mark.parametrize(
    ("kind", "title", "expected"),
    [
        ("vacation", "Каникулы", "vacation"),
        ("holiday", "День народного единства", "holiday"),
        ("holiday", "Выходной", "day_off"),
        ("quarantine", "Карантин", "other"),
    ],
)
def test_a_day_says_why_it_is_not_ordinary(kind: str, title: str, expected: str) -> None:
    """Vacations, holidays and plain days off are told apart; an unknown kind stays `other`."""
    exception = known(
        week(parts(calendar=[{"date": "2026-09-14", "type": kind, "title": title}]))[0].exception
    )
    assert exception is not None
    assert (exception.kind, exception.title) == (expected, title)


def test_a_working_day_is_ordinary() -> None:
    """The diary calls it by its term; that is no exception."""
    given = parts(calendar=[{"date": "2026-09-14", "type": "workday", "title": "1 триместр"}])
    assert week(given)[0].exception is None


def test_a_lesson_without_a_name_is_not_passed_over() -> None:
    """Its name is indispensable, and the error says where it was."""
    with pytest.raises(RegionChanged) as caught:
        _lesson(subject_name=None)
    assert caught.value.field == "response.[].subject_name"


def test_a_single_day_is_a_span() -> None:
    """Lessons of other days stay out."""
    tomorrow = {
        **EVENT,
        "id": 102,
        "start_at": "2026-09-15T08:30:00+03:00",
        "finish_at": "2026-09-15T09:15:00+03:00",
    }
    (day,) = week(parts([EVENT, tomorrow]), MONDAY, MONDAY)
    assert [lesson.id for lesson in day.lessons] == ["101"]
    assert len(week(parts([EVENT, tomorrow]), MONDAY, SUNDAY)) == 7
