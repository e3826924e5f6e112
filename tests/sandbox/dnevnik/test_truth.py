"""What the wire says of a child is what the world knows, field by field, for every persona's child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import (
    Absence,
    AbsenceKind,
    Child,
    Lesson,
    LessonChange,
    LessonKind,
    Mark,
    World,
)

from .conftest import Json, SignedIn, SignIn

pytestmark = pytest.mark.anyio

LOGINS = ("obraztsova", "korolyova", "lesnaya")
MOMENTS = (datetime(2026, 10, 14, 11, 5, tzinfo=MOSCOW), datetime(2027, 2, 27, 20, tzinfo=MOSCOW))
_WEEKS_BACK, _WEEKS_AHEAD = 3, 1


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("username", LOGINS)
async def test_schedules_tell_the_truth_about_lessons_marks_homework_and_absences(
    username: str, moment: datetime, state: SandboxState, sign_in: SignIn
) -> None:
    """Joined by id and rid of duplicates and fillers, the tables of every week are the world's answers."""
    state.clock.set(moment)
    parent = await sign_in(username)
    monday = moment.date() - timedelta(days=moment.weekday())
    compared = 0
    for child in parent.children:
        for week in range(-_WEEKS_BACK, _WEEKS_AHEAD + 1):
            since = monday + timedelta(weeks=week)
            until = since + timedelta(days=6)
            days = (await _schedules(parent, child, since, until))["days"]
            assert [day["date"][:10] for day in days] == [str(since + timedelta(days=n)) for n in range(7)]
            lessons = _journal_lessons(state.world, child, since, until)
            assert _wire_lessons(days) == [_lesson_row(state.world, one) for one in lessons]
            assert _wire_marks(days) == _mark_rows(state.world.marks(child.id, since, until))
            assert _wire_homework(days) == [
                (one.due_lesson_id, str(one.due_on), one.text, sorted(a.id for a in one.attachments))
                for one in state.world.homework(child.id, since, until)
            ]
            assert _wire_log(days) == _log_rows(state.world, child, since, until)
            compared += len(lessons)
    assert compared > 100


