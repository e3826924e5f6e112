"""What the real diary does oddly, kept on purpose: types that vary, limits, literals, partial answers."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.mesh.wire import events, family, homework, marks, meals, schedule, school, subject_marks
from diary_sandbox.mesh.wire.ids import student_id
from diary_sandbox.mesh.wire.variety import is_plain
from diary_sandbox.world import LessonChange, LessonKind, MarkStatus, PointState, ResultKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diary_sandbox.state import SandboxState
    from diary_sandbox.world import Child
    from diary_sandbox.world.world import World

    from .conftest import Town

TODAY = date(2026, 12, 18)
SINCE = date(2026, 9, 1)
EVERYTHING = frozenset(("homework", "marks"))

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def world(new_state: Callable[..., SandboxState]) -> World:
    """Return a town in the middle of December."""
    return new_state(datetime(2026, 12, 18, 12, 0, tzinfo=MOSCOW), families=40).world


def children(world: World) -> Iterator[Child]:
    """Yield the children of every family that are read through МЭШ."""
    for family_id in range(1, world.families() + 1):
        for child_id in world.family(family_id).child_ids:
            child = world.child(child_id)
            if world.school(child.school_id).hosts & {"school.mos.ru", "authedu.mosreg.ru"}:
                yield child


def kinds(values: Iterator[Any]) -> set[str]:
    """Return the JSON types of some values."""
    return {"null" if value is None else type(value).__name__ for value in values}


def year_events(world: World, child: Child) -> list[Any]:
    """Return a child's calendar from September to December."""
    asked = events.Asked(since=SINCE, until=TODAY, expand=EVERYTHING, sources=frozenset())
    body: Any = events.events(world, [child], asked)
    return body["response"]


@pytest.mark.slow
def test_types_vary_and_plain_children_are_spared(world: World) -> None:
    """What varies comes in each of its types somewhere, and in its first one for plain children."""
    seen: dict[str, set[str]] = {}

    def note(field: str, child: Child, values: list[Any], first: set[str]) -> None:
        found = kinds(iter(values))
        seen.setdefault(field, set()).update(found)
        assert not is_plain(child) or found <= first, (field, child.id)

    for child in children(world):
        events = year_events(world, child)
        term: Any = subject_marks.subject_marks(world, child, TODAY)
        periods = [period for subject in term["payload"] for period in subject["periods"]]
        averages = [period["value"] for period in periods if period["value"] is not None]
        note("average", child, averages, {"str"})
        note("comma", child, ["," in str(average) or None for average in averages], {"null"})
        note("fixed", child, [period["fixed_value"] for period in periods], {"str", "null"})
        note("entered", child, [m["created_at"] for p in periods for m in p["marks"]], {"str"})
        tasks: Any = homework.homeworks(world, child, SINCE, TODAY, "x")
        note("attachments", child, [task["attachments"] for task in tasks["payload"]], {"list"})
        given = [task["has_teacher_answer"] for task in tasks["payload"]]
        note("teacher answer", child, given, {"bool"})
        in_events = [event["homework"]["materials"] for event in events if event["homework"]]
        note("materials", child, in_events, {"dict", "null"})
        counts = [event["comment_count"] for event in events]
        note("comment count", child, counts, {"null"})
        zones = ["Z" if event["start_at"].endswith("Z") else None for event in events]
        note("utc", child, zones, {"null"})
        flat: Any = marks.marks(world, child, SINCE, TODAY)
        note("comment", child, [mark["comment"] for mark in flat["payload"]], {"str"})
        note("plan", child, [school.study_plan(world, child)], {"list"})
        parent_id = world.guardians_of(child.id)[0].parent_id
        parent = world.parent(parent_id)
        profile: Any = family.family_profile(world, parent, [child], TODAY)
        groups = [group["subject_id"] for group in profile["children"][0]["groups"]]
        note("group", child, groups, {"int", "null"})
    assert seen == {
        "average": {"str", "float"},
        "comma": {"bool", "null"},
        "fixed": {"str", "int", "null"},
        "entered": {"str", "null"},
        "attachments": {"list", "null"},
        "teacher answer": {"bool", "null"},
        "materials": {"dict", "list", "null"},
        "comment count": {"null", "int", "str"},
        "utc": {"null", "str"},
        "comment": {"str", "null"},
        "plan": {"list", "dict"},
        "group": {"int", "str", "null"},
    }


