"""The diary against the sandbox: what it costs, what it survives, and whose children it shows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import date, timedelta

import httpx2
import pytest
from tests.more import quick_first

from diary_core.abilities import ReadsDays, ReadsMeals, ReadsVisits, abilities_of
from diary_core.errors import (
    ChildUnknown,
    DiaryError,
    LoginRequired,
    MarkUnknown,
    NotPermitted,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    TryLater,
)
from diary_core.model import MarkVersion, Missing, Reason, Unavailable, known
from diary_core.sign_in import SignedIn
from diary_mrko.diary import MoscowDiary, MrkoDiary
from diary_mrko.ids import ChildRef
from diary_mrko.legacy.diary import MrkoLegacyDiary
from diary_mrko.provider import MrkoProvider
from diary_sandbox.faults import FaultKind

from .bodies import FAILED
from .town import Town

pytestmark = pytest.mark.anyio

MONDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 15)
EVENTS = "/api/eventcalendar/*"
SIDES = {
    "lessons.homework": "/api/family/mobile/v1/homeworks",
    "lessons.marks.entered_at": "/api/family/mobile/v1/marks",
    "lessons.topic": "/api/family/mobile/v1/schedule/short",
    "exception": "/api/family/mobile/v1/periods_schedules",
}


def _calls(town: Town) -> Mapping[str, int]:
    return town.asked("school.mos.ru")


async def test_a_week_costs_five_calls_and_no_profile(town: Town) -> None:
    """Nothing is asked for twice, and the children are not asked for again."""
    diary, child = await town.first_child()
    town.sandbox.state.requests.clear()
    await diary.days(child.id, MONDAY, SUNDAY)
    assert sorted(_calls(town).items()) == [
        ("GET /api/eventcalendar/v1/api/events", 1),
        ("GET /api/family/mobile/v1/homeworks", 1),
        ("GET /api/family/mobile/v1/marks", 1),
        ("GET /api/family/mobile/v1/periods_schedules", 1),
        ("GET /api/family/mobile/v1/schedule/short", 1),
    ]


async def test_a_week_takes_one_round_trip(town: Town) -> None:
    """With every answer a second away, the five together take not much more than one."""
    diary, child = await town.first_child()
    await diary.days(child.id, MONDAY, SUNDAY)
    town.fail(FaultKind.LATENCY, "/api/*", delay_s=1)
    began = time.perf_counter()
    await diary.days(child.id, MONDAY, SUNDAY)
    assert time.perf_counter() - began < 1.9


@pytest.mark.parametrize(("what", "path"), quick_first(SIDES.items(), quick=2))
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": FaultKind.STATUS, "status": 500},
        {"kind": FaultKind.STATUS, "status": 404},
        {"kind": FaultKind.STATUS, "status": 401},
        {"kind": FaultKind.HTML},
        {"kind": FaultKind.MALFORMED_JSON},
        {"kind": FaultKind.EMPTY},
    ],
    ids=["500", "404", "401", "html", "malformed", "empty"],
)
async def test_a_failing_side_call_leaves_the_week(
    town: Town, what: str, path: str, fault: Mapping[str, object]
) -> None:
    """The lessons are there, and the answer names the part that is not."""
    diary, child = await town.first_child()
    whole = await diary.days(child.id, MONDAY, SUNDAY)
    town.fail(path=path, **fault)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  as `Fault` takes them
    answer = await diary.days(child.id, MONDAY, SUNDAY)
    assert answer.partial == (Missing(what=what, reason=Reason.UPSTREAM_ERROR),)
    assert [[lesson.id for lesson in day.lessons] for day in answer.items] == [
        [lesson.id for lesson in day.lessons] for day in whole.items
    ]
    assert [gap.what for gap in answer.unavailable if gap.reason is Reason.UPSTREAM_ERROR] != []


async def test_homework_texts_survive_without_their_list(town: Town) -> None:
    """Lessons describe their homework themselves; only ticks, files and edits are missing."""
    diary, child = await town.first_child()
    whole = await diary.days(child.id, MONDAY, SUNDAY)
    town.fail(FaultKind.STATUS, SIDES["lessons.homework"], status=503)
    answer = await diary.days(child.id, MONDAY, SUNDAY)
    texts = [
        [
            sorted(task.text for lesson in day.lessons for task in known(lesson.homework) or ())
            for day in days.items
        ]
        for days in (whole, answer)
    ]
    assert texts[0] == texts[1]
    tasks = [task for day in answer.items for lesson in day.lessons for task in known(lesson.homework) or ()]
    assert {type(task.done) for task in tasks} == {Unavailable}
    assert [task.attachments for task in tasks if task.attachments != FAILED] == []


async def test_a_forbidden_part_is_told_as_such(town: Town) -> None:
    """403 is no failure of the moment."""
    diary, child = await town.first_child()
    town.fail(FaultKind.STATUS, SIDES["lessons.homework"], status=403)
    answer = await diary.days(child.id, MONDAY, SUNDAY)
    assert answer.partial == (Missing(what="lessons.homework", reason=Reason.NOT_PERMITTED),)


@pytest.mark.parametrize(
    ("kind", "more", "error"),
    [
        (FaultKind.STATUS, {"status": 500}, RegionMaintenance),
        (FaultKind.STATUS, {"status": 503}, RegionMaintenance),
        (FaultKind.STATUS, {"status": 429}, RegionBusy),
        (FaultKind.STATUS, {"status": 499}, RegionDown),
        (FaultKind.STATUS, {"status": 401}, LoginRequired),
        (FaultKind.STATUS, {"status": 403}, NotPermitted),
        (FaultKind.STATUS, {"status": 404}, RegionChanged),
        (FaultKind.STATUS, {"status": 418}, RegionChanged),
        (FaultKind.HTML, {}, RegionMaintenance),
        (FaultKind.MALFORMED_JSON, {}, RegionChanged),
        (FaultKind.TRUNCATED_JSON, {}, RegionChanged),
        (FaultKind.EMPTY, {}, RegionChanged),
        (FaultKind.DROP, {}, RegionDown),
    ],
)
async def test_without_the_calendar_there_is_no_week(
    town: Town, kind: FaultKind, more: Mapping[str, object], error: type[DiaryError]
) -> None:
    """What the calendar's call meets is told by its own name, and nothing of its body."""
    diary, child = await town.first_child()
    town.fail(kind, EVENTS, **more)
    with pytest.raises(error) as caught:
        await diary.days(child.id, MONDAY, SUNDAY)
    assert child.id not in str(caught.value)