@pytest.mark.parametrize("username", LOGINS)
async def test_a_mark_is_dated_by_its_entry_in_utc_and_found_by_the_day_of_its_lesson(
    username: str, state: SandboxState, sign_in: SignIn
) -> None:
    """The date has no zone and is the world's moment in UTC; ranges speak of lessons."""
    state.clock.set(MOMENTS[1])
    parent = await sign_in(username)
    world = state.world
    for child in parent.children:
        person, school = wire_id(Space.PUPIL_PERSON, child.id), wire_id(Space.SCHOOL, child.school_id)
        marks = {mark.id: mark for mark in world.marks(child.id, world.year.since, world.year.until)}
        wire = await parent.get_list(f"persons/{person}/schools/{school}/marks/2026-09-01/2027-08-31")
        assert {one["id"] for one in wire} == {
            number for mark in marks.values() for number in _mark_ids(mark)
        }
        for one in wire:
            mark = marks[_number(Space.MARK, one["id"]) // 2]
            assert datetime.fromisoformat(one["date"]).replace(tzinfo=UTC) == mark.entered_at
            assert _number(Space.LESSON, one["lesson"]) == mark.lesson_id
        on = min((mark.on for mark in marks.values()), default=world.year.since)
        of_day = await parent.get_list(f"lessons/{on}/persons/{person}/marks")
        assert {_number(Space.MARK, one["id"]) // 2 for one in of_day} == {
            mark.id for mark in marks.values() if mark.on == on
        }


async def test_far_from_moscow_the_utc_day_of_an_entry_is_not_the_school_day(
    state: SandboxState, sign_in: SignIn
) -> None:
    """Cutting the date off `mark.date` gives a wrong day somewhere: the town has such marks."""
    state.clock.set(datetime(2027, 5, 20, 12, tzinfo=MOSCOW))
    parent = await sign_in("lesnaya")
    wrong = 0
    for child in parent.children:
        person, school = wire_id(Space.PUPIL_PERSON, child.id), wire_id(Space.SCHOOL, child.school_id)
        zone = state.world.school(child.school_id).zone
        for one in await parent.get_list(f"persons/{person}/schools/{school}/marks/2026-09-01/2027-05-20"):
            entered = datetime.fromisoformat(one["date"])
            wrong += entered.date() != entered.replace(tzinfo=UTC).astimezone(zone).date()
    assert wrong > 0


async def test_an_edited_world_is_seen_at_once(state: SandboxState, sign_in: SignIn) -> None:
    """Nothing diary-like is kept on this side: moving the clock reveals what was entered since."""
    mother = await sign_in("obraztsova")
    child = mother.children[0]
    monday = date(2026, 11, 23)
    before = _wire_marks((await _schedules(mother, child, monday, monday))["days"])
    state.clock.advance(timedelta(days=2))
    after = _wire_marks((await _schedules(mother, child, monday, monday))["days"])
    assert set(before) < set(after)


async def _schedules(parent: SignedIn, child: Child, since: date, until: date) -> Json:
    person, group = wire_id(Space.PUPIL_PERSON, child.id), wire_id(Space.CLASS, child.class_id)
    path = f"persons/{person}/groups/{group}/schedules"
    return await parent.get_dict(path, startDate=str(since), endDate=str(until))


def _journal_lessons(world: World, child: Child, since: date, until: date) -> list[Lesson]:
    return [one for one in world.lessons(child.id, since, until) if one.kind is not LessonKind.ADDITIONAL]


def _lesson_row(world: World, lesson: Lesson) -> tuple[object, ...]:
    half = lesson.planned if lesson.change is LessonChange.CANCELLED else lesson.actual
    assert half is not None
    return (
        lesson.id,
        str(half.on),
        half.slot,
        f"{half.starts:%H:%M} - {half.ends:%H:%M}",
        half.subject_id,
        half.teacher_id,
        half.room,
        lesson.topic,
    )


def _wire_lessons(days: Iterable[Json]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for day in days:
        unique = {one["id"]: one for one in day["lessons"]}
        teachers = {one["person"]["id"] for one in day["teachers"]}
        works = {one["id"] for one in day["works"] + day["homeworks"]}
        for one in sorted(unique.values(), key=lambda one: (one["hours"], one["number"])):
            assert one["date"] == day["date"]
            assert set(one["teachers"]) <= teachers
            assert set(one["works"]) <= works
            rows.append(
                (
                    _number(Space.LESSON, one["id"]),
                    one["date"].removesuffix("T00:00:00"),
                    one["number"],
                    one["hours"],
                    _number(Space.SUBJECT, one["subjectId"]),
                    _number(Space.TEACHER_PERSON, one["teachers"][0]),
                    one["place"],
                    one["title"],
                )
            )
    return rows


def _mark_ids(mark: Mark) -> list[int]:
    return [wire_id(Space.MARK, mark.id * 2 + half) for half in range(2 if len(mark.values) > 1 else 1)]


def _mark_rows(marks: Iterable[Mark]) -> list[tuple[object, ...]]:
    """Return lesson, half, text and kind of work of every mark; a split one makes two rows."""
    return sorted(
        (mark.id, half, mark.lesson_id, text, mark.control_form_id, bool(mark.counts))
        for mark in marks
        for half, text in enumerate(mark.display.split("/") if len(mark.values) > 1 else [mark.display])
    )


def _wire_marks(days: Iterable[Json]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for day in days:
        works = {work["id"]: work for work in day["works"] + day["homeworks"]}
        types = {one["id"] for one in day["workTypes"]}
        for mark in day["marks"]:
            work = works[mark["work"]]
            assert work["lesson"] == mark["lesson"]
            assert work["workType"] == mark["workType"]
            assert mark["workType"] in types
            assert mark["number"] < work["markCount"]
            number, half = divmod(_number(Space.MARK, mark["id"]), 2)
            assert half == mark["number"]
            rows.append(
                (
                    number,
                    half,
                    _number(Space.LESSON, mark["lesson"]),
                    mark["textValue"],
                    _number(Space.WORK_TYPE, mark["workType"]),
                    mark["use_avg_calc"],
                )
            )
    return sorted(rows)


def _wire_homework(days: Iterable[Json]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for day in days:
        for work in day["homeworks"]:
            assert work["type"] == "Homework"
            if world_id(Space.HOMEWORK, work["id"]) is None:
                assert work["text"].strip(" .-") in ("", "нет", "не задано")
                continue
            assert work["targetDate"] == day["date"]
            rows.append(
                (
                    _number(Space.LESSON, work["lesson"]),
                    work["targetDate"][:10],
                    work["text"],
                    sorted(_number(Space.FILE, one) for one in work["files"]),
                )
            )
    return rows


def _log_rows(world: World, child: Child, since: date, until: date) -> list[tuple[int, str, str]]:
    absences = {one.lesson_id: one for one in world.absences(child.id, since, until)}
    remarks = {one.lesson_id: one.text for one in world.remarks(child.id, since, until)}
    return sorted(
        (
            lesson_id,
            _status(absences.get(lesson_id)),
            _comment(absences.get(lesson_id), remarks.get(lesson_id)),
        )
        for lesson_id in {*absences, *remarks}
    )


def _status(absence: Absence | None) -> str:
    if absence is None:
        return "Attend"
    if absence.kind is AbsenceKind.LATE:
        return "Late"
    if absence.reason is not None and absence.reason.ill:
        return "Ill"
    return "Pass" if absence.excused else "Absent"


def _comment(absence: Absence | None, remark: str | None) -> str:
    return ". ".join(text for text in (absence and absence.comment, remark) if text)


def _wire_log(days: Iterable[Json]) -> list[tuple[int, str, str]]:
    return sorted(
        (_number(Space.LESSON, one["lesson"]), one["status"], one["comment"])
        for day in days
        for one in day["lessonLogEntries"]
    )


def _number(space: Space, wire: int) -> int:
    number = world_id(space, wire)
    assert number is not None, f"{wire} is no {space.name}"
    return number
