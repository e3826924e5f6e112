"""What a parent may change through the wire: done flags, absence notices, signatures; and files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diary_sandbox.edits import CancelLesson
from diary_sandbox.mesh.wire.ids import entry_student_id, student_id
from diary_sandbox.world import AbsenceReason, DigitalMaterial, HomeworkTask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .conftest import Family, Town

CORE = "/api/ej/core/family/v1"
MONDAY = "2026-11-23"

pytestmark = pytest.mark.anyio


@pytest.fixture
async def mother(town: Town) -> Family:
    """Return a signed-in mother of two."""
    return await town.family("moscow@example.test")


def notices_of(family: Family) -> list[Any]:
    """Return the standing notices of the first child from today on."""
    world = family.town.state.world
    today = family.town.state.clock.today()
    return list(world.absence_notices(family.children[0].id, today, world.year.until))


async def post(family: Family, method: str, path: str, *notifications: Mapping[str, object]) -> Any:
    """Send notices for the first child."""
    body = {"student_id": student_id(family.children[0].id), "notifications": list(notifications)}
    return await family.call(method, path, json=body)


async def test_the_done_flag_is_ticked_and_unticked(mother: Family) -> None:
    """POST and PUT tick, DELETE unticks; the list and the world agree, the other child is untouched."""
    world = mother.town.state.world
    child = mother.children[0]
    week: dict[str, str | int] = {"from": "2026-11-09", "to": "2026-11-21"}
    task = next(
        task for task in world.homework(child.id, date(2026, 11, 9), date(2026, 11, 21)) if not task.done
    )
    key = entry_student_id(task.id, child.id)
    for method, done in (("POST", True), ("DELETE", False), ("PUT", True)):
        answer = await mother.call(method, f"fm/homeworks/{key}/done?type=OO")
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        listed = await mother.read("fm/homeworks", student_id=student_id(child.id), **week)
        shown = {item["homework_entry_student_id"]: item["is_done"] for item in listed["payload"]}
        assert shown[key] is done
        assert world.task(task.id, child.id).done is done


@pytest.mark.parametrize("key", ["0", "x", "1000000", "9" * 25])
async def test_a_task_that_is_not_there_cannot_be_ticked(mother: Family, key: str) -> None:
    """A refusal, never an error of the server."""
    answer = await mother.call("POST", f"fm/homeworks/{key}/done")
    assert answer.status_code in (400, 403, 404)
    own = entry_student_id(1, mother.children[0].id)
    assert (await mother.call("POST", f"fm/homeworks/{own}/done")).status_code == 404


@pytest.mark.parametrize("path", ["fm/attendance", "fm/attendance/v2", "fw/attendance/v2"])
async def test_an_absence_is_announced_and_withdrawn(mother: Family, path: str) -> None:
    """A whole day and one lesson: ids come back, reading shows both, DELETE with a body removes one."""
    bell = mother.town.state.world.bells(mother.children[0].school_id, date(2026, 11, 24))[1]
    created = await post(
        mother,
        "POST",
        path,
        {"date": MONDAY, "reason_id": 3, "description": "Поездка"},
        {"date": "2026-11-24", "reason_id": 1, "bell_id": bell.id, "lesson_education_type": "OO"},
    )
    assert created.status_code == 200
    notices = [notice for notice in notices_of(mother) if notice.on >= date(2026, 11, 23)]
    assert created.json() == {"ids": [notice.id for notice in notices]}
    assert [(n.slot, n.reason, n.comment) for n in notices] == [
        (None, AbsenceReason.FAMILY, "Поездка"),
        (2, AbsenceReason.ILLNESS, None),
    ]
    shown = await mother.read(
        "fm/attendance",
        student_id=student_id(mother.children[0].id),
        **{"from": MONDAY, "to": "2026-11-29"},
    )
    lesson_day, whole_day = shown["attendance"]
    assert whole_day["date"] == MONDAY
    assert (whole_day["notified"], whole_day["lessons"]) == (True, [])
    assert (whole_day["reason_id"], whole_day["description"]) == (3, "Поездка")
    assert whole_day["parent_profile_id"] == int(mother.profile_id)
    assert [lesson["bell_id"] for lesson in lesson_day["lessons"]] == [bell.id]
    assert lesson_day["lessons"][0]["notified"] is True
    gone = await post(mother, "DELETE", "fm/attendance", {"date": MONDAY})
    assert gone.status_code == 200
    assert [n.on for n in notices_of(mother) if n.on >= date(2026, 11, 23)] == [date(2026, 11, 24)]


async def test_a_lesson_may_be_named_by_its_time(mother: Family) -> None:
    """`begin_time` does as well as `bell_id`."""
    bell = mother.town.state.world.bells(mother.children[0].school_id, date(2026, 11, 24))[2]
    entry = {"date": "2026-11-24", "reason_id": 1, "begin_time": f"{bell.starts:%H:%M}", "end_time": "x"}
    assert (await post(mother, "POST", "fm/attendance/v2", entry)).status_code == 200
    assert notices_of(mother)[-1].slot == bell.slot


async def test_a_notice_is_edited_in_place(mother: Family) -> None:
    """PUT changes reason and words; without a standing notice it is 404; a second POST replaces."""
    missing = await post(mother, "PUT", "fm/attendance", {"date": MONDAY, "reason_id": 3})
    assert missing.status_code == 404
    await post(mother, "POST", "fm/attendance/v2", {"date": MONDAY, "reason_id": 3})
    edited = await post(
        mother, "PUT", "fm/attendance", {"date": MONDAY, "reason_id": 2, "description": "Простуда"}
    )
    assert edited.status_code == 200
    await post(mother, "POST", "fm/attendance/v2", {"date": MONDAY, "reason_id": 1})
    mondays = [notice for notice in notices_of(mother) if notice.on == date(2026, 11, 23)]
    assert [notice.reason for notice in mondays] == [AbsenceReason.ILLNESS]


@pytest.mark.parametrize(
    "entry",
    [
        {"date": "2026-11-10", "reason_id": 3},
        {"date": MONDAY, "reason_id": 4},
        {"date": MONDAY, "reason_id": 99},
        {"date": MONDAY},
        {"date": "soon", "reason_id": 3},
        {"reason_id": 3},
        {"date": MONDAY, "reason_id": 3, "bell_id": 1},
        {"date": MONDAY, "reason_id": 3, "begin_time": "00:01"},
        {"date": MONDAY, "reason_id": "x"},
        {"date": MONDAY, "reason_id": 3, "description": 7},
        {"date": "2027-09-01", "reason_id": 3},
        {"date": "2026-11-30", "reason_id": 3, "begin_time": "08:30"},
    ],
)
async def test_a_bad_notice_changes_nothing(mother: Family, entry: dict[str, object]) -> None:
    """A past day, a reason not for parents, an unknown bell, another year, a lesson of a whole day, nonsense:
    400, and the good one beside it is not stored either."""
    before = notices_of(mother)
    good = {"date": "2026-11-30", "reason_id": 3}
    answer = await post(mother, "POST", "fm/attendance/v2", good, entry)
    assert answer.status_code == 400
    assert notices_of(mother) == before


@pytest.mark.parametrize("body", [None, {}, {"student_id": 1}, {"notifications": []}])
async def test_a_body_without_sense_is_refused(mother: Family, body: object) -> None:
    """400 for shape; a child that is not one's own is 403."""
    own = student_id(mother.children[0].id)
    for method in ("POST", "PUT", "DELETE"):
        answer = await mother.call(method, "fm/attendance", json=body)
        assert answer.status_code in (400, 403)
        empty = await mother.call(method, "fm/attendance", json={"student_id": own, "notifications": []})
        assert empty.status_code == 400
        strings = await mother.call(method, "fm/attendance", json={"student_id": own, "notifications": ["x"]})
        assert strings.status_code == 400


