"""A parent tells the school of an absence, sees what becomes of it, and takes it back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot

from diary_api.retention import Retention
from diary_core.errors import AbsenceRefused, RegionDown
from diary_core.model import NewAbsenceNotice
from tests.api.absences.telling import DAY, ON, WEEK, Teller, a_teller
from tests.api.running import LinkedFamily, RunningGateway
from tests.api.tiny import TinyTown, a_child

pytestmark = pytest.mark.anyio

LESSON = "enrolment-of-vera-2026-09-17-2"


@pytest.fixture
async def olga(tiny: RunningGateway, town: TinyTown) -> Teller:
    """A parent whose diary takes notices."""
    return await a_teller(tiny, town)


async def test_a_notice_is_told_seen_and_taken_back(olga: Teller) -> None:
    """The diary answers in time: 201 with its receipt, then seen in every way, then withdrawn."""
    answer = await olga.tell()
    assert answer.status_code == 201
    (notice,) = answer.json()["items"]
    assert notice == snapshot(
        {
            "id": IsStr(regex=r"ntc_[a-z2-7]{26}"),
            "child_id": IsStr(regex=r"chd_[a-z2-7]{26}"),
            "enrolment_id": IsStr(regex=r"enr_[a-z2-7]{26}"),
            "date": "2026-09-17",
            "lesson_ids": [],
            "reason_code": "3",
            "comment": "Едем к бабушке",
            "state": "delivered",
            "problem": None,
            "receipts": ["1"],
            "told_through": None,
            "told_at": "2026-09-16T09:00:00Z",
            "changed_at": "2026-09-16T09:00:00Z",
            "next_try_at": None,
        }
    )
    assert await olga.show(notice["id"]) == notice
    listed = await olga.list()
    assert (listed["items"], listed["elsewhere"], listed["stale"]) == ([notice], [], False)
    assert olga.standing == [(DAY, None)]
    back = await olga.withdraw(notice["id"])
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    assert olga.standing == []
    assert (await olga.withdraw(notice["id"])).status_code == 200
    assert (olga.town.calls["notify"], olga.town.calls["withdraw"]) == (1, 1)


async def test_lessons_and_spans(olga: Teller) -> None:
    """Lessons of one day are one notice; of a span each school day is one, Saturday and Sunday are none."""
    lessons = await olga.told(lesson_ids=[LESSON, LESSON])
    assert (lessons["lesson_ids"], lessons["state"]) == ([LESSON], "delivered")
    answer = await olga.tell(since="2026-09-18", until="2026-09-22", comment=" \u200b ")
    days = [(one["date"], one["comment"], one["state"]) for one in answer.json()["items"]]
    assert days == [(day, None, "delivered") for day in ("2026-09-18", "2026-09-21", "2026-09-22")]
    assert sorted(olga.standing) == [(DAY, LESSON), *((day, None) for day, _, _ in days)]  # side by side


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "the day is over": ({"since": "2026-09-15"}, "absence_in_past"),
    "a span that began before": ({"since": "2026-09-15", "until": "2026-09-18"}, "absence_in_past"),
    "a span that ends before it begins": ({"until": "2026-09-16"}, "span_reversed"),
    "too many days": ({"until": "2026-10-18"}, "invalid_input"),
    "lessons of several days": ({"until": "2026-09-18", "lesson_ids": [LESSON]}, "invalid_input"),
    "a lesson that is not there": ({"lesson_ids": ["no-such-lesson"]}, "lesson_unknown"),
    "a lesson of another day": ({"since": "2026-09-18", "lesson_ids": [LESSON]}, "lesson_unknown"),
    "no lessons at all": ({"since": "2026-09-19", "until": "2026-09-20"}, "lesson_unknown"),
    "a reason of nobody's": ({"reason_code": "4"}, "absence_reason_unknown"),
    "a huge comment": ({"comment": "х" * 501}, "invalid_input"),
    "a field of nobody's": ({"why": "x"}, "invalid_input"),
}


async def test_what_cannot_be_told_changes_nothing(olga: Teller) -> None:
    """Each is a problem that says what to do; nothing is kept, nothing reaches the diary."""
    wrong = {
        name: (answer.status_code, answer.json()["code"])
        for name, (changed, code) in REFUSED.items()
        if (answer := await olga.tell(**changed)).json().get("code") != code or not answer.json()["remedy"]
    }
    assert wrong == {}
    assert (await olga.list())["items"] == []
    assert olga.town.told == []


@pytest.mark.parametrize(
    ("first", "second"), [({}, {}), ({}, {"lesson_ids": [LESSON]}), ({"lesson_ids": [LESSON]}, {})]
)
async def test_what_overlaps_is_refused(olga: Teller, first: dict[str, Any], second: dict[str, Any]) -> None:
    """A day and a lesson of it do not go together, be the first one told, on its way, or another parent's."""
    olga.town.trouble = RegionDown()
    waiting = await olga.told(**first)
    assert (await olga.tell(**second)).json()["code"] == "absence_overlaps"
    olga.town.trouble = None
    await olga.later(minutes=1)
    assert (await olga.state(waiting["id"]))[0] == "delivered"
    assert (await olga.tell(**second)).json()["code"] == "absence_overlaps"
    await olga.withdraw(waiting["id"])
    lesson = LESSON if first else None
    olga.town.stand(NewAbsenceNotice(date=ON, reason_code="3"), lesson, "other")
    assert (await olga.tell(**second)).json()["code"] == "absence_overlaps"
    assert [one["told_by"] for one in (await olga.list())["elsewhere"]] == ["other"]
    assert len(olga.town.told) == 1
    assert [one["state"] for one in (await olga.list())["items"]] == ["withdrawn"]


