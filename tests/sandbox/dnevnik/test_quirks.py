"""The oddities of the real wire that a client must survive, each kept on purpose."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import LessonChange

from .conftest import Json, SignedIn, SignIn, new_state, signing_in

pytestmark = pytest.mark.anyio

_YEAR = {"startDate": "2026-09-01", "endDate": "2027-05-31"}
_IRREGULAR_TWINS = {"teachers_str", "parentIds_str"}


_SUMMER = datetime(2027, 5, 29, 12, tzinfo=MOSCOW)


@pytest.fixture(scope="module")
async def year() -> list[Json]:
    """Every day of a whole school year of one child."""
    async with signing_in(new_state(_SUMMER)) as sign_in:
        mother = await sign_in("obraztsova")
        path = _path(mother, "persons/{person}/groups/{group}/schedules")
        return (await mother.get_dict(path, **_YEAR))["days"]


async def test_ids_of_people_have_13_digits_and_all_others_19(year: list[Json], mother: SignedIn) -> None:
    """They all fit 64 bits, and the long ones do not fit a double."""
    day = next(day for day in year if day["marks"])
    lesson, mark, work = day["lessons"][0], day["marks"][0], day["works"][0]
    for number in (
        lesson["id"],
        lesson["subjectId"],
        mark["id"],
        work["id"],
        work["eduGroup"],
        work["workType"],
    ):
        assert len(str(number)) == 19
        assert 2**53 < number < 2**63
    context = await mother.get_dict("users/me/context")
    child = context["children"][0]
    for number in (context["userId"], context["personId"], child["personId"], child["schoolIds"][0]):
        assert len(str(number)) == 13


async def test_string_twins_say_the_same_number(year: list[Json], mother: SignedIn) -> None:
    """Wherever `x` and `x_str` stand side by side; the light lesson alone has no `id_str`."""
    bodies: list[object] = [year, await mother.get("users/me/context"), await mother.get("users/me")]
    pairs = [pair for body in bodies for pair in _twins(body)]
    assert len(pairs) > 1000
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    assert all("id_str" not in lesson for day in year for lesson in day["lessons"])


async def test_a_person_without_an_account_has_no_user_id(sign_in: SignIn) -> None:
    """Null in both spellings, and not among `users/me/children`, where only user ids are."""
    parent = await sign_in("lesnaya")
    children = await parent.get_list(_path(parent, "person/{mother}/children"))
    assert [one["userId"] is None for one in children] == [False, True]
    assert [one["userId_str"] is None for one in children] == [False, True]
    assert await parent.get("users/me/children") == [children[0]["userId"]]
    classmates = await parent.get_list(_path(parent, "edu-groups/{group}/persons"))
    assert 0 < sum(one["userId"] is None for one in classmates) < len(classmates) / 2


async def test_lessons_come_unsorted_and_sometimes_twice(year: list[Json]) -> None:
    """A client must drop duplicates by id and sort by number."""
    unsorted = twice = 0
    for day in year:
        numbers = [lesson["number"] for lesson in day["lessons"]]
        unsorted += numbers != sorted(numbers)
        twice += any(count > 1 for count in Counter(lesson["id"] for lesson in day["lessons"]).values())
    assert unsorted > 50
    assert twice > 20


async def test_the_works_of_a_lesson_mix_works_and_homework(year: list[Json]) -> None:
    """Each id is found in one of the two tables of its day, and both kinds occur."""
    found: Counter[str] = Counter()
    for day in year:
        tables = {name: {work["id"] for work in day[name]} for name in ("works", "homeworks")}
        assert not tables["works"] & tables["homeworks"]
        for lesson in day["lessons"]:
            for number in lesson["works"]:
                found.update(name for name, ids in tables.items() if number in ids)
    assert found["works"] > 100
    assert found["homeworks"] > 100


async def test_a_subject_is_sometimes_missing_from_the_table_of_its_day(
    year: list[Json], mother: SignedIn
) -> None:
    """It is still known to the class, where the area is a text and not a number."""
    missing = {
        lesson["subjectId"]
        for day in year
        for lesson in day["lessons"]
        if lesson["subjectId"] not in {one["id"] for one in day["subjects"]}
    }
    assert missing
    known = await mother.get_list(_path(mother, "edu-groups/{group}/subjects"))
    assert missing <= {one["id"] for one in known}
    assert all(isinstance(one["knowledgeArea"], str) and "knowledgeAreaId" not in one for one in known)
    light = next(one for day in year for one in day["subjects"])
    assert isinstance(light["knowledgeAreaId"], int)
    assert "knowledgeArea" not in light


async def test_nearly_every_lesson_has_an_empty_new_lesson_work(year: list[Json]) -> None:
    """It says nothing; a client hides it."""
    works = [work for day in year for work in day["works"]]
    lessons = {lesson["id"] for day in year for lesson in day["lessons"]}
    empty = [one for one in works if one["type"] == "DefaultNewLessonWork"]
    assert {one["text"] for one in empty} == {""}
    assert len(lessons) * 0.85 < len(empty) < len(lessons)


async def test_some_homework_says_nothing(year: list[Json]) -> None:
    """«нет», «-», dots and blanks stand where a teacher filled the cell for form's sake."""
    texts = {work["text"] for day in year for work in day["homeworks"]}
    assert {"-", ".", "нет", ""} <= texts
    assert any(len(text) > 20 for text in texts)