async def test_a_source_that_timed_out_is_named(town: Town) -> None:
    """The calendar's own partial failure leaves the rest and is passed on."""
    diary, child = await town.first_child()
    town.fail(FaultKind.PARTIAL)
    answer = await diary.days(child.id, MONDAY, SUNDAY)
    assert answer.partial == (Missing(what="source:AFISHA", reason=Reason.UPSTREAM_ERROR),)
    assert sum(len(day.lessons) for day in answer.items) > 20


async def test_a_call_that_is_dropped_leaves_no_others_behind(town: Town) -> None:
    """When the calendar fails the side calls are ended, not left running."""
    diary, child = await town.first_child()
    before = asyncio.all_tasks()
    town.fail(FaultKind.LATENCY, SIDES["lessons.homework"], delay_s=5)
    town.fail(FaultKind.STATUS, EVENTS, status=500)
    began = time.perf_counter()
    with pytest.raises(TryLater):
        await diary.days(child.id, MONDAY, SUNDAY)
    assert time.perf_counter() - began < 3
    assert [task for task in asyncio.all_tasks() - before if "attempt" in repr(task)] == []


@pytest.mark.parametrize("slug", ["moscow", "moscow_oblast"])
async def test_a_strangers_child_is_unknown(town: Town, slug: str) -> None:
    """A real child of another family is as unknown as one that never was, by every ability."""
    if slug == "moscow":
        diary, _ = await town.first_child()
    else:
        step = await town.sign_in("node", "tikhomirova", "sandbox-node", slug)
        assert isinstance(step, SignedIn)
        diary, _ = town.open(step.credentials, slug=slug)
    _, stranger = await town.first_child("many")
    for read in (
        diary.days(stranger.id, MONDAY, SUNDAY),
        diary.marks(stranger.id, MONDAY, SUNDAY),
        diary.homework(stranger.id, MONDAY, SUNDAY),
        diary.terms(stranger.id),
        diary.school(stranger.id),
        diary.mark(stranger.id, "1"),
        diary.academic_years(stranger.id),
        diary.results(stranger.id),
        diary.averages(stranger.id, "1"),
    ):
        with pytest.raises(ChildUnknown):
            await read


