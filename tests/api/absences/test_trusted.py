"""A grandmother tells of an absence only when the parent lets her, and takes back only her own words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diary_api.grants.rights import Right
from diary_core.errors import LoginRequired, RegionDown
from tests.api.absences.telling import Teller
from tests.api.grants.giving import Trusted, trusted
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio


async def the_two(
    gate: RunningGateway, town: TinyTown, right: Right = Right.ABSENCE_NOTICES
) -> tuple[Teller, Teller, Trusted]:
    """Return the parent, whom she has let in, and how."""
    town.notices = {}
    family = await gate.family()
    nina = await trusted(gate, family, {right})
    parent = Teller(gate, town, family.parent, nina.child_id)
    return parent, Teller(gate, town, nina.person, nina.child_id), nina


async def test_she_tells_by_leave(tiny: RunningGateway, town: TinyTown) -> None:
    """The school hears it, the parent sees by whose hand and what she asked for, and may take it back."""
    olga, nina, grant = await the_two(tiny, town)
    notice = await nina.told()
    assert (notice["state"], notice["told_through"]) == ("delivered", grant.grant_id)
    assert await olga.show(notice["id"]) == notice == await nina.show(notice["id"])
    assert (await nina.list())["items"] == [notice]
    assert set(await grant.uses()) == {("telling_absence", "ok", 1), ("absence_notices", "ok", 2)}
    assert (await olga.withdraw(notice["id"])).json()["state"] == "withdrawn"


async def test_she_takes_back_her_own_only(tiny: RunningGateway, town: TinyTown) -> None:
    """What the parent has told stands until the parent takes it back."""
    olga, nina, _ = await the_two(tiny, town)
    parents, hers = await olga.told(), await nina.told(since="2026-09-18")
    assert (await nina.withdraw(parents["id"])).json()["code"] == "right_missing"
    assert (await nina.withdraw(f"{parents['date']}.day")).json()["code"] == "right_missing"
    assert (await nina.withdraw(hers["id"])).json()["state"] == "withdrawn"
    assert [day for day, _ in olga.standing] == [parents["date"]]


async def test_without_leave_she_tells_nothing(tiny: RunningGateway, town: TinyTown) -> None:
    """No other right lets her, not even the one to absences; and after the end nothing does."""
    olga, nina, grant = await the_two(tiny, town, Right.ATTENDANCE)
    assert (await nina.tell()).json()["code"] == "right_missing"
    tiny.clock.move(timedelta(seconds=1))
    nina_again = await trusted(tiny, grant.family, {Right.ABSENCE_NOTICES})
    waiting = Teller(tiny, town, nina_again.person, olga.child_id)
    town.trouble = RegionDown()
    accepted = await waiting.told()
    await olga.client.delete(nina_again.address)
    assert (await waiting.tell(since="2026-09-18")).json()["code"] == "child_unknown"
    assert (await waiting.withdraw(accepted["id"])).json()["code"] == "child_unknown"
    town.trouble = None
    await olga.later(minutes=1)
    assert (await olga.state(accepted["id"]))[0] == "delivered"
    assert len(town.told) == 1


async def test_what_the_parent_must_do_is_no_business_of_hers(tiny: RunningGateway, town: TinyTown) -> None:
    """She learns that the diary waits for the parent, and the parent why."""
    olga, nina, _ = await the_two(tiny, town)
    await nina.client.get(f"{nina.address}/reasons")
    town.troubles["notices"] = LoginRequired()
    notice = await nina.told()
    assert notice["problem"] == "parent_must_act"
    assert (await nina.list())["stale_reason"] == "parent_must_act"
    assert await nina.state(notice["id"]) == ("accepted", "parent_must_act")
    assert await olga.state(notice["id"]) == ("accepted", "login_required")