def test_profile_numbers_come_as_text_for_some(world: World) -> None:
    """`profile_info.id` is an int or a string, its type has two spellings."""
    parents = [world.parent(world.family(number).parent_ids[0]) for number in range(1, world.families() + 1)]
    found = [entry for parent in parents for entry in family.profiles(parent, linked=True)]
    assert kinds(entry["id"] for entry in found) == {"int", "str"}
    trusted = [parent for parent in parents if len(world.family(parent.family_id).parent_ids) > 1]
    assert trusted
    assert {entry["type"] for entry in found} <= {"parent", "ParentProfile"}


def test_the_same_question_gets_the_same_spelling(world: World) -> None:
    """Variety is by plan: asking twice gives the same bytes."""
    for child in list(children(world))[:8]:
        first = json.dumps([year_events(world, child), subject_marks.subject_marks(world, child, TODAY)])
        again = json.dumps([year_events(world, child), subject_marks.subject_marks(world, child, TODAY)])
        assert first == again


def test_marks_of_every_kind_are_on_the_wire(world: World) -> None:
    """Words, «См» with a comma in its comment, points of three states, weight 0, split and modified."""
    seen: set[str] = set()
    for child in children(world):
        for mark in world.marks(child.id, SINCE, TODAY):
            wire = marks.bare(world, child, mark)
            values: Any = wire["values"]
            if mark.status is MarkStatus.IN_COMMENT:
                assert "," in str(wire["comment"])
                assert values[0]["grade"]["five"] is None
                assert wire["original_grade_system_type"] == "other"
                seen.add("см")
            if mark.status is MarkStatus.NOT_ATTESTED:
                assert wire["value"] == "н/а"
                seen.add("н/а")
            if mark.point is not None:
                turned = mark.point.state is PointState.TURNED
                assert wire["is_point"] is not turned
                seen.add(f"point {mark.point.state.value}")
            if wire["weight"] == 0:
                seen.add("zero")
            if len(mark.values) > 1:
                assert [value["grade"]["origin"] for value in values] == mark.display.split("/")
                seen.add("split")
            if mark.display[-1] in "+-" and len(mark.values) == 1:
                seen.add("modified")
    assert seen >= {"см", "point open", "point expired", "point turned", "zero", "split", "modified"}


def test_lessons_of_every_kind_are_on_the_wire(world: World) -> None:
    """Subject 0 for extra-curricular hours, none for clubs, replaced, cancelled, remote, «Не задано»."""
    seen: set[str] = set()
    for child in children(world):
        for event in year_events(world, child):
            if event["source"] == "EC":
                assert event["subject_id"] == 0
                seen.add("EC")
            if event["source"] == "AE":
                assert event["room_number"] is None
                assert event["homework"] is None
                seen.add("AE")
            if event["replaced"]:
                assert isinstance(event["replaced_teacher_id"], int)
            seen.update(name for name in ("replaced", "cancelled") if event[name])
            if event["link_to_join"]:
                seen.add("remote")
            if event["source"] == "PLAN" and event["homework"]["descriptions"] == ["Не задано"]:
                assert event["homework"]["total_count"] == 0
                seen.add("Не задано")
            if event["homework"] and event["homework"]["total_count"] > len(event["homework"]["entries"]):
                seen.add("entries left out")
            seen.add(str(event["course_lesson_type"]))
    assert seen >= {"EC", "AE", "replaced", "cancelled", "Не задано", "entries left out", "THEMATIC_TEST"}


def test_cancelled_lessons_are_in_the_calendar_and_not_in_the_short_days(world: World) -> None:
    """The calendar flags them, the short form leaves them out."""
    checked = 0
    for child in list(children(world))[:10]:
        for lesson in world.lessons(child.id, SINCE, TODAY):
            if lesson.change is LessonChange.CANCELLED and lesson.kind is LessonKind.REGULAR:
                body: Any = schedule.short(world, child, [lesson.on])
                ids = {item["schedule_item_id"] for item in body["payload"][0]["lessons"]}
                assert lesson.id not in ids
                checked += 1
    assert checked > 0


def test_debts_come_as_unsigned_numbers_for_some(world: World) -> None:
    """A negative amount is itself or 2^32 more, a positive one always itself."""
    debts = {meals.money(child, -8000) for child in children(world)}
    assert debts == {-8000, 4294959296}
    assert {meals.money(child, 45250) for child in children(world)} == {45250}
    assert {meals.money(child, -8000) for child in children(world) if is_plain(child)} == {-8000}