async def test_a_half_of_two_children_is_no_child(town: Town) -> None:
    """The numbers of an own and the register id of a strange child make nobody."""
    _, own = await town.first_child()
    _, stranger = await town.first_child("many")
    (own_number, own_person), (number, person) = own.id.split("."), stranger.id.split(".")
    for mixed in (f"{own_number}.{person}", f"{number}.{own_person}"):
        diary, _ = await town.first_child()
        with pytest.raises(ChildUnknown):
            await diary.days(mixed, MONDAY, SUNDAY)


async def test_a_trusted_person_sees_the_child_they_were_given(town: Town) -> None:
    """A nanny reads one child, as a trusted person."""
    diary, _ = town.open(await town.credentials("nanny"))
    assert [child.role for child in (await diary.enrolments()).items] == ["trusted"]


async def test_terms_outlive_the_list_of_years(town: Town) -> None:
    """Without the years the terms are there, and the answer says what is not."""
    diary, child = await town.first_child()
    town.fail(FaultKind.STATUS, "*/academic_years", status=500)
    answer = await diary.terms(child.id)
    assert len(answer.items) >= 3
    assert answer.partial == (Missing(what="year", reason=Reason.UPSTREAM_ERROR),)


async def test_the_school_is_the_childs_own(town: Town) -> None:
    """Its id is the enrolment's, its class teacher is named, and the children are asked for once."""
    diary, child = await town.first_child()
    town.sandbox.state.requests.clear()
    await diary.school(child.id)
    (school,) = (await diary.school(child.id)).items
    own = known(child.school)
    assert own is not None
    assert (school.id, school.short_name) == (own.id, own.short_name)
    assert len(known(school.class_teachers) or ()) == 1
    assert _calls(town)["GET /api/family/mobile/v1/profile"] == 1


async def test_an_edited_mark_is_the_same_mark(town: Town) -> None:
    """A 3 that becomes a 5 keeps its id and gets a time of edit."""
    diary, child = await town.first_child()
    world = town.sandbox.world
    pupil = world.child_by_uuid(child.child.id)
    assert pupil is not None
    lesson = next(
        lesson
        for lesson in world.lessons(pupil.id, MONDAY, SUNDAY)
        if lesson.happened and lesson.kind == "regular"
    )
    given = world.set_mark(pupil.id, lesson.id, "3")
    before = {mark.id: mark for mark in (await diary.marks(child.id, MONDAY, SUNDAY)).items}
    town.sandbox.clock.advance(timedelta(hours=1))
    world.change_mark(given.id, "5")
    after = {mark.id: mark for mark in (await diary.marks(child.id, MONDAY, SUNDAY)).items}
    mine = str(given.id)
    assert (before[mine].display, before[mine].edited_at) == ("3", None)
    assert (after[mine].display, after[mine].edited_at) == ("5", town.now().replace(microsecond=0))


async def test_an_edited_mark_tells_what_it_was(town: Town) -> None:
    """Asked for by itself it has a teacher, a lesson and its earlier versions; taken back, it is none."""
    diary, child = await town.first_child()
    world = town.sandbox.world
    pupil = world.child_by_uuid(child.child.id)
    assert pupil is not None
    lesson = next(
        lesson
        for lesson in world.lessons(pupil.id, MONDAY, SUNDAY)
        if lesson.happened and lesson.kind == "regular"
    )
    given = world.set_mark(pupil.id, lesson.id, "2", point_due_on=SUNDAY + timedelta(days=20))
    (point,) = (await diary.mark(child.id, str(given.id))).items
    town.sandbox.clock.advance(timedelta(hours=1))
    mended_at = town.now().replace(microsecond=0)
    world.change_mark(given.id, "4")
    (mended,) = (await diary.mark(child.id, str(given.id))).items
    assert (point.status, point.history) == ("pending", ())
    assert (mended.status, mended.display, mended.due_on) == ("graded", "4", None)
    assert mended.history == (MarkVersion(display="2", until=mended_at),)
    assert mended.lesson_id == str(lesson.id)
    name = world.teacher(given.teacher_id).person.name
    teacher = known(mended.teacher)
    assert teacher is not None
    assert (teacher.name.last, teacher.name.first) == (name.last, name.first)
    world.withdraw_mark(given.id)
    with pytest.raises(MarkUnknown):
        await diary.mark(child.id, str(given.id))


