"""Days: tables joined by id, whatever order and gaps they come with."""

from __future__ import annotations

from datetime import date, time

import pytest
from inline_snapshot import snapshot

from diary_core.model import (
    UNSUPPORTED,
    known,
)
from diary_core.people import PersonName
from diary_dnevnik_ru import parse, wire

from .bodies import (
    HOMEWORK,
    LESSON,
    MARK,
    NO_ANSWER,
    SUNDAY,
    TUESDAY,
    attendance_of,
    homework_of,
    marks_of,
    one_day,
    one_lesson,
    one_mark,
    read,
    sample,
)


def test_the_sample_week_is_read_whole(whose: parse.Whose, beside: parse.Beside) -> None:
    """Every lesson, mark, homework and log entry of the sample stands where the paper diary has it."""
    sent = read(wire.Schedule, sample("08")).days
    days = parse.diary_days(sent, beside, whose, TUESDAY, SUNDAY)
    assert [(day.date, len(day.lessons)) for day in days] == [
        (TUESDAY, 4),
        *((date(2025, 11, number), 0) for number in range(19, 24)),
    ]
    assert {day.zone for day in days} == {"Europe/Moscow"}
    shown = [
        (
            lesson.slot,
            lesson.actual and lesson.actual.subject.name,
            lesson.topic,
            lesson.control,
            [mark.display for mark in marks_of(lesson)],
            [task.text for task in homework_of(lesson)],
            known(lesson.attendance) and attendance_of(lesson).display,
        )
        for lesson in days[0].lessons
    ]
    assert shown == snapshot(
        [
            (1, "Математика", "Сложение и вычитание десятичных дробей", False, ["4"], [], "О"),
            (
                2,
                "Русский язык",
                "Контрольный диктант по теме «Имя существительное»",
                True,
                ["3", "5-"],
                ["Повторить § 21–23, выучить словарные слова"],
                None,
            ),
            (3, "Иностранный язык (английский)", None, False, [], ["Workbook, p. 34, ex. 2"], None),
            (4, "Физическая культура", "Баскетбол: ведение мяча", False, [], [], "Н"),
        ]
    )