async def test_a_day_and_its_lessons_exclude_each_other(mother: Family) -> None:
    """A lesson of a day that is told of, and the day of a lesson that is: 400, and all stays as it was."""
    lesson = {"date": "2026-11-24", "reason_id": 1, "begin_time": "08:30"}
    whole = {"date": MONDAY, "reason_id": 3}
    for entry in (lesson, whole):
        assert (await post(mother, "POST", "fm/attendance/v2", entry)).status_code == 200
    before = notices_of(mother)
    for entry in ({**lesson, "date": MONDAY}, {**whole, "date": "2026-11-24"}):
        assert (await post(mother, "POST", "fm/attendance/v2", entry)).status_code == 400
    assert notices_of(mother) == before


async def test_a_notice_for_a_cancelled_lesson_is_still_listed(mother: Family) -> None:
    """What was told of a lesson stays to be seen, and to be taken back, when the school cancels it."""
    world, child = mother.town.state.world, mother.children[0]
    lesson = next(
        one for one in world.lessons(child.id, date(2026, 11, 24), date(2026, 11, 24)) if one.half.slot == 2
    )
    entry = {"date": "2026-11-24", "reason_id": 1, "begin_time": f"{lesson.half.starts:%H:%M}"}
    assert (await post(mother, "POST", "fm/attendance/v2", entry)).status_code == 200
    CancelLesson(lesson_id=lesson.id).apply(world)
    days = await mother.read(
        "fm/attendance", student_id=student_id(child.id), **{"from": "2026-11-24", "to": "2026-11-24"}
    )
    assert [one["schedule_item_id"] for one in days["attendance"][0]["lessons"]] == [lesson.id]


async def test_a_past_notice_stays(mother: Family) -> None:
    """When the day has come and gone it cannot be withdrawn; one that was never made is 404."""
    await post(mother, "POST", "fm/attendance/v2", {"date": "2026-11-11", "reason_id": 3})
    mother.town.state.clock.advance(timedelta(hours=20))
    late = await post(mother, "DELETE", "fm/attendance", {"date": "2026-11-11"})
    assert late.status_code == 400
    never = await post(mother, "DELETE", "fm/attendance", {"date": "2026-12-21"})
    assert never.status_code == 404


