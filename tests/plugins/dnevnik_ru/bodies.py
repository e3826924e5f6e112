"""Small bodies of the wire, and reading them as the plugin does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from pydantic import JsonValue, TypeAdapter

from diary_core.model import AttendanceRecord, Day, Homework, Lesson, Mark, Reason, Unavailable
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.enrolment_id import Seat

Json = dict[str, object]
T = TypeVar("T")

DATA: Final = Path(__file__).parents[2] / "samples" / "dnevnik"
SEAT: Final = Seat(person="1000990001011", group="1990000000000000501", school="1000990000001")
TUESDAY, SUNDAY = date(2025, 11, 18), date(2025, 11, 23)
NO_ANSWER: Final = Unavailable(reason=Reason.UPSTREAM_ERROR)
FORBIDDEN: Final = Unavailable(reason=Reason.NOT_PERMITTED)
SCHOOL: Final[Json] = {"id": 1000990000001, "name": "МБОУ СОШ № 999", "uses_weighted_avg": True}
LESSON: Final[Json] = {
    "id": 11,
    "date": "2025-11-18T00:00:00",
    "number": 1,
    "subjectId": 7,
    "hours": "08:30 - 09:10",
}
MARK: Final[Json] = {"id": 31, "textValue": "5", "lesson": 11, "person": 1000990001011, "type": "mark5"}
HOMEWORK: Final[Json] = {"id": 41, "type": "Homework", "lesson": 11, "text": "§ 5", "subjectId": 7}
POST: Final[dict[str, JsonValue]] = {
    "id": 51,
    "type": "Post",
    "eventKey": "post_51",
    "title": "Сбор макулатуры",
    "subtitle": None,
    "text": "<p>Во дворе с 8 до 12</p>",
    "createdDateTime": "2025-11-18T21:30:00+03:00",
    "isReaded": False,
    "authorImageUrl": "https://static.example.invalid/face.jpg",
    "authorFirstName": "Олег",
    "authorMiddleName": None,
    "authorLastName": "Макетов",
    "authorName": "Макетов О.",
    "files": [],
}
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_ANYTHING: TypeAdapter[object] = TypeAdapter(object)
_ROWS: TypeAdapter[list[object]] = TypeAdapter(list[object])


def sample(number: str) -> JsonValue:
    """Return a sample body by the number its file begins with."""
    (file,) = DATA.glob(f"{number}-*.json")
    return _JSON.validate_json(file.read_bytes())


def read(shape: type[T] | TypeAdapter[T], value: object) -> T:
    """Read a body as the client does, from its bytes."""
    adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
    return adapter.validate_json(_ANYTHING.dump_json(value))


def rows(shape: type[T], value: object) -> tuple[T, ...]:
    """Read a body that is a list."""
    return tuple(read(shape, row) for row in _ROWS.validate_python(value))


def one_day(whose: parse.Whose, beside: parse.Beside | None = None, /, **tables: object) -> Day:
    """Return a Tuesday with the given tables, and one lesson unless others are given."""
    day: Json = {"date": "2025-11-18T00:00:00", "lessons": [LESSON], **tables}
    sent = read(wire.Schedule, {"days": [day]}).days
    (found,) = parse.diary_days(sent, beside or parse.Beside(), whose, TUESDAY, TUESDAY)
    return found


def one_lesson(whose: parse.Whose, beside: parse.Beside | None = None, /, **tables: object) -> Lesson:
    """Return the only lesson of a day with the given tables."""
    (lesson,) = one_day(whose, beside, **tables).lessons
    return lesson


def one_mark(whose: parse.Whose, changes: Json) -> Mark:
    """Return the only mark of a lesson, changed so."""
    (found,) = marks_of(one_lesson(whose, marks=[{**MARK, **changes}]))
    return found


def some_homework(whose: parse.Whose, changes: Json) -> tuple[Homework, ...]:
    """Return the homework of a lesson that has one, changed so."""
    return homework_of(one_lesson(whose, homeworks=[{**HOMEWORK, **changes}]))


def marks_of(lesson: Lesson) -> tuple[Mark, ...]:
    """Return the marks, which must be known."""
    assert isinstance(lesson.marks, tuple)
    return lesson.marks


def homework_of(lesson: Lesson) -> tuple[Homework, ...]:
    """Return the homework, which must be known."""
    assert isinstance(lesson.homework, tuple)
    return lesson.homework


def attendance_of(lesson: Lesson) -> AttendanceRecord:
    """Return the record of absence, which must be there."""
    assert isinstance(lesson.attendance, AttendanceRecord)
    return lesson.attendance
