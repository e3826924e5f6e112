"""Homework: what must be ready, with files, fillers left out."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from inline_snapshot import snapshot

from diary_dnevnik_ru import parse, wire

from .bodies import (
    FORBIDDEN,
    HOMEWORK,
    NO_ANSWER,
    SUNDAY,
    TUESDAY,
    Json,
    homework_of,
    one_lesson,
    read,
    sample,
    some_homework,
)


def test_homework_of_the_sample(whose: parse.Whose) -> None:
    """Text, days, scope and files, as the call for homework brings them."""
    found = parse.due_homework([read(wire.Homeworks, sample("10"))], whose, TUESDAY, SUNDAY)
    assert [task.model_dump(mode="json") for task in found] == snapshot(
        [
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
            },
            {
                "id": "1990000000000004004",
                "subject": {"id": "1990000000000001004", "name": "Иностранный язык (английский)"},
                "assigned_on": "2025-11-13",
                "due_on": "2025-11-18",
                "text": "Workbook, p. 34, ex. 2",
                "scope": "group",
                "required": {"state": "unavailable", "reason": "unsupported"},
                "done": {"state": "unavailable", "reason": "unsupported"},
                "minutes": {"state": "unavailable", "reason": "unsupported"},
                "attachments": [
                    {
                        "id": "1990000000000007001",
                        "name": "Worksheet unit 4.pdf",
                        "kind": "file",
                        "media_type": "application/pdf",
                        "size_bytes": 184320,
                    }
                ],
                "edited_at": {"state": "unavailable", "reason": "unsupported"},
                "lesson_id": "1990000000000003003",
            },
        ]
    )


def test_homework_is_the_same_in_the_week_and_in_the_list(whose: parse.Whose, beside: parse.Beside) -> None:
    """Two calls tell of one homework in one way."""
    (day,) = parse.diary_days(read(wire.Schedule, sample("08")).days, beside, whose, TUESDAY, TUESDAY)
    in_week = tuple(task for lesson in day.lessons for task in homework_of(lesson))
    assert parse.due_homework([read(wire.Homeworks, sample("10"))], whose, TUESDAY, SUNDAY) == in_week


@pytest.mark.parametrize("text", [None, "", "  ", "-", ".", "нет", "не задано"])
def test_a_filler_is_no_homework(text: str | None, whose: parse.Whose) -> None:
    """Teachers fill the cell with nothing in many ways; with a file it is homework all the same."""
    assert some_homework(whose, {"text": text}) == ()
    (task,) = some_homework(whose, {"text": text, "files": [61]})
    assert task.text == ""


def test_a_work_without_text_is_no_homework(whose: parse.Whose) -> None:
    """The column that comes with every lesson says nothing."""
    work = {"id": 42, "type": "DefaultNewLessonWork", "lesson": 11, "text": ""}
    assert homework_of(one_lesson(whose, works=[work], homeworks=[{**work, "type": "Homework"}])) == ()


def test_homework_of_a_subgroup_is_for_a_group(whose: parse.Whose) -> None:
    """Who else got it is told by the group it was given to."""
    (own,) = some_homework(whose, {"eduGroup": int(whose.seat.group)})
    (part,) = some_homework(whose, {"eduGroup": 1990000000000000502})
    assert (own.scope, part.scope) == ("class", "group")


def test_the_day_of_assignment_is_the_schools_own(whose: parse.Whose) -> None:
    """An evening in UTC is the next day in Vladivostok; the day is never cut out of the instant."""
    sent: Json = {"sentDate": "2025-11-14T17:41:07.123456"}
    (west,) = some_homework(whose, sent)
    (east,) = some_homework(whose._replace(zone=ZoneInfo("Asia/Vladivostok")), sent)
    assert (west.assigned_on, east.assigned_on) == (date(2025, 11, 14), date(2025, 11, 15))


def test_an_assignment_after_its_day_is_a_gap(whose: parse.Whose) -> None:
    """What was sent after the lesson was not assigned then."""
    (task,) = some_homework(whose, {"sentDate": "2025-11-20T09:00:00"})
    assert task.assigned_on == NO_ANSWER


def test_files_need_the_call_for_homework(whose: parse.Whose) -> None:
    """Days carry file ids only: a failed call is a gap with its reason, no files are no gap."""
    with_file, without = {"id": 41, "files": [1990000000000007001]}, {"id": 42, "files": None}
    works = [{**HOMEWORK, **with_file}, {**HOMEWORK, **without}]
    told = parse.Beside(files=parse.Files.read([read(wire.Homeworks, sample("10"))]))
    failed = parse.Beside(files=parse.Files.read([FORBIDDEN]))
    dangling = parse.Beside(files=parse.Files.read([read(wire.Homeworks, [])]))
    first, second = homework_of(one_lesson(whose, told, homeworks=works))
    assert isinstance(first.attachments, tuple)
    assert [(file.name, file.media_type, file.size_bytes) for file in first.attachments] == [
        ("Worksheet unit 4.pdf", "application/pdf", 184320)
    ]
    assert second.attachments == ()
    for beside, gap in ((failed, FORBIDDEN), (dangling, NO_ANSWER)):
        first, second = homework_of(one_lesson(whose, beside, homeworks=works))
        assert (first.attachments, second.attachments) == (gap, ())
