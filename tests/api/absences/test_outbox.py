"""What is accepted reaches the diary exactly once, whatever breaks, or is given up with the reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from diary_core.errors import (
    AbsenceRefused,
    LoginRequired,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    RegionSlow,
)
from diary_core.model import NewAbsenceNotice
from tests.api.absences.telling import DAY, ON, Teller, a_teller
from tests.api.running import RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

ONCE = [(DAY, None)]


@pytest.fixture
async def olga(tiny: RunningGateway, town: TinyTown) -> Teller:
    """A parent whose diary takes notices."""
    return await a_teller(tiny, town)


async def test_a_notice_waits_for_the_diary(olga: Teller) -> None:
    """Accepted while the diary is away, told why it waits, delivered by itself once it can be."""
    away = (RegionDown(), RegionSlow(), RegionBusy(), RegionMaintenance(), LoginRequired())
    for day, error in enumerate(away, 21):
        olga.town.troubles["notices"] = error
        answer = await olga.tell(since=f"2026-09-{day}")
        (notice,) = answer.json()["items"]
        assert (answer.status_code, notice["state"], notice["problem"]) == (202, "accepted", error.code)
        asked = olga.town.calls["notices"]
        await olga.later(seconds=29)
        assert olga.town.calls["notices"] == asked
        listed = await olga.list()
        assert (listed["stale"], listed["items"][-1]["id"]) == (True, notice["id"])
        olga.town.troubles.clear()
        link = (await olga.client.get("/v1/connections")).json()["items"][0]
        if link["state"] != "active":
            await olga.client.post(f"/v1/connections/{link['id']}/refresh")
        await olga.later(seconds=2)
        assert await olga.state(notice["id"]) == ("delivered", None)
    assert olga.standing == [(f"2026-09-{day}", None) for day in range(21, 26)]
    assert len(olga.town.told) == len(away)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_lost_answer_doubles_nothing(olga: Teller, arrived: bool) -> None:
    """Whether the notice had arrived or not, the diary is asked first, and in the end it stands once."""
    errors = (RegionDown(), RegionSlow(), RegionMaintenance(), RegionChanged())
    for day, error in enumerate(errors, 21):
        (olga.town.lost if arrived else olga.town.troubles)["notify"] = error
        notice = await olga.told(since=f"2026-09-{day}")
        assert (notice["state"], notice["problem"]) == ("delivering", error.code)
        olga.town.lost.clear()
        olga.town.troubles.clear()
        await olga.later(seconds=31)
        shown = await olga.show(notice["id"])
        assert (shown["state"], len(shown["receipts"])) == ("delivered", 0 if arrived else 1)
    assert olga.standing == [(f"2026-09-{day}", None) for day in range(21, 25)]
    assert len(olga.town.told) == len(errors)


async def test_pauses_double_up_to_a_bound(olga: Teller) -> None:
    """Half a minute, then as long again as it has waited, half an hour at most; a day later none."""
    olga.town.trouble = RegionDown()
    notice = await olga.told()
    began, pauses = olga.gate.clock(), list[float]()
    while (await olga.state(notice["id"]))[0] == "accepted":
        shown = await olga.show(notice["id"])
        due = shown["next_try_at"]
        before = olga.gate.clock()
        olga.gate.clock.now = before.fromisoformat(due)
        pauses.append((olga.gate.clock() - before).total_seconds())
        await olga.gate.gateway.absences.outbox.turn()
    assert pauses[:8] == [30, 30, 60, 120, 240, 480, 960, 1800]
    assert max(pauses) == 1800
    assert timedelta(days=1) <= olga.gate.clock() - began <= timedelta(days=1, minutes=30)
    assert await olga.state(notice["id"]) == ("refused", "region_down")
    assert (await olga.withdraw(notice["id"])).json()["code"] == "conflict"
    assert olga.town.told == []


async def test_what_nobody_knows_is_called_so(olga: Teller) -> None:
    """Sent, no answer, and the diary away for a day: refused as unconfirmed, not as anything nicer."""
    olga.town.lost["notify"] = RegionDown()
    notice = await olga.told(since="2026-09-21")
    olga.town.trouble = RegionDown()
    await olga.later(hours=25)
    assert await olga.state(notice["id"]) == ("refused", "absence_unconfirmed")


async def test_a_day_that_is_over_meanwhile(olga: Teller) -> None:
    """What has not reached the diary by then is refused by the rule; what had reached it is found."""
    olga.town.trouble = RegionDown()
    late = await olga.told(since="2026-09-16")
    olga.town.trouble = None
    olga.town.lost["notify"] = RegionDown()
    lost = await olga.told(since="2026-09-17")
    await olga.later(hours=20)
    assert await olga.state(late["id"]) == ("refused", "absence_in_past")
    assert await olga.state(lost["id"]) == ("delivered", None)


async def test_a_refusal_behind_is_told_by_the_notice(olga: Teller) -> None:
    """What the diary refuses later stays as refused, with the reason."""
    olga.town.trouble = RegionDown()
    notice = await olga.told()
    olga.town.trouble = None
    olga.town.troubles["notify"] = AbsenceRefused()
    await olga.later(minutes=1)
    assert await olga.state(notice["id"]) == ("refused", "absence_refused")
    await olga.later(minutes=60)
    assert olga.town.calls["notify"] == 1


async def test_told_elsewhere_meanwhile(olga: Teller) -> None:
    """What another parent has told while it waited is not told over."""
    olga.town.trouble = RegionDown()
    notice = await olga.told()
    olga.town.trouble = None
    olga.town.stand(NewAbsenceNotice(date=ON, reason_code="1"), None, "other")
    await olga.later(minutes=1)
    assert await olga.state(notice["id"]) == ("refused", "absence_overlaps")
    assert olga.town.told == []


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_process_that_died_over_it(tiny: RunningGateway, town: TinyTown, arrived: bool) -> None:
    """Its claim is kept to while it may be alive; then another takes the notice on, and looks first."""
    olga = await a_teller(tiny, town)
    town.trouble = RegionDown()
    notice = await olga.told()
    town.trouble = None
    tiny.clock.move(timedelta(minutes=1))
    outbox = tiny.gateway.absences.outbox
    claim = await outbox._claim(notice["id"])  # and then it dies
    assert claim is not None
    if arrived:
        town.told.append(claim.told.notice)
        town.stand(claim.told.notice, None)
    key = olga.client.headers["Authorization"]
    async with running(tiny.gateway.settings, tiny_plugins(town), tiny.clock) as second:
        nina = Teller(second, town, second.another_client(Authorization=key), olga.child_id)
        await nina.later(seconds=119)
        assert (await nina.state(notice["id"]))[0] == "delivering"
        assert len(town.told) == arrived
        await nina.later(seconds=2)
        assert await nina.state(notice["id"]) == ("delivered", None)
    assert (olga.standing, len(town.told)) == (ONCE, 1)


async def test_many_deliverers_deliver_once(olga: Teller) -> None:
    """Whoever claims it first has it alone."""
    olga.town.trouble = RegionDown()
    notice = await olga.told()
    olga.town.trouble = None
    olga.gate.clock.move(timedelta(minutes=1))
    outbox = olga.gate.gateway.absences.outbox
    await asyncio.gather(*(outbox.attempt(notice["id"]) for _ in range(8)))
    assert (olga.standing, len(olga.town.told)) == (ONCE, 1)


async def test_nobody_waits_longer_than_patience(olga: Teller) -> None:
    """A diary that hangs gets the notice all the same, behind the answer; nobody tells it twice meanwhile."""
    times = olga.gate.gateway.settings.absences.model_copy(update={"patience": timedelta(milliseconds=50)})
    object.__setattr__(olga.gate.gateway.settings, "absences", times)
    await olga.client.get(f"/v1/children/{olga.child_id}/days", params={"since": DAY, "until": DAY})
    await olga.client.get(f"{olga.address}/reasons")
    olga.town.held = asyncio.Event()
    answer = await olga.tell()
    assert (answer.status_code, answer.json()["items"][0]["state"]) == (202, "delivering")
    olga.town.held.set()
    await olga.gate.gateway.absences.outbox.close()
    assert (await olga.state(answer.json()["items"][0]["id"]))[0] == "delivered"
    assert len(olga.town.told) == 1


async def test_what_waits_is_taken_back_at_once(olga: Teller) -> None:
    """It has not reached the diary and never will."""
    olga.town.trouble = RegionDown()
    notice = await olga.told()
    assert (await olga.withdraw(notice["id"])).json()["state"] == "withdrawn"
    olga.town.trouble = None
    await olga.later(minutes=5)
    assert (await olga.state(notice["id"]))[0] == "withdrawn"
    assert olga.town.told == []


@pytest.mark.parametrize("arrived", [True, False])
async def test_taken_back_while_nobody_knows(olga: Teller, arrived: bool) -> None:
    """Its answer lost and wanted back: in the end nothing of it stands, and it is not sent again."""
    (olga.town.lost if arrived else olga.town.troubles)["notify"] = RegionDown()
    notice = await olga.told()
    back = await olga.withdraw(notice["id"])
    assert (back.status_code, back.json()["state"]) == (202, "withdrawing")
    await olga.later(minutes=1)
    assert (await olga.state(notice["id"]))[0] == "withdrawn"
    assert (olga.standing, len(olga.town.told)) == ([], int(arrived))


async def test_taken_back_while_it_is_on_its_way(olga: Teller) -> None:
    """Wanted back in the middle of its delivery, it arrives and is taken back."""
    olga.town.trouble = RegionDown()
    notice = await olga.told()
    olga.town.trouble, olga.town.held = None, asyncio.Event()
    olga.gate.clock.move(timedelta(minutes=1))
    delivering = olga.gate.gateway.absences.outbox.begin([notice["id"]])
    await olga.town.waits.wait()
    assert (await olga.withdraw(notice["id"])).json()["state"] == "withdrawing"
    olga.town.held.set()
    await asyncio.gather(*delivering.values())
    await olga.later(seconds=1)
    assert (await olga.state(notice["id"]))[0] == "withdrawn"
    assert olga.standing == []


async def test_erased_while_it_is_taken_back(olga: Teller) -> None:
    """The diary gives it back to nobody any more: there is no such notice, and that is no fault of ours."""
    notice = await olga.told()
    olga.town.held = asyncio.Event()
    withdrawing = asyncio.create_task(olga.withdraw(notice["id"]))
    await olga.town.waits.wait()
    erasing = asyncio.create_task(olga.client.delete("/v1/me"))
    while (await olga.client.get("/v1/me")).is_success:  # noqa: ASYNC110  erased long before it answers
        await asyncio.sleep(0)
    olga.town.held.set()
    assert (await erasing).status_code == 200
    answer = await withdrawing
    assert (answer.status_code, answer.json()["code"]) == (404, "absence_notice_unknown")


async def test_a_withdrawal_whose_answer_is_lost(olga: Teller) -> None:
    """It is finished behind, and done once."""
    notice = await olga.told()
    olga.town.lost["withdraw"] = RegionDown()
    back = await olga.withdraw(notice["id"])
    assert (back.status_code, back.json()["state"], back.json()["problem"]) == (
        202,
        "withdrawing",
        "region_down",
    )
    olga.town.lost.clear()
    await olga.later(minutes=1)
    assert await olga.state(notice["id"]) == ("withdrawn", None)
    assert (olga.standing, olga.town.calls["withdraw"]) == ([], 1)


async def test_what_the_diary_does_not_give_back(olga: Teller) -> None:
    """Its refusal is the answer, and the notice stands as before; so it does when the day is over."""
    notice = await olga.told()
    olga.town.troubles["withdraw"] = AbsenceRefused()
    answer = await olga.withdraw(notice["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "absence_refused")
    assert await olga.state(notice["id"]) == ("delivered", "absence_refused")
    olga.gate.clock.move(timedelta(days=2))
    assert (await olga.withdraw(notice["id"])).json()["code"] == "absence_in_past"
    assert olga.standing == ONCE