def test_a_lesson_of_the_sample_in_every_field(whose: parse.Whose, beside: parse.Beside) -> None:
    """One lesson with its marks and homework, field by field, gaps included."""
    sent = read(wire.Schedule, sample("08")).days
    (day,) = parse.diary_days(sent, beside, whose, TUESDAY, TUESDAY)
    assert day.lessons[1].model_dump(mode="json") == snapshot(
        {
            "id": "1990000000000003002",
            "date": "2025-11-18",
            "slot": 2,
            "kind": "lesson",
            "planned": {"state": "unavailable", "reason": "unsupported"},
            "actual": {
                "subject": {"id": "1990000000000001002", "name": "Русский язык"},
                "starts": "09:20:00",
                "ends": "10:00:00",
                "room": "каб. 107",
                "teachers": [
                    {
                        "id": "1000990001102",
                        "name": {"last": "Тестова", "first": "Ольга", "middle": "Юрьевна"},
                        "subjects": {"state": "not_loaded"},
                        "position": {"state": "not_loaded"},
                    }
                ],
            },
            "change": {"state": "unavailable", "reason": "unsupported"},
            "topic": "Контрольный диктант по теме «Имя существительное»",
            "control": True,
            "remote": {"state": "unavailable", "reason": "unsupported"},
            "homework": [
                {
                    "id": "1990000000000004005",
                    "subject": {"id": "1990000000000001002", "name": "Русский язык"},
                    "assigned_on": "2025-11-14",
                    "due_on": "2025-11-18",
                    "text": "Повторить § 21–23, выучить словарные слова",
                    "scope": "class",
                    "required": {"state": "unavailable", "reason": "unsupported"},
                    "done": {"state": "unavailable", "reason": "unsupported"},
                    "minutes": {"state": "unavailable", "reason": "unsupported"},
                    "attachments": [],
                    "edited_at": {"state": "unavailable", "reason": "unsupported"},
                    "lesson_id": "1990000000000003002",
                }
            ],
            "marks": [
                {
                    "id": "1990000000000005002",
                    "subject": {"id": "1990000000000001002", "name": "Русский язык"},
                    "date": "2025-11-18",
                    "display": "3",
                    "value": "3",
                    "modifier": None,
                    "parts": [],
                    "status": "graded",
                    "scale": {"kind": "five", "raw": None},
                    "counts": True,
                    "weight": "3",
                    "form": "Контрольная работа",
                    "important": True,
                    "comment": {"state": "unavailable", "reason": "unsupported"},
                    "due_on": None,
                    "lesson_id": "1990000000000003002",
                    "entered_at": "2025-11-18T14:30:05.201000+03:00",
                    "edited_at": {"state": "unavailable", "reason": "unsupported"},
                    "teacher": {
                        "id": "1000990001102",
                        "name": {"last": "Тестова", "first": "Ольга", "middle": "Юрьевна"},
                        "subjects": {"state": "not_loaded"},
                        "position": {"state": "not_loaded"},
                    },
                    "history": {"state": "unavailable", "reason": "unsupported"},
                },
                {
                    "id": "1990000000000005003",
                    "subject": {"id": "1990000000000001002", "name": "Русский язык"},
                    "date": "2025-11-18",
                    "display": "5-",
                    "value": "5",
                    "modifier": "-",
                    "parts": [],
                    "status": "graded",
                    "scale": {"kind": "five", "raw": None},
                    "counts": True,
                    "weight": "3",
                    "form": "Контрольная работа",
                    "important": True,
                    "comment": {"state": "unavailable", "reason": "unsupported"},
                    "due_on": None,
                    "lesson_id": "1990000000000003002",
                    "entered_at": "2025-11-18T14:30:05.318000+03:00",
                    "edited_at": {"state": "unavailable", "reason": "unsupported"},
                    "teacher": {
                        "id": "1000990001102",
                        "name": {"last": "Тестова", "first": "Ольга", "middle": "Юрьевна"},
                        "subjects": {"state": "not_loaded"},
                        "position": {"state": "not_loaded"},
                    },
                    "history": {"state": "unavailable", "reason": "unsupported"},
                },
            ],
            "attendance": None,
            "remark": None,
        }
    )


def test_what_the_system_has_not_is_unsupported(whose: parse.Whose) -> None:
    """A gap of the system is told as such, never as an empty value."""
    lesson = one_lesson(whose, marks=[MARK], homeworks=[HOMEWORK])
    (mark,), (task,) = marks_of(lesson), homework_of(lesson)
    assert (lesson.planned, lesson.change, lesson.remote) == (UNSUPPORTED,) * 3
    assert (mark.comment, mark.edited_at, mark.history) == (UNSUPPORTED,) * 3
    assert (task.required, task.done, task.minutes, task.edited_at) == (UNSUPPORTED,) * 4


def test_days_left_out_are_empty_days(whose: parse.Whose) -> None:
    """The span is always whole, whatever the diary sends, and nothing beyond it is shown."""
    sent = read(wire.Schedule, {"days": [{"date": "2025-11-30T00:00:00", "lessons": [LESSON]}]}).days
    days = parse.diary_days(sent, parse.Beside(), whose, date(2025, 11, 17), SUNDAY)
    assert [day.date for day in days] == [date(2025, 11, number) for number in range(17, 24)]
    assert [day.lessons for day in days] == [()] * 7


@pytest.mark.parametrize("empty", [[], {}, {"days": []}, {"days": None}])
def test_every_form_of_an_empty_schedule_is_empty(empty: object) -> None:
    """An empty answer comes as a list, as an object, with or without its table."""
    assert read(wire.Schedule, empty).days == ()


