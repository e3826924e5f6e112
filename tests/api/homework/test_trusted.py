"""A trusted person and homework: what she may, what she may not, and what the parent sees of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from structlog.testing import capture_logs

from diary_api.grants.rights import Right
from diary_sandbox.faults import Fault, FaultKind
from tests.api.grants.giving import Trusted, trusted
from tests.api.households import Household
from tests.api.running import LinkedFamily

pytestmark = pytest.mark.anyio

SPAN = {"since": "2026-09-01", "until": "2026-11-30"}


@pytest.fixture
def home(households: Mapping[str, Household]) -> Household:
    """A family in Moscow, with nothing broken and nothing ticked by hand."""
    home = households["mesh"]
    home.sandbox.faults.clear()
    home.sandbox.world.forget_edits()
    return home


async def let_in(home: Household, right: Right, name: str) -> Trusted:
    """Let somebody in, another one each time."""
    family = LinkedFamily(home.parent, "", [home.child_id])
    return await trusted(home.gate, family, {right}, email=f"{name}@example.org")


async def a_file(home: Household) -> str:
    """Return the path of a file."""
    for task in await home.read("homework", **SPAN):
        for one in task["attachments"]:
            if one["kind"] == "file":
                return f"homework/{task['id']}/attachments/{one['id']}"
    raise AssertionError("the autumn must have a file")


async def test_whoever_reads_homework_fetches_its_files_and_ticks_nothing(home: Household) -> None:
    """The parent sees that it was done."""
    nina = await let_in(home, Right.HOMEWORK, "nina")
    path = await a_file(home)
    assert (await nina.read(path)).content == (await home.ask(path)).content
    address = f"/v1/children/{home.child_id}/{'/'.join(path.split('/')[:2])}/done"
    assert (await nina.person.put(address)).json()["code"] == "right_missing"
    assert ("homework", "ok", 1) in await nina.uses()
    assert ("ticking_homework", "right_missing", 1) in await nina.uses()


async def test_whoever_ticks_sees_nothing(home: Household) -> None:
    """The right to tick is one of its own."""
    nina = await let_in(home, Right.HOMEWORK_TICKS, "zoya")
    late = (await home.read("homework/overdue"))[0]
    address = f"/v1/children/{home.child_id}/homework/{late['id']}/done"
    assert (await nina.person.put(address)).status_code == 204
    assert late["id"] not in [task["id"] for task in await home.read("homework/overdue")]
    assert (await nina.person.delete(address)).status_code == 204
    assert (await nina.read(await a_file(home))).json()["code"] == "right_missing"
    assert ("ticking_homework", "ok", 2) in await nina.uses()


async def test_a_grant_that_ends_meanwhile_closes_the_file(home: Household) -> None:
    """What the diary was opening is closed unread, and nobody gets it."""
    nina = await let_in(home, Right.HOMEWORK, "tonya")
    path = await a_file(home)
    home.sandbox.faults.add(Fault(FaultKind.LATENCY, path="/api/ej/attachments/*", delay_s=1))
    asked = home.sandbox.state.requests
    asked.clear()
    with capture_logs() as lines:
        reading = asyncio.create_task(nina.read(path))
        for _ in range(500):
            if any("attachments" in call for call in asked.get("school.mos.ru", ())):
                break
            await asyncio.sleep(0.02)
        assert (await home.parent.delete(nina.address)).status_code == 204
        assert (await reading).json()["code"] == "child_unknown"
    home.sandbox.faults.clear()
    closed = [line for line in lines if "attachments" in str(line.get("path")) and line.get("status") == 200]
    assert len(closed) == 1
