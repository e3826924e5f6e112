"""Small bodies of the wire, and reading them as the client does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import JsonValue, TypeAdapter

from diary_core.model import Day, Lesson, Reason, Unavailable
from diary_mrko.parse.days import WeekParts, days
from diary_mrko.wire.homework import Homework
from diary_mrko.wire.lessons import Events, ShortDay
from diary_mrko.wire.marks import ListedMark
from diary_mrko.wire.values import Listed
from diary_mrko.wire.year import CalendarDay

Json = dict[str, object]
ShapeT = TypeVar("ShapeT")

DATA: Final = Path(__file__).parents[2] / "samples" / "mesh"
MOSCOW: Final = ZoneInfo("Europe/Moscow")
MONDAY: Final = date(2026, 9, 14)
SUNDAY: Final = date(2026, 9, 20)
FAILED: Final = Unavailable(reason=Reason.UPSTREAM_ERROR)

EVENT: Final[Json] = {
    "id": 101,
    "source": "PLAN",
    "start_at": "2026-09-14T08:30:00+03:00",
    "finish_at": "2026-09-14T09:15:00+03:00",
    "subject_id": 56,
    "subject_name": "Алгебра",
    "group_id": 88,
}
MARK: Final[Json] = {
    "id": 201,
    "value": "5",
    "weight": 1,
    "original_grade_system_type": "five",
    "control_form_name": "Устный ответ",
}
LISTED_MARK: Final[Json] = {
    **MARK,
    "date": "2026-09-14",
    "subject_id": 56,
    "subject_name": "Алгебра",
    "created_at": "2026-09-14T15:00:00",
    "updated_at": "2026-09-14T15:00:00",
}
SIGNED: Final[dict[str, JsonValue]] = {
    "parent_profile_id": 7100001,
    "student_profile_id": 32,
    "week": "2026-09-14",
    "created_at": "2026-09-20T19:30:00",
}
PLAN: Final[dict[str, JsonValue]] = {
    "title": "Учебный план 10 класса",
    "short_name": "УП-10",
    "hours": 1190,
    "comments": None,
    "specialization": "",
    "study_profile": "Технологический",
    "education_level": "СОО",
    "education_form": "Очная",
    "days_in_week": 6,
    "is_adapted": False,
    "sections": [
        {
            "knowledge_field_name": "Математика и информатика",
            "subjects": [
                {
                    "subject_id": 56,
                    "subject_name": "Алгебра",
                    "total_hours": 136,
                    "passed_hours": 7,
                    "max_hours_per_week": 4,
                    "min_hours_per_week": 4,
                }
            ],
        }
    ],
}
MODULE: Final[dict[str, JsonValue]] = {
    "id": 4401,
    "name": "Степени",
    "subject_id": 56,
    "start_date": [2026, 9, 1],
    "end_date": [2026, 10, 4],
}
RANKED: Final[dict[str, JsonValue]] = {
    "personId": "0000000a-0000-4000-8000-00000000001b",
    "rank": {"averageMarkFive": 4.12, "rankPlace": 2, "rankStatus": "stable", "trend": "stable"},
    "previousRank": {"averageMarkFive": 4.1, "rankPlace": 2},
    "imageId": 12,
}
RANKED_IN: Final[dict[str, JsonValue]] = {
    "subjectId": 56,
    "subjectName": "Алгебра",
    "rank": RANKED["rank"],
}
HOMEWORK: Final[Json] = {
    "homework_entry_student_id": 301,
    "homework_entry_id": 401,
    "description": "§ 3, № 112",
    "homework": "§ 3, № 112",
    "subject_id": 56,
    "subject_name": "Алгебра",
    "group_id": 88,
    "date": "2026-09-14",
    "date_assigned_on": "2026-09-11",
    "homework_created_at": "2026-09-11T13:40:00",
    "homework_updated_at": "2026-09-11T13:40:00",
    "is_done": False,
}
ROW: Final = (
    '<div class="b-dl-table__list"><div class="b-dl-td_column"><span>{}</span></div>'
    '<div class="b-dl-td_column"><span>{}</span></div>'
    '<div class="b-dl-td_column"><div class="b-dl-td-hw-section"><span>{}</span></div></div>'
    '<div class="b-dl-td_column"><span>{}</span></div><div class="b-dl-td_column"><span>{}</span></div></div>'
)
_ANYTHING: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
MEETING: Final[dict[str, JsonValue]] = {
    "id": 7,
    "source": "ORGANIZER",
    "title": "Родительское собрание 7-Б",
    "description": "<p>Повестка:</p><ul><li>итоги</li><li>разное</li></ul>",
    "start_at": "2026-09-17T15:00:00Z",
    "finish_at": "2026-09-17T16:30:00Z",
    "place": "Кабинет 12",
    "address": "Учебная ул., 1",
    "author_name": "Кленова Ирина Сергеевна",
    "url": "https://example.test/event/7",
}
SCHOOLS_OWN: Final[dict[str, JsonValue]] = {
    "title": "Родительское собрание 7-Б",
    "description": "Повестка: итоги сентября",
    "date": "2026-09-17",
    "date_end": None,
    "address": "Учебная ул., 1",
    "building_name": "Корпус 1",
}
LISTED: Final[dict[str, JsonValue]] = {
    "id": 5,
    "name": "Сбор  макулатуры",
    "published_at": "2026-09-15T21:30:00Z",
    "updated_at": "2026-09-15T21:30:00Z",
    "channel": {"id": 1, "name": "Школа № 9999", "logo": "https://example.test/logo"},
}
TOLD: Final[dict[str, JsonValue]] = {
    "id": 5,
    "content": [
        {"type": "IMAGE", "value": ["https://example.test/picture?token=secret"]},
        {"type": "TEXT", "value": ["<p>Во дворе</p>", ""]},
        {"type": "TEXT", "value": ["с 8 до 12"]},
    ],
}


def sample(name: str) -> JsonValue:
    """Return a sample body by the name of its file."""
    return _ANYTHING.validate_json((DATA / f"{name}.json").read_bytes())


def payload(name: str) -> JsonValue:
    """Return the list inside a sample body."""
    body = sample(name)
    assert isinstance(body, dict)
    return body["payload"]


def read(shape: type[ShapeT] | TypeAdapter[ShapeT], value: object) -> ShapeT:
    """Read a body as the client does, from its bytes."""
    adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
    return adapter.validate_json(json.dumps(value))


def rows(shape: type[ShapeT], value: object) -> tuple[ShapeT, ...]:
    """Read a body that is a list, or null."""
    adapter: TypeAdapter[tuple[ShapeT, ...]] = TypeAdapter(Listed[shape])  # pyright: ignore[reportInvalidTypeForm, reportUnknownArgumentType]  made at run time
    return read(adapter, value)


def parts(
    events: Sequence[Json] = (),
    *,
    homework: Sequence[Json] | Unavailable = (),
    marks: Sequence[Json] | Unavailable = (),
    timetable: Sequence[Json] | Unavailable = (),
    calendar: Sequence[Json] | Unavailable = (),
    errors: object = None,
) -> WeekParts:
    """Return what the five calls of a week brought."""
    return WeekParts(
        events=read(Events, {"response": list(events), "errors": errors}),
        homework=homework if isinstance(homework, Unavailable) else rows(Homework, homework),
        marks=marks if isinstance(marks, Unavailable) else rows(ListedMark, marks),
        timetable=timetable if isinstance(timetable, Unavailable) else rows(ShortDay, timetable),
        calendar=calendar if isinstance(calendar, Unavailable) else rows(CalendarDay, calendar),
    )


def week(given: WeekParts, since: date = MONDAY, until: date = SUNDAY) -> tuple[Day, ...]:
    """Return the days of a week in Moscow."""
    return days(given, since, until, MOSCOW)


def only_lesson(given: WeekParts) -> Lesson:
    """Return the one lesson of a week."""
    (lesson,) = (lesson for day in week(given) for lesson in day.lessons)
    return lesson


def page(*rows: str, on: str = "14.09") -> str:
    """Return an МРКО week page with one day."""
    return (
        '<div class="b-diary-st__body"><div class="b-diary-week__column">'
        '<div class="b-diary-week-head__title"><span>ПОНЕДЕЛЬНИК</span></div>'
        f'<span class="b-diary-date">{on}</span>'
        f'<div class="b-diary-lessons_table">{"".join(rows)}</div></div></div>'
    )