async def test_the_mark_of_a_sibling_is_unknown(town: Town) -> None:
    """A mark belongs to one child, also where both are of one parent."""
    diary, child = await town.first_child()
    other = (await diary.enrolments()).items[1]
    mark = (await diary.marks(other.id, MONDAY, SUNDAY)).items[0]
    assert (await diary.mark(other.id, mark.id)).items[0].id == mark.id
    with pytest.raises(MarkUnknown):
        await diary.mark(child.id, mark.id)


async def test_a_careless_node_shows_no_marks_of_siblings(town: Town) -> None:
    """A server that does not hold the mark against the child is not taken at its word."""
    diary, child = await town.first_child()
    other = (await diary.enrolments()).items[1]
    mark = (await diary.marks(other.id, MONDAY, SUNDAY)).items[0]
    student_id = ChildRef.read(other.id).student_id

    async def careless(request: httpx2.Request) -> None:
        if request.url.path.endswith(f"/marks/{mark.id}"):
            request.url = request.url.copy_set_param("student_id", student_id)

    town.http.event_hooks = {"request": [careless]}
    assert (await diary.mark(other.id, mark.id)).items[0].id == mark.id
    with pytest.raises(MarkUnknown):
        await diary.mark(child.id, mark.id)


async def test_results_outlive_the_terms(town: Town) -> None:
    """Without them the results stand; which term each closes is a gap, but not in a former year."""
    diary, child = await town.first_child()
    whole = await diary.results(child.id)
    town.fail(FaultKind.STATUS, "*/core/family/v1/periods_schedules", status=500)
    answer = await diary.results(child.id)
    assert whole.partial == ()
    assert [(one.id, one.display, one.title) for one in answer.items] == [
        (one.id, one.display, one.title) for one in whole.items
    ]
    assert {one.kind for one in answer.items if one.term_id == FAILED} == {"term"}
    assert answer.partial == (Missing(what="term_id", reason=Reason.UPSTREAM_ERROR),)
    former = await diary.results(child.id, "13")
    assert former.partial == ()
    assert [one.id for one in former.items if one.term_id is not None] == []


async def test_what_averages_and_results_cost(town: Town) -> None:
    """Averages take one round trip of three calls, results two of three in all."""
    diary, child = await town.first_child()
    term = (await diary.terms(child.id)).items[-1]
    town.sandbox.state.requests.clear()
    await diary.averages(child.id, term.id)
    averages = dict(_calls(town))
    town.sandbox.state.requests.clear()
    await diary.results(child.id)
    both = {
        "GET /api/ej/core/family/v1/academic_years": 1,
        "GET /api/ej/core/family/v1/periods_schedules": 1,
    }
    assert averages == {**both, "GET /api/family/mobile/v1/subject_marks": 1}
    assert _calls(town) == {**both, "GET /api/family/mobile/v1/final_marks/v2": 1}


def test_what_each_door_can_do() -> None:
    """Moscow's diary has turnstiles and meals, a node's all the rest, the paper one a week."""
    city_only = set(abilities_of(MoscowDiary)) - set(abilities_of(MrkoDiary))
    assert city_only == {ReadsMeals, ReadsVisits}
    assert abilities_of(MrkoLegacyDiary) == (ReadsDays,)
    provider = MrkoProvider()
    opened = {
        slug: provider.diary_by(provider.instance(slug), "token") for slug in ("moscow", "perm", "tatarstan")
    }
    assert opened == {"moscow": MoscowDiary, "perm": MrkoDiary, "tatarstan": MrkoDiary}