def test_a_bare_list_of_days_is_a_schedule() -> None:
    """One typed client gets a bare list where the documentation has an object."""
    whole = sample("08")
    assert isinstance(whole, dict)
    assert read(wire.Schedule, whole["days"]) == read(wire.Schedule, whole)


def test_lessons_come_unsorted_and_twice(whose: parse.Whose) -> None:
    """A lesson sent twice is one lesson, and the day goes by the clock."""
    third = {**LESSON, "id": 13, "number": 3, "hours": "10:20 - 11:00"}
    second = {**LESSON, "id": 12, "number": 2, "hours": "9:20-10:00"}
    day = one_day(whose, lessons=[third, second, LESSON, third])
    assert [lesson.id for lesson in day.lessons] == ["11", "12", "13"]


@pytest.mark.parametrize("hours", [None, "", "перемена", "25:00 - 26:00", "10:00 - 09:00", 830])
def test_hours_that_are_none_leave_a_lesson_without_times(hours: object, whose: parse.Whose) -> None:
    """A lesson whose hours cannot be read is still a lesson."""
    half = one_lesson(whose, lessons=[{**LESSON, "hours": hours}]).actual
    assert half is not None
    assert (half.starts, half.ends) == (None, None)


def test_hours_are_wall_times(whose: parse.Whose) -> None:
    """Hours are local and stay so."""
    half = one_lesson(whose).actual
    assert half is not None
    assert (half.starts, half.ends) == (time(8, 30), time(9, 10))


def test_a_subject_may_be_missing_from_its_day(whose: parse.Whose) -> None:
    """The name then comes from another day or call, else the id is kept and a dash is shown."""
    assert one_mark(whose, {}).subject.model_dump() == {"id": "7", "name": "—"}
    named = parse.Beside(names={"7": "Алгебра"})
    half = one_lesson(whose, named).actual
    assert half is not None
    assert half.subject.name == "Алгебра"


def test_a_missing_name_is_noticed() -> None:
    """The diary is asked for names only when one is found nowhere."""
    sent = read(wire.Schedule, [{"date": "2025-11-18T00:00:00", "lessons": [LESSON]}]).days
    assert parse.unnamed(sent, {})
    assert not parse.unnamed(sent, {"7": "Алгебра"})


def test_teachers_are_joined_and_an_unknown_one_is_a_gap(whose: parse.Whose) -> None:
    """A teacher without account is a teacher; ids that lead nowhere are an upstream's fault, not "nobody"."""
    people = [
        {"person": {"id": 5, "userId": None, "firstName": "Ирина", "lastName": "Лунина"}, "role": "Алгебра"},
        {"person": {"id": 6, "shortName": "Олег М."}, "role": None},
    ]
    lessons = [
        {**LESSON, "teachers": [5, 6]},
        {**LESSON, "id": 12, "hours": None, "teachers": [99]},
        {**LESSON, "id": 13, "hours": None, "teachers": None},
    ]
    halves = [lesson.actual for lesson in one_day(whose, lessons=lessons, teachers=people).lessons]
    unknown, nobody, both = (half.teachers for half in halves if half)
    assert (unknown, nobody) == (NO_ANSWER, ())
    assert isinstance(both, tuple)
    assert [teacher.name for teacher in both] == [
        PersonName(last="Лунина", first="Ирина"),
        PersonName(last="М.", first="Олег"),
    ]


def test_an_important_work_makes_a_control_lesson(whose: parse.Whose) -> None:
    """A control work is known by its own flag or by its kind's; an ordinary work makes no control."""
    work = {"id": 21, "lesson": 11, "workType": 51}
    kinds = [{"id": 51, "name": "Контрольная работа", "isImportant": True}]
    assert one_lesson(whose, works=[{**work, "isImportant": True}]).control is True
    assert one_lesson(whose, works=[work], workTypes=kinds).control is True
    assert one_lesson(whose, works=[{**work, "isImportant": False}]).control is False