async def test_what_the_diary_refuses_is_told_and_not_kept(olga: Teller) -> None:
    """Its refusal is the answer; the same key may be tried again."""
    olga.town.troubles["notify"] = AbsenceRefused()
    answer = await olga.tell(key="same")
    assert (answer.status_code, answer.json()["code"]) == (409, "absence_refused")
    assert (await olga.list())["items"] == []
    del olga.town.troubles["notify"]
    assert (await olga.tell(key="same")).status_code == 201


async def test_a_key_is_kept_with_what_it_made(olga: Teller) -> None:
    """Sent twice it tells once, and shows how far that has come; for another request it is refused."""
    olga.town.trouble = RegionDown()
    first = await olga.told(key="same")
    assert first["state"] == "accepted"
    olga.town.trouble = None
    await olga.later(minutes=1)
    again = await olga.tell(key="same")
    assert (again.status_code, again.json()["items"][0]["id"]) == (201, first["id"])
    assert again.json()["items"][0]["state"] == "delivered"
    assert (await olga.tell(key="same", comment="другое")).json()["code"] == "conflict"
    assert len(olga.town.told) == 1


async def test_a_key_is_for_one_class(tiny: RunningGateway, town: TinyTown) -> None:
    """The same words about another class of the child are another request: nobody takes it for told."""
    town.notices = {}
    town.children["ivan"] = [
        a_child("petya", "Пётр", enrolment="morning"),
        a_child("petya", "Пётр", enrolment="evening", group="8-А"),
    ]
    family = await tiny.family("ivan")
    (child,) = (await family.parent.get("/v1/children")).json()["items"]
    told = [
        await family.parent.post(
            f"/v1/children/{child['id']}/absence-notices",
            json={"since": DAY, "reason_code": "3"},
            params={"enrolment": place["id"]},
            headers={"Idempotency-Key": "same"},
        )
        for place in child["enrolments"]
    ]
    assert [answer.status_code for answer in told] == [201, 409]
    assert told[1].json()["code"] == "conflict"


async def test_the_next_read_shows_it(olga: Teller) -> None:
    """What was known of the diary is asked for anew after each write, and stays to fall back on."""
    await olga.list()
    await olga.list()
    assert olga.town.calls["notices"] == 1
    notice = await olga.told()
    asked = olga.town.calls["notices"]
    await olga.list()
    assert olga.town.calls["notices"] == asked + 1
    await olga.withdraw(notice["id"])
    olga.town.trouble = RegionDown()
    listed = await olga.list()
    assert (listed["stale"], listed["stale_reason"]) == (True, "region_down")
    assert listed["as_of"] is not None


