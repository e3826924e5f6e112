"""The bodies served have the shape of the known samples: the same keys, the same types, field by field."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.mesh.wire import family as family_wire
from diary_sandbox.mesh.wire.variety import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from diary_sandbox.state import SandboxState

    from .conftest import Family, Town

SAMPLES = Path(__file__).parents[2] / "samples" / "mesh"
YEAR: dict[str, str | int] = {"from": "2026-09-01", "to": "2027-05-31"}

pytestmark = pytest.mark.anyio

Shape = dict[str, set[str]]

# What is served and the samples do not happen to show; every line is what public clients read.
MORE_TYPES = {
    "eventcalendar_events": {
        ".response[].link_to_join": {"str"},
        ".response[].is_all_day": {"bool"},
        ".response[].author_name": {"str"},
        ".response[].health_status": {"str"},
        ".response[].homework.entries[].materials": {"null"},
        ".response[].marks[].criteria": {"list"},
        ".response[].marks[].values[].grade.five": {"null"},
        ".response[].marks[].values[].grade.hundred": {"null"},
    },
    "lesson_schedule_item": {
        ".course_lesson_type": {"null"},
        ".marks[].point_date": {"str"},
        ".marks[].values[].grade.five": {"null"},
        ".marks[].values[].grade.hundred": {"null"},
        ".building_name": {"null"},
        ".comment": {"null"},
        ".nonattendance_reason_id": {"int"},
        ".disease_status_type": {"str"},
        ".details.lesson_topic": {"null"},
    },
    "marks": {},
    "mark_details": {
        ".point_date": {"str"},
        ".criteria": {"list"},
        ".activity.lesson_topic": {"null"},
        ".values[].grade.five": {"null"},
        ".values[].grade.hundred": {"null"},
    },
    "subject_marks": {
        ".payload[].year_mark": {"str"},
        ".payload[].periods[].fixed_value": {"str"},
        ".payload[].periods[].target.round": {"null"},
        ".payload[].periods[].target": {"null"},
        ".payload[].periods[].marks[].point_date": {"str"},
        ".payload[].periods[].marks[].values[].grade.five": {"null"},
        ".payload[].periods[].marks[].values[].grade.hundred": {"null"},
    },
    "subject_marks_short": {
        ".payload[].fixed_value": {"str"},
        ".payload[].target.round": {"null"},
        ".payload[].marks[].point_date": {"str"},
        ".payload[].marks[].criteria": {"list"},
        ".payload[].marks[].values[].grade.five": {"null"},
        ".payload[].marks[].values[].grade.hundred": {"null"},
    },
    "homeworks": {},
    "attendance": {
        ".attendance[].reason_id": {"null"},
        ".attendance[].lessons[].reason_id": {"null"},
    },
    "periods_schedules": {"[].description": {"str"}},
    "notifications_search": {"[].old_mark_value": {"str"}, "[].old_mark_weight": {"int"}},
    "final_marks_v2": {
        ".subjects[].intermediate_attestation_mark": {"str"},
    },
    "family_profile": {
        ".children[].phone": {"str"},
        ".children[].groups[].subject_id": {"str"},
        ".children[].email": {"str"},
    },
    "schedule_short": {},
    "visit_durations": {},
    "meals_balance": {},
    "rating_rank_class": {},
    "school_info": {},
}


def shape_of(value: object, path: str = "", shape: Shape | None = None) -> Shape:
    """Return every path of a JSON value with the types found there; `[]` stands for any index."""
    found: Shape = defaultdict(set) if shape is None else shape
    if isinstance(value, dict):
        found[path].add("dict")
        for key, inner in cast("dict[str, object]", value).items():
            shape_of(inner, f"{path}.{key}", found)
    elif isinstance(value, list):
        found[path].add("list")
        for inner in cast("list[object]", value):
            shape_of(inner, f"{path}[]", found)
    else:
        found[path].add("null" if value is None else type(value).__name__)
    return found


def differences(name: str, served: Any) -> list[str]:
    """Return what a served body has that its sample has not, and the other way round."""
    sample = shape_of(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))
    found = shape_of(served)
    allowed = MORE_TYPES[name]
    known_inside = {path for path, types in sample.items() if types & {"dict", "list"}}
    problems: list[str] = []
    for path, types in found.items():
        parent = path.rpartition("." if not path.endswith("[]") else "[]")[0]
        if path not in sample:
            if parent in known_inside and has_content(sample, parent):
                problems.append(f"{path} is not in the sample")
            continue
        extra = types - sample[path] - allowed.get(path, set())
        problems += [f"{path} is {kind}, in the sample {sorted(sample[path])}" for kind in sorted(extra)]
    problems += [f"{path} is missing" for path in sample if path not in found and served_inside(found, path)]
    return problems


def has_content(sample: Shape, path: str) -> bool:
    """Say whether the sample shows anything inside a path; an empty list says nothing of its items."""
    return any(other != path and other.startswith((f"{path}.", f"{path}[")) for other in sample)


def served_inside(found: Shape, path: str) -> bool:
    """Say whether the object a path belongs to was served at all."""
    return not path.endswith("[]") and "dict" in found.get(path.rpartition(".")[0], set())


@pytest.fixture
def state(new_state: Callable[..., SandboxState]) -> SandboxState:
    """Return a sandbox at the end of a school year, when everything has happened at least once."""
    return new_state(datetime(2027, 5, 31, 17, 0, tzinfo=MOSCOW), seed=5, families=14)


@pytest.fixture
async def plain(town: Town) -> tuple[Family, dict[str, Any]]:
    """Return a family and the profile of its plain child, whose fields have the commonest forms."""
    family = await town.family("moscow@example.test")
    index = next(number for number, child in enumerate(family.children) if is_plain(child))
    profile = await family.read("fm/profile")
    return family, profile["children"][index]


async def test_auth_bodies(town: Town) -> None:
    """The token exchange and the profiles look as sampled."""
    browser = town.browser()
    answer = await town.sudir_auth(browser, await town.city_token(browser, "moscow@example.test"))
    sample = json.loads((SAMPLES / "auth_sudir_auth.json").read_text())
    assert shape_of(answer.json()) == shape_of(sample)
    parent = town.state.world.parent(town.state.world.personas()[0].parent_id)
    sample = json.loads((SAMPLES / "acl_profile_info.json").read_text())
    assert shape_of(family_wire.profiles(parent, linked=True)) == shape_of(sample)


async def test_family_profile(plain: tuple[Family, dict[str, Any]]) -> None:
    """`fm/profile`."""
    family, _ = plain
    assert differences("family_profile", await family.read("fm/profile")) == []


@pytest.mark.parametrize(
    ("name", "path", "extra"),
    [
        ("marks", "fm/marks", YEAR),
        ("subject_marks", "fm/subject_marks", {}),
        ("subject_marks_short", "fm/subject_marks/short", {}),
        ("homeworks", "fm/homeworks", YEAR),
        ("attendance", "fm/attendance", YEAR),
        ("periods_schedules", "fm/periods_schedules", YEAR),
        ("notifications_search", "fm/notifications/search", {}),
    ],
)
async def test_bodies_by_student_id(
    plain: tuple[Family, dict[str, Any]], name: str, path: str, extra: dict[str, str | int]
) -> None:
    """Everything a `student_id` opens."""
    family, child = plain
    body = await family.read(path, student_id=child["id"], **extra)
    assert differences(name, body) == []


async def test_events(plain: tuple[Family, dict[str, Any]]) -> None:
    """The merged calendar of a whole year in one call, as one loader asks for it."""
    family, child = plain
    body = await family.read(
        "/api/eventcalendar/v1/api/events",
        person_ids=child["contingent_guid"],
        begin_date="2026-09-01",
        end_date="2027-05-31",
        expand="homework,marks,absence_reason_id,health_status,nonattendance_reason_id",
    )
    assert differences("eventcalendar_events", body) == []
    sources = {event["source"] for event in body["response"]}
    assert sources >= {"PLAN", "EC", "ORGANIZER"}
    assert sources & {"EVENTS", "AFISHA", "OLYMPIAD"}


async def test_short_schedule_and_lesson_details(plain: tuple[Family, dict[str, Any]]) -> None:
    """Two months of short days, and every lesson of two weeks in full."""
    family, child = plain
    days = ",".join(f"2027-0{month}-{day:02d}" for month in (3, 4) for day in range(1, 31))
    body = await family.read("fm/schedule/short", student_id=child["id"], dates=days)
    assert differences("schedule_short", body) == []
    problems: set[str] = set()
    for day in body["payload"][5:19]:
        for lesson in day["lessons"]:
            details = await family.read(
                f"fm/lesson_schedule_items/{lesson['schedule_item_id']}", student_id=child["id"], type="OO"
            )
            problems |= set(differences("lesson_schedule_item", details))
    assert problems == set()


async def test_mark_details(plain: tuple[Family, dict[str, Any]]) -> None:
    """Every mark of a month in full; marks that were changed show their history."""
    family, child = plain
    marks = await family.read(
        "fm/marks", student_id=child["id"], **{"from": "2027-04-01", "to": "2027-04-30"}
    )
    problems: set[str] = set()
    histories = 0
    for mark in marks["payload"]:
        details = await family.read(f"fm/marks/{mark['id']}", student_id=child["id"])
        histories += len(details["history"])
        problems |= set(differences("mark_details", details))
    assert problems == set()
    assert histories > 0


async def test_bodies_by_person(plain: tuple[Family, dict[str, Any]]) -> None:
    """Final marks, passes, meals and the rating."""
    family, child = plain
    uuid = child["contingent_guid"]
    final = await family.read("fw/final_marks/v2", person_id=uuid, academic_year_id=14)
    assert differences("final_marks_v2", final) == []
    visits: list[Any] = []
    for week in ("2027-04-05", "2027-04-12", "2027-04-19"):
        until = f"{week[:8]}{int(week[8:]) + 6:02d}"
        body = await family.read(
            "/api/pass/entrances/v1/visit_durations", personId=uuid, **{"from": week, "to": until}
        )
        visits += body["payload"]
    assert differences("visit_durations", {"payload": visits}) == []
    client = json.dumps([{"personId": uuid}])
    balances = await family.read("/api/food/meals/v3/clients/balance", clientIds=client)
    problems = differences("meals_balance", balances)
    # One account shows one of the two forms of each constraint.
    assert [problem for problem in problems if "expenseConstraints" not in problem] == []
    rank = await family.read(
        "/api/ej/rating/v1/rank/class", personId=uuid, classUnitId=child["class_unit_id"], date="2027-05-20"
    )
    assert differences("rating_rank_class", rank) == []


async def test_school_info(plain: tuple[Family, dict[str, Any]]) -> None:
    """`fm/school_info`."""
    family, child = plain
    body = await family.read(
        "fm/school_info", school_id=child["school"]["id"], class_unit_id=child["class_unit_id"]
    )
    assert differences("school_info", body) == []


async def test_saved_accounts(town: Town) -> None:
    """The portal's list: `SYSTEM` on some accounts only."""
    browser = town.browser()
    form = {"j_username": "moscow@example.test", "j_password": "sandbox-mos", "accessType": "alias"}
    await browser.post("https://pgu.mos.ru/sps/j_security_check", data=form)
    page = (await browser.get("https://pgu.mos.ru/ru/application/dogm/journal/")).text
    values = {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("system_id", "nonce", "timestamp", "signature")
    }
    token = (await browser.post("https://pgu.mos.ru/data/token", data=values)).json()["token"]
    body = (await browser.get(f"https://pgu.mos.ru/data/{token}/profile/me/E_DIARY/?_=1")).json()
    sample = json.loads((SAMPLES / "legacy_pgu_e_diary_list.json").read_text())
    assert shape_of(body) == shape_of(sample)
    assert [set(entry) for entry in body["data"]] == [set(entry) for entry in sample["data"]]


def test_every_sample_is_compared() -> None:
    """No sample file is forgotten."""
    elsewhere = {"auth_sudir_auth", "acl_profile_info", "legacy_pgu_e_diary_list"}
    assert {path.stem for path in SAMPLES.glob("*.json")} == MORE_TYPES.keys() | elsewhere