async def test_a_trusted_person_announces_and_signs_nothing(town: Town) -> None:
    """403, and nothing changes; ticking homework is allowed."""
    nanny = await town.family("nanny@example.test")
    before = notices_of(nanny)
    answer = await post(nanny, "POST", "fm/attendance/v2", {"date": MONDAY, "reason_id": 3})
    assert answer.status_code == 403
    body = {
        "parent_profile_id": int(nanny.profile_id),
        "student_profile_id": student_id(nanny.children[0].id),
        "week": "2026-11-09",
    }
    assert (await nanny.call("POST", f"{CORE}/aware_journals", json=body)).status_code == 403
    assert notices_of(nanny) == before


async def test_reasons_say_what_a_parent_may_choose(mother: Family) -> None:
    """All twelve with their numbers; illness and family are the parent's, «без уведомления» is not."""
    reasons = await mother.read(f"{CORE}/nonattendance_reasons")
    assert [reason["id"] for reason in reasons] == list(range(1, 13))
    parents = {reason["id"] for reason in reasons if reason["is_parent_available"]}
    assert {1, 3} <= parents
    assert not parents & {4, 8}
    assert await mother.read(f"{CORE}/nonattendance_reasons", ae_only="true") == []


async def test_a_week_is_signed_once(mother: Family) -> None:
    """Any day of the week signs its Monday; signing twice keeps one; the list shows it."""
    child = mother.children[1]
    body = {
        "parent_profile_id": int(mother.profile_id),
        "student_profile_id": student_id(child.id),
        "week": "2026-11-11",
    }
    for _ in range(2):
        answer = await mother.call("POST", f"{CORE}/aware_journals", json=body)
        assert (answer.status_code, answer.json()["week"]) == (201, "2026-11-09")
    signed = await mother.read(
        f"{CORE}/aware_journals",
        student_profile_ids=student_id(child.id),
        week_from="2026-11-02",
        week_to="2026-11-09",
    )
    assert [entry["week"] for entry in signed].count("2026-11-09") == 1
    weeks = [signature.week for signature in mother.town.state.world.signatures(child.id)]
    assert weeks.count(date(2026, 11, 9)) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"week": "2026-11-23"}, 400),
        ({"week": "never"}, 400),
        ({"week": None}, 400),
        ({"parent_profile_id": 1}, 403),
        ({"student_profile_id": 1}, 403),
    ],
)
async def test_a_week_cannot_be_signed_wrongly(
    mother: Family, changes: dict[str, object], status: int
) -> None:
    """Not ahead of time, not for another's child, not in another's name."""
    body = {
        "parent_profile_id": int(mother.profile_id),
        "student_profile_id": student_id(mother.children[0].id),
        "week": "2026-11-09",
        **changes,
    }
    assert (await mother.call("POST", f"{CORE}/aware_journals", json=body)).status_code == status


def with_files(family: Family) -> Iterator[HomeworkTask]:
    """Yield the tasks of the family that have files."""
    world = family.town.state.world
    for child in family.children:
        for task in world.homework(child.id, world.year.since, family.town.state.clock.today()):
            if task.attachments:
                yield task


async def test_a_file_link_gives_the_very_bytes(mother: Family) -> None:
    """The link of the list, with the token, gives content, type and name; without a token 401."""
    world = mother.town.state.world
    task = next(with_files(mother))
    file = task.attachments[0]
    owner = next(c for c in mother.children if c.class_id == task.class_id)
    span: dict[str, str | int] = {"from": task.due_on.isoformat(), "to": task.due_on.isoformat()}
    listed = await mother.read("fm/homeworks", student_id=student_id(owner.id), **span)
    links = [
        url["url"]
        for item in listed["payload"]
        for material in item["materials"]
        for url in material["urls"]
        if url["type"] == "file_link" and material["id"] == file.id
    ]
    answer = await mother.browser.get(links[0], headers={"Authorization": f"Bearer {mother.token}"})
    assert answer.status_code == 200
    assert answer.content == world.attachment_bytes(file.id)[1]
    assert answer.headers["content-type"].startswith(file.content_type)
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    assert (await mother.browser.get(links[0])).status_code == 401
    missing = await mother.call("GET", "/api/ej/attachments/v1/files/1")
    assert missing.status_code == 404


async def test_a_digital_task_is_launched_by_redirect_or_by_text(mother: Family) -> None:
    """302 with the address, or the address in quotes as text; another's task is not found."""
    world = mother.town.state.world
    today = mother.town.state.clock.today()
    seen: set[int] = set()
    for child in mother.children:
        found: list[tuple[HomeworkTask, DigitalMaterial]] = [
            (task, material)
            for task in world.homework(child.id, world.year.since, today)
            for material in task.materials
        ]
        for task, material in found:
            answer = await mother.get(
                "/api/ej/partners/v1/homeworks/launch",
                None,
                homework_entry_id=task.id,
                material_id=material.id,
            )
            seen.add(answer.status_code)
            told = answer.headers.get("location") or answer.text.strip('"')
            assert told == material.url
    assert seen == {200, 302}
    answer = await mother.get(
        "/api/ej/partners/v1/homeworks/launch", None, homework_entry_id=1, material_id=1
    )
    assert answer.status_code == 404