async def test_one_failed_source_leaves_the_rest(town: Town) -> None:
    """By the fault `errors` names the source, and the lessons are all there; afterwards it is null again."""
    parent = await town.family("moscow@example.test")
    child = parent.children[0]
    town.state.faults.add(Fault(kind=FaultKind.PARTIAL, host="school.mos.ru", count=1))
    asked: dict[str, str | int] = {
        "person_ids": child.person.uuid,
        "begin_date": "2026-11-09",
        "end_date": "2026-11-15",
    }
    path = "/api/eventcalendar/v1/api/events"
    partial, whole = await parent.read(path, **asked), await parent.read(path, **asked)
    assert partial["errors"] == {"AFISHA": [{"error_description": "source timeout"}]}
    assert whole["errors"] is None
    assert partial["response"] == [one for one in whole["response"] if one["source"] != "AFISHA"] != []


async def test_lists_in_the_query_take_commas_and_repetition(town: Town) -> None:
    """`expand=a,b`, `expand=a&expand=b`; several children in one call; a day asked twice is given twice."""
    parent = await town.family("moscow@example.test")
    uuids = [child.person.uuid for child in parent.children]
    base = "/api/eventcalendar/v1/api/events?begin_date=2026-11-09&end_date=2026-11-15"
    forms = (
        f"{base}&person_ids={','.join(uuids)}&expand=marks,homework",
        f"{base}&person_ids={uuids[0]}&person_ids={uuids[1]}&expand=marks&expand=homework",
    )
    first, second = [(await parent.call("GET", form)).json() for form in forms]
    assert first == second
    assert len({event["class_unit_name"] for event in first["response"]}) == 2
    number = student_id(parent.children[0].id)
    days = await parent.read("fm/schedule/short", student_id=number, dates="2026-11-10,2026-11-08")
    assert [day["date"] for day in days["payload"]] == ["2026-11-10", "2026-11-08"]
    assert days["payload"][1]["lessons"] == []


async def test_short_homework_is_filtered_and_paged(town: Town) -> None:
    """By subject, and by pages that count from 1; without `per_page` everything comes at once."""
    parent = await town.family("moscow@example.test")
    asked: dict[str, str | int] = {
        "student_id": student_id(parent.children[0].id),
        "from": "2026-10-01",
        "to": "2026-11-11",
    }
    path = "fm/homeworks/short"
    whole = (await parent.read(path, **asked))["payload"]
    pages = [(await parent.read(path, **asked, per_page=7, page=n))["payload"] for n in (1, 2)]
    assert [*pages[0], *pages[1]] == whole[:14]
    assert (await parent.read(path, **asked, per_page=7))["payload"] == whole[:7]
    assert (await parent.read(path, **asked, per_page=7, page=0))["payload"] == []
    subject_id = whole[0]["subject_id"]
    of_subject = (await parent.read(path, **asked, subject_id=subject_id))["payload"]
    assert of_subject == [task for task in whole if task["subject_id"] == subject_id]


async def test_passes_are_given_for_seven_days_at_most(town: Town) -> None:
    """Six days later is the last allowed end; days without passes are absent."""
    parent = await town.family("moscow@example.test")
    uuid = parent.children[0].person.uuid
    path = "/api/pass/entrances/v1/visit_durations"
    week = await parent.read(path, personId=uuid, **{"from": "2026-11-02", "to": "2026-11-08"})
    assert "2026-11-08" not in [day["date"] for day in week["payload"]]
    longer = await parent.get(path, None, personId=uuid, **{"from": "2026-11-02", "to": "2026-11-09"})
    assert longer.status_code == 400


async def test_meals_give_a_thousand_at_most_and_page(town: Town) -> None:
    """`limit` over 1000 is refused; `offset` goes on where the page ended."""
    parent = await town.family("moscow@example.test")
    client = json.dumps({"personId": parent.children[0].person.uuid})
    span: dict[str, str | int] = {"clientId": client, "from": "2026-09-01", "to": "2026-11-11"}
    path = "/api/food/meals/v3/transactions"
    assert (await parent.get(path, None, **span, limit=1001)).status_code == 400
    whole = (await parent.read(path, **span, limit=1000))["transactions"]
    first = await parent.read(path, **span, limit=3)
    second = await parent.read(path, **span, limit=3, offset=3)
    assert first["hasNext"] is True
    assert [*first["transactions"], *second["transactions"]] == whole[:6]