async def test_a_diary_without_notices(tiny: RunningGateway) -> None:
    """It says so by name, whatever is asked; the catalogue says it before anyone signs in."""
    family = await tiny.family()
    olga = Teller(tiny, TinyTown(tiny.clock), family.parent, family.child_ids[0])
    answers = [
        await olga.tell(),
        await family.read("absence-notices", **WEEK),
        await family.read("absence-notices/reasons"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "not_supported")] * 3


async def test_reasons_are_the_diarys(olga: Teller) -> None:
    """Code and words, in its order."""
    answer = await olga.client.get(f"{olga.address}/reasons")
    assert [(one["code"], one["title"]) for one in answer.json()["items"]] == [
        ("1", "Болезнь"),
        ("3", "Семейные обстоятельства"),
    ]


def in_clear(folder: Path, words: str) -> list[str]:
    """Return the files of the database that hold words as they are."""
    return [path.name for path in folder.glob("diary.db*") if words.encode() in path.read_bytes()]


async def test_it_is_sealed_taken_along_and_forgotten(olga: Teller, tmp_path: Path) -> None:
    """The words stand nowhere in clear, come with the export, and go with age, the link and the account."""
    notice = await olga.told(comment="canary-тётя")
    assert in_clear(tmp_path, "canary-тётя") == []
    assert (await olga.client.get("/v1/me/export")).json()["absence_notices"] == [notice]
    gateway = olga.gate.gateway
    olga.gate.clock.move(timedelta(days=402))
    await Retention(gateway.storage, gateway.settings, olga.gate.clock).sweep()
    again = await olga.gate.parent()
    assert (await again.get("/v1/me/export")).json()["absence_notices"] == []


async def test_unlinked_it_is_forgotten(olga: Teller) -> None:
    """With the link goes everything that was told through it, also what still waits."""
    olga.town.trouble = RegionDown()
    await olga.told()
    (link,) = (await olga.client.get("/v1/connections")).json()["items"]
    await olga.client.delete(f"/v1/connections/{link['id']}")
    assert (await olga.client.get("/v1/me/export")).json()["absence_notices"] == []
    olga.town.trouble = None
    await olga.later(minutes=5)
    assert olga.town.told == []


async def test_a_strangers_notice_looks_like_nothing(olga: Teller) -> None:
    """Neither another parent nor the same parent by the sister's address sees or takes it."""
    notice = await olga.told()
    ivan: LinkedFamily = await olga.gate.family("ivan")
    children = (await olga.client.get("/v1/children")).json()["items"]
    for client, child_id in ((ivan.parent, ivan.child_ids[0]), (olga.client, children[1]["id"])):
        other = Teller(olga.gate, olga.town, client, child_id)
        answers = [await client.get(f"{other.address}/{notice['id']}"), await other.withdraw(notice["id"])]
        assert [one.json()["code"] for one in answers] == ["absence_notice_unknown"] * 2
    assert olga.standing == [(DAY, None)]


async def test_what_was_told_on_the_diarys_site_is_taken_back(olga: Teller) -> None:
    """By the id it is listed under, once; another parent's and nobody's are not, nor one of a past day."""
    for day in (21, 22, 14):
        notice = NewAbsenceNotice(date=ON.replace(day=day), reason_code="1")
        olga.town.stand(notice, None, "other" if day == 22 else "self")
    back = await olga.withdraw("2026-09-21.day")
    assert (back.status_code, back.json()["state"], back.json()["told_through"]) == (200, "withdrawn", None)
    codes = [(await olga.withdraw(f"2026-09-{day}.day")).json()["code"] for day in (21, 22, 14, 23)]
    assert codes == ["absence_notice_unknown", "conflict", "absence_in_past", "absence_notice_unknown"]
    ours = await olga.told()
    assert (await olga.withdraw(f"{DAY}.day")).json()["id"] == ours["id"]
    assert [day for day, _ in olga.standing] == ["2026-09-22", "2026-09-14"]
