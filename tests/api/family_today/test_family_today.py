"""A family's day: every child at once, and nothing of one diary stands in another's way."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot
from tests.api.running import PASSWORDS, LinkedFamily, MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins

from diary_api.family_today.service import _to_sign
from diary_api.school.schemas import outgoing
from diary_api.settings import Settings
from diary_core.errors import NotSupported, RegionDown
from diary_core.model import Answer, Day, Mark, Source, WeekSignature, known

pytestmark = pytest.mark.anyio


async def today(family: LinkedFamily, **query: str) -> dict[str, Any]:
    answer = await family.parent.get("/v1/family/today", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def with_a_second_diary(family: LinkedFamily) -> str:
    """Link another parent's login too, and return the connection."""
    link = (await family.parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    values = {"values": {"login": "ivan", "password": PASSWORDS["ivan"]}}
    await family.parent.post(f"/v1/connections/{link['id']}/steps", json=values)
    return link["id"]


async def test_a_wednesday(tiny: RunningGateway) -> None:
    """Today and tomorrow with lessons, homework for tomorrow; what the diary has not is named as that."""
    family = await tiny.family()
    answer = await today(family)
    assert [child["name"]["first"] for child in answer["items"]] == ["Вера", "Лада"]
    vera = answer["items"][0]
    days = {part: [day["date"] for day in vera[part]["items"]] for part in ("today", "next_day")}
    assert days == {"today": ["2026-09-16"], "next_day": ["2026-09-17"]}
    assert [task["due_on"] for task in vera["homework"]["items"]] == ["2026-09-17"]
    parts = ("today", "next_day", "homework", "debts", "to_explain", "to_sign", "meetings")
    assert {part: vera[part]["missing"] for part in parts} == snapshot(
        {
            "today": None,
            "next_day": None,
            "homework": None,
            "debts": None,
            "to_explain": "not_supported",
            "to_sign": "not_supported",
            "meetings": "not_supported",
        }
    )
    assert (answer["needs"], answer["cursor"]) == ([], "0")


async def test_on_friday_the_next_day_is_monday(tiny: RunningGateway) -> None:
    """The weekend has no lessons, so next week is looked at."""
    tiny.clock.move(timedelta(days=2))
    family = await tiny.family()
    vera = (await today(family))["items"][0]
    assert [day["date"] for day in vera["next_day"]["items"]] == ["2026-09-21"]


async def test_one_broken_diary_hides_nothing_of_another(tiny: RunningGateway, town: TinyTown) -> None:
    """Its own parts say what is wrong; the other children are all there."""
    family = await tiny.family()
    second = await with_a_second_diary(family)
    town.broken_for["ivan"] = RegionDown("down")
    children = (await today(family))["items"]
    missing = {child["name"]["first"]: child["today"]["missing"] for child in children}
    assert missing == {"Вера": None, "Лада": None, "Пётр": "region_down"}
    del town.broken_for["ivan"]
    town.access = {token: login for token, login in town.access.items() if login != "ivan"}
    town.refresh = {token: login for token, login in town.refresh.items() if login != "ivan"}
    answer = await today(family)
    assert [child["name"]["first"] for child in answer["items"] if child["today"]["missing"]] == ["Пётр"]
    assert answer["needs"] == []  # known at the next look, once it is written down
    assert (await today(family))["needs"] == [
        {"child_id": None, "connection_id": second, "kind": "sign_in", "count": 1}
    ]


async def test_a_slow_diary_gives_its_last_known_answer(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> None:
    """It is waited for a moment only; what comes too late is there for the next look."""
    hasty = settings.model_copy(update={"family_patience": timedelta(milliseconds=50)})
    async with running(hasty, tiny_plugins(town), clock) as gate:
        family = await gate.family()
        await family.read("week")
        gate.clock.move(timedelta(hours=1))
        town.held = asyncio.Event()
        vera, lada = (await today(family))["items"]
        assert (vera["today"]["stale"], vera["today"]["stale_reason"]) == (True, "refreshing")
        assert lada["today"]["missing"] == "region_slow"
        town.held.set()
        await gate.gateway.school.answers.close()
        vera, lada = (await today(family))["items"]
        assert (vera["today"]["stale"], lada["today"]["missing"]) == (False, None)


async def test_debts_and_new_marks(tiny: RunningGateway, town: TinyTown) -> None:
    """A «точка» whose day has passed is owed; a mark that came since the last look is told once."""

    def owed(mark: Mark) -> Mark:
        return mark.model_copy(
            update={"status": "pending", "counts": False, "due_on": date(2026, 9, 14), "display": "•"}
        )

    def edited(day: Day) -> Day:
        if day.date != date(2026, 9, 14):
            return day
        first, *others = day.lessons
        marks = tuple(owed(mark) for mark in known(first.marks) or ())
        return day.model_copy(update={"lessons": (first.model_copy(update={"marks": marks}), *others)})

    family = await tiny.family()
    cursor = (await today(family))["cursor"]
    town.edit = edited
    tiny.clock.move(timedelta(minutes=10))
    answer = await today(family, after=cursor)
    vera = answer["items"][0]
    (debt,) = vera["debts"]["items"]
    assert (debt["mark"]["display"], debt["overdue_since"]) == ("•", "2026-09-15")
    assert [mark["display"] for mark in vera["new_marks"]] == ["•"]
    assert answer["needs"][0] == {
        "child_id": IsStr(regex=r"chd_[a-z2-7]{26}"),
        "connection_id": family.connection_id,
        "kind": "debt",
        "count": 1,
    }
    assert (await today(family, after=answer["cursor"]))["items"][0]["changes"] == []


async def test_a_family_without_a_diary(tiny: RunningGateway) -> None:
    """There is nothing to look at, and nothing is wrong."""
    parent = await tiny.parent("new@example.org")
    assert (await parent.get("/v1/family/today")).json() == {
        "at": "2026-09-16T09:00:00Z",
        "items": [],
        "needs": [],
        "cursor": "0",
    }


async def test_only_who_may_sign_is_asked_to(tiny: RunningGateway, town: TinyTown) -> None:
    """Weeks of summer wait for nobody, nor any week for a trusted person who has linked her own diary."""
    town.signed = {date(2026, 8, 31): tiny.clock()}
    town.children["olga"][1] = town.children["olga"][1].model_copy(update={"role": "trusted"})
    vera, lada = (await today(await tiny.family()))["items"]
    assert [week["week"] for week in vera["to_sign"]["items"]] == ["2026-09-07"]
    assert (lada["to_sign"]["items"], lada["to_sign"]["missing"]) == ([], None)


def test_nobody_is_told_to_sign_while_the_calendar_is_away() -> None:
    """The week may be one of vacation; a diary that has no calendar is another matter."""
    week = WeekSignature(week=date(2026, 9, 7), signed=False, signed_at=None)
    source = Source(provider="tiny", instance="tiny", connection="con")
    weeks = outgoing(Answer(items=(week,), as_of=datetime(2026, 9, 16, tzinfo=UTC), source=source))
    assert _to_sign(weeks, RegionDown("down"), signs=True).missing == RegionDown.code
    assert _to_sign(weeks, NotSupported("none"), signs=True).items == (week,)