async def test_a_homework_stands_on_the_day_it_is_due(year: list[Json]) -> None:
    """Its lesson is the one it must be ready for, it was sent before, and each pupil has a task."""
    for day in year:
        lessons = {lesson["id"] for lesson in day["lessons"]}
        for work in day["homeworks"]:
            assert work["targetDate"] == day["date"]
            assert work["lesson"] in lessons
            if work["sentDate"]:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", work["sentDate"])
                assert work["status"] == "Sent"
                assert [task["work"] for task in work["tasks"]] == [work["id"]]


async def test_marks_are_texts_and_some_are_no_numbers(year: list[Json]) -> None:
    """`5-`, `зач` and the like occur; a mark made of two halves is two marks of one work."""
    marks = [mark for day in year for mark in day["marks"]]
    texts = {mark["value"] for mark in marks}
    assert {"5-", "4+", "зач", "н/а", "осв"} <= texts
    assert not any("/" in text for text in texts - {"н/а"})
    halves = [mark for mark in marks if mark["number"] == 1]
    assert halves
    works = {work["id"]: work for day in year for work in day["works"] + day["homeworks"]}
    assert {works[mark["work"]]["markCount"] for mark in halves} == {2}
    assert {mark["mood"] for mark in marks} == {"Good", "Average", "Bad", "NotSet"}
    assert {mark["mood"] for mark in marks if mark["value"] == "зач"} == {"NotSet"}
    assert {mark["use_avg_calc"] for mark in marks if mark["value"] == "н/а"} == {False}


async def test_a_pupil_never_has_two_separate_marks_in_one_work(year: list[Json]) -> None:
    """So two marks of one work are always the halves of one."""
    cells = Counter((mark["work"], mark["number"]) for day in year for mark in day["marks"])
    assert [cell for cell, count in cells.items() if count > 1] == []


async def test_empty_days_are_listed_with_empty_tables(year: list[Json]) -> None:
    """Sundays, vacations: every day of the span is there, with the next school day named."""
    sunday = next(day for day in year if day["date"] == "2026-11-15T00:00:00")
    assert sunday["nextDate"] == "2026-11-16T00:00:00"
    assert [name for name, value in sunday.items() if value == []] == [
        "lessons",
        "marks",
        "works",
        "homeworks",
        "subjects",
        "workTypes",
        "lessonLogEntries",
        "teachers",
    ]
    assert len(year) == (date(2027, 5, 31) - date(2026, 9, 1)).days + 1


