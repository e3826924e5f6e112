"""Remarks: what they cost, what they survive, and what of a long span is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from diary_core.errors import ChildUnknown, DiaryError, NotPermitted, RegionDown
from diary_core.model import UNSUPPORTED, Missing, Reason, Teacher
from diary_core.people import PersonName
from diary_mrko.diary import MrkoDiary
from diary_mrko.parse.remarks import remarks
from diary_mrko.parse.timetable import placed
from diary_mrko.wire.lessons import Events, LessonDetails
from diary_sandbox.faults import FaultKind
from diary_sandbox.world import Child, Lesson, LessonKind

from .bodies import EVENT, MONDAY, MOSCOW, read
from .town import Town

pytestmark = pytest.mark.anyio

SINCE, UNTIL = date(2026, 11, 9), date(2026, 11, 15)
DETAILS = "/api/family/mobile/v1/lesson_schedule_items/*"


async def opened(town: Town) -> tuple[MrkoDiary, str, Child]:
    """Return a fresh diary, its first child's enrolment, and that child in the town."""
    diary, enrolment = await town.first_child()
    child = town.sandbox.world.child_by_uuid(enrolment.child.id)
    assert child is not None
    town.sandbox.state.requests.clear()
    return diary, enrolment.id, child


def begun(town: Town, child: Child, since: date, until: date) -> Sequence[Lesson]:
    """Return the lessons of a span up to today."""
    return town.sandbox.world.lessons(child.id, since, min(until, town.now().date()))


async def test_remarks_cost_a_call_for_each_lesson_up_to_today(town: Town) -> None:
    """The timetable names the lessons; nobody has remarked on those to come."""
    diary, enrolment_id, child = await opened(town)
    today = town.now().date()
    await diary.remarks(enrolment_id, SINCE, today + timedelta(days=30))
    asked = town.asked("school.mos.ru")
    details = [path for path in asked if "lesson_schedule_items" in path]
    assert len(details) == len(begun(town, child, SINCE, today)) > 0
    assert set(asked) - set(details) == {"GET /api/eventcalendar/v1/api/events"}


async def test_what_is_remarked_now_is_there_at_once(town: Town) -> None:
    """With its lesson and the teacher who gave it."""
    diary, enrolment_id, child = await opened(town)
    world = town.sandbox.world
    lesson = next(one for one in begun(town, child, SINCE, UNTIL) if one.kind is LessonKind.REGULAR)
    world.add_remark(child.id, lesson.id, "Забыл сменную обувь")
    found = (await diary.remarks(enrolment_id, lesson.on, lesson.on)).items
    teacher = world.teacher(lesson.half.teacher_id).person.name
    assert (str(lesson.id), teacher.last) in {
        (one.lesson_id, one.author.name.last)
        for one in found
        if "Забыл сменную обувь" in one.text and isinstance(one.author, Teacher)
    }


async def test_a_long_span_is_told_from_its_end(town: Town) -> None:
    """A call for each lesson of a year would take minutes: the latest are told, and the cut is named."""
    diary, enrolment_id, _ = await opened(town)
    answer = await diary.remarks(enrolment_id, date(2026, 9, 1), town.now().date())
    details = [path for path in town.asked("school.mos.ru") if "lesson_schedule_items" in path]
    assert len(details) == 160
    assert answer.partial == (Missing(what="older", reason=Reason.UNSUPPORTED),)
    assert answer.items


async def test_a_lesson_that_fails_is_a_gap(town: Town) -> None:
    """The remarks to the others are there."""
    diary, enrolment_id, _ = await opened(town)
    whole = (await diary.remarks(enrolment_id, SINCE, UNTIL)).items
    lost = whole[0]
    town.fail(FaultKind.STATUS, DETAILS.replace("*", lost.lesson_id or ""), status=499)
    answer = await diary.remarks(enrolment_id, SINCE, UNTIL)
    assert answer.items == whole[1:]
    assert answer.partial == (Missing(what="lesson", reason=Reason.UPSTREAM_ERROR),)


@pytest.mark.parametrize(("status", "error"), [(403, NotPermitted), (499, RegionDown)])
async def test_without_any_lesson_there_is_no_answer(
    town: Town, status: int, error: type[DiaryError]
) -> None:
    """A service that tells nothing is not a child without remarks."""
    diary, enrolment_id, _ = await opened(town)
    town.fail(FaultKind.STATUS, DETAILS, status=status)
    with pytest.raises(error):
        await diary.remarks(enrolment_id, SINCE, UNTIL)


async def test_a_strangers_remarks_are_unknown(town: Town) -> None:
    """The child must be one of the family."""
    diary, _ = await town.first_child()
    _, stranger = await town.first_child("many")
    with pytest.raises(ChildUnknown):
        await diary.remarks(stranger.id, SINCE, UNTIL)


def test_a_remark_is_what_is_written_by_whoever_is_named() -> None:
    """Blank words are no remark, and a lesson without a teacher has none to tell."""
    (place,) = placed(read(Events, {"response": [EVENT]}).response, MONDAY, MONDAY, MOSCOW)
    teacher = {"last_name": "Кленова", "first_name": "Ирина", "middle_name": "Сергеевна"}
    bodies = [
        {"comment": " Молодец! ", "teacher": teacher},
        {"comment": "Опоздал", "teacher": None},
        {"comment": "", "teacher": teacher},
    ]
    found = list(remarks([(place, read(LessonDetails, body)) for body in bodies], "32"))
    assert [(one.id, one.text, one.entered_at) for one in found] == [
        ("32.101", "Молодец!", UNSUPPORTED),
        ("32.101", "Опоздал", UNSUPPORTED),
    ]
    named = Teacher(id=None, name=PersonName(last="Кленова", first="Ирина", middle="Сергеевна"))
    assert [one.author for one in found] == [named, None]