async def test_a_year_without_data_has_no_subjects(town: Town) -> None:
    """Final marks of a year to come, of one too long ago, and of the first year of school: no error."""
    parent = await town.family("moscow@example.test")
    older, younger = (child.person.uuid for child in parent.children)
    for uuid, number in ((older, 15), (older, 11), (younger, 12)):
        path = {"person_id": uuid, "academic_year_id": number}
        assert await parent.read("fw/final_marks/v2", **path) == {"subjects": []}


async def test_former_years_are_kept(town: Town) -> None:
    """The two years before this one, with the terms as they were cut then."""
    parent = await town.family("moscow@example.test")
    child = parent.children[0]
    for past in town.state.world.past_years(child.id):
        path = {"person_id": child.person.uuid, "academic_year_id": past.year.start - 2012}
        (first, *others) = (await parent.read("fw/final_marks/v2", **path))["subjects"]
        assert {one["id"] for one in (first, *others)} == {result.subject_id for result in past.results}
        own = [result for result in past.results if result.subject_id == first["id"]]
        displays = [*(period["final_mark"] for period in first["periods"]), first["year_mark"]]
        wanted = [one.display for one in own if one.kind in (ResultKind.TERM, ResultKind.YEAR)]
        assert displays == wanted
        assert [period["start_date"] for period in first["periods"]] == [
            term.since.isoformat() for term in past.terms[:-1]
        ]


async def test_another_rounding_moves_the_target(town: Town) -> None:
    """`ceil_after` in any form is the threshold; nonsense is refused."""
    parent = await town.family("moscow@example.test")
    number = student_id(parent.children[0].id)
    path = "fm/subject_marks/short"
    bodies = [await parent.read(path, student_id=number, ceil_after=form) for form in ("60", "0.6", ".60")]
    assert bodies[0] == bodies[1] == bodies[2]
    rounds = {s["target"]["round"] for s in bodies[0]["payload"] if s["target"]} - {None}
    assert rounds
    assert all(value.endswith(".60") for value in rounds)
    for bad in ("x", "NaN", "Infinity", "-1", "0", "100"):
        assert (await parent.get(path, None, student_id=number, ceil_after=bad)).status_code == 400


async def test_targets_really_reach_the_next_mark(town: Town) -> None:
    """Adding what a path says reaches the threshold, one mark fewer does not."""
    parent = await town.family("moscow@example.test")
    for child in parent.children:
        body = await parent.read("fm/subject_marks/short", student_id=student_id(child.id))
        for subject in body["payload"]:
            if subject["target"] is None or subject["target"]["round"] is None:
                continue
            counted = [m for m in subject["marks"] if not m["is_point"] and m["weight"]]
            parts = [(v["grade"]["five"], m["weight"]) for m in counted for v in m["values"]]
            held = [(five, weight) for five, weight in parts if five is not None]
            threshold = float(subject["target"]["round"])
            for path in subject["target"]["paths"]:
                for fewer, reached in ((0, True), (1, False)):
                    more = [(path["value"], path["weight"])] * (path["remain"] - fewer)
                    total = sum(five * weight for five, weight in [*held, *more])
                    mean = total / sum(weight for _, weight in [*held, *more])
                    assert (mean >= threshold - 1e-9) is reached, subject["subject_name"]


async def test_settings_are_an_empty_body_until_stored(town: Town) -> None:
    """200 and nothing, then what was put."""
    parent = await town.family("moscow@example.test")
    path = "/api/usersettings/v1?name=settings_group_v1&subsystem_id=1"
    empty = await parent.call("GET", path)
    assert (empty.status_code, empty.content) == (200, b"")
    settings = {"goal": True, "theme": {"type": "light"}, "schedule_type": "full"}
    assert (await parent.call("PUT", path, json=settings)).status_code == 200
    assert (await parent.call("GET", path)).json() == settings
    assert (await parent.call("PUT", path, content=b"nonsense")).status_code == 400


async def test_the_feed_reaches_a_month_back(town: Town) -> None:
    """Its times have a space and a fraction, no zone."""
    parent = await town.family("moscow@example.test")
    feed = await parent.read("fm/notifications/search", student_id=student_id(parent.children[0].id))
    stamps = [datetime.strptime(entry["datetime"], "%Y-%m-%d %H:%M:%S.%f") for entry in feed]
    assert min(stamps).date() >= town.state.clock.today() - timedelta(days=30)