async def test_a_cancelled_lesson_looks_like_any_other(
    state: SandboxState, mother: SignedIn, year: list[Json]
) -> None:
    """This system has no word for it; a replaced lesson is shown as it is held."""
    state.clock.set(_SUMMER)
    child = mother.children[0]
    lessons = state.world.lessons(child.id, date(2026, 9, 1), date(2027, 5, 31))
    wire = {lesson["id"]: lesson for day in year for lesson in day["lessons"]}
    changes: Counter[LessonChange] = Counter()
    for lesson in lessons:
        if (shown := wire.get(wire_id(Space.LESSON, lesson.id))) and lesson.change is not LessonChange.NONE:
            changes[lesson.change] += 1
            assert shown["teachers"] == [wire_id(Space.TEACHER_PERSON, lesson.half.teacher_id)]
    assert set(changes) == {LessonChange.CANCELLED, LessonChange.REPLACED, LessonChange.MOVED}
    assert {lesson["status"] for lesson in wire.values()} == {"Planned"}


async def test_topics_may_be_null_and_hours_have_blanks_around_the_hyphen(year: list[Json]) -> None:
    """Both kinds of topic occur, and the main building has no name."""
    lessons = [lesson for day in year for lesson in day["lessons"]]
    assert {type(lesson["title"]) for lesson in lessons} == {str, type(None)}
    assert all(re.fullmatch(r"\d\d:\d\d - \d\d:\d\d", lesson["hours"]) for lesson in lessons)
    assert "" in {lesson["building"] for lesson in lessons}


async def test_every_status_of_attendance_occurs(state: SandboxState, sign_in: SignIn) -> None:
    """Late, ill, excused and simply absent; a remark alone is the rare stored `Attend`."""
    state.clock.set(_SUMMER)
    mother = await sign_in("obraztsova")
    log = await mother.get_dict(_path(mother, "persons/{person}/lesson-log-entries"), **_YEAR)
    statuses = await mother.get("lesson-log-entries/statuses")
    assert statuses == ["Attend", "Absent", "Ill", "Late", "Pass"]
    assert {entry["status"] for entry in log["logEntries"]} == set(statuses)
    assert [one["id"] for one in log["lessons"]] == [one["lesson"] for one in log["logEntries"]]
    assert all(one["comment"] for one in log["logEntries"] if one["status"] == "Attend")


async def test_a_parent_s_own_lists_are_empty_and_the_children_s_are_picked_by_id(mother: SignedIn) -> None:
    """Schools and classes sit in the parent's arrays; the children only point at them."""
    context = await mother.get_dict("users/me/context")
    assert (context["schoolIds"], context["groupIds"]) == ([], [])
    schools = {one["id"] for one in context["schools"]}
    groups = {one["id"] for one in context["eduGroups"]}
    for child in context["children"]:
        assert set(child["schoolIds"]) <= schools
        assert set(child["groupIds"]) <= groups
        assert "userId" not in child
    assert {one["type"] for one in context["eduGroups"]} == {"Group"}


def _path(parent: SignedIn, template: str) -> str:
    child = parent.children[0]
    return template.format(
        mother=wire_id(Space.ADULT_PERSON, parent.parent.id),
        person=wire_id(Space.PUPIL_PERSON, child.id),
        group=wire_id(Space.CLASS, child.class_id),
    )


def _twins(body: object) -> list[tuple[object, object]]:
    found: list[tuple[object, object]] = []
    if isinstance(body, list):
        for one in body:  # pyright: ignore[reportUnknownVariableType]  any JSON
            found += _twins(one)  # pyright: ignore[reportUnknownArgumentType]  as above
    if isinstance(body, dict):
        fields: Json = body  # pyright: ignore[reportUnknownVariableType]  any JSON
        for name, value in fields.items():
            twin = f"{name}_str"
            if twin in fields:
                text = [str(one) for one in value] if twin in _IRREGULAR_TWINS else value and str(value)
                found.append((text, fields[twin]))
            found += _twins(value)
    return found
