"""Notices told through a gateway in front of the sandbox are what its schools know, and no others."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.serve import Sandbox, running_sandbox
from diary_sandbox.world import AbsenceReason, Child
from tests.api.running import MovableClock, RunningGateway, running, settings_for
from tests.oracle.systems import DNEVNIK, MESH, System

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Home:
    """A parent with a linked diary, and the child as the town knows it."""

    sandbox: Sandbox
    gate: RunningGateway
    parent: httpx2.AsyncClient
    pupil: Child
    child_id: str

    async def read(self, what: str, **query: str) -> dict[str, Any]:
        answer = await self.parent.get(f"/v1/children/{self.child_id}/{what}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def tell(self, **told: object) -> httpx2.Response:
        return await self.parent.post(f"/v1/children/{self.child_id}/absence-notices", json=told)

    async def turn(self) -> None:
        self.gate.clock.move(timedelta(minutes=1))
        await self.gate.gateway.absences.outbox.turn()

    @property
    def told(self) -> list[tuple[str, int | None, str | None]]:
        """Return everything that has reached the school: day, number of the lesson, words."""
        found = self.sandbox.world.notices_told(self.pupil.id)
        return [(str(one.on), one.slot, one.comment) for one in found]


@asynccontextmanager
async def at_home(folder: Path, system: System, persona: str) -> AsyncGenerator[Home]:
    """Link the first child of a persona."""
    async with running_sandbox(seed=1, families=20) as sandbox:
        parent_id = next(one.parent_id for one in sandbox.world.personas() if one.key == persona)
        pupil = sandbox.world.children_of(parent_id, system.host)[0]
        options = system.options and {system.provider.slug: dict(system.options)}
        settings = settings_for(folder, sandbox_url=sandbox.control_url, options=options)
        async with running(settings, clock=MovableClock(sandbox.clock.now())) as gate:
            parent = await gate.parent()
            region = "77" if system is MESH else sandbox.world.school(pupil.school_id).region
            new = {"region": region, "method": system.method}
            begun = (await parent.post("/v1/connections", json=new)).json()
            values = dict(system.reply(sandbox, parent_id).values)
            await parent.post(f"/v1/connections/{begun['id']}/steps", json={"values": values})
            children = (await parent.get("/v1/children")).json()["items"]
            ours = next(one for one in children if one["name"]["first"] == pupil.person.name.first)
            yield Home(sandbox, gate, parent, pupil, ours["id"])


async def test_a_school_of_moscow_hears_what_was_told(tmp_path: Path) -> None:
    """Days and lessons, every word, once each, though answers are lost; what is taken back is gone."""
    async with at_home(tmp_path, MESH, "moscow_mother") as home:
        days = (await home.read("days", since="2026-12-01", until="2026-12-13"))["items"]
        known = (await home.read("absence-notices", since="2026-12-01", until="2026-12-13"))["elsewhere"]
        free = [
            (day["date"], [one["id"] for one in day["lessons"] if one["actual"]])
            for day in days
            if day["lessons"] and day["date"] not in {one["date"] for one in known}
        ]
        (first, _), (second, lessons), (third, _), *_ = free
        reasons = {one["title"]: one["code"] for one in (await home.read("absence-notices/reasons"))["items"]}
        code = reasons["Семейные обстоятельства"]

        whole = await home.tell(since=first, reason_code=code, comment="Едем к <бабушке> & дедушке")
        assert (whole.status_code, whole.json()["items"][0]["state"]) == (201, "delivered")
        told = home.sandbox.world.notices_told(home.pupil.id)[0]
        assert (str(told.on), told.slot, told.reason) == (first, None, AbsenceReason.FAMILY)
        assert told.comment == "Едем к <бабушке> & дедушке"
        assert whole.json()["items"][0]["receipts"] == [str(told.id)]

        home.sandbox.faults.add(Fault(FaultKind.LOST_ANSWER, path="*/attendance/v2", count=1))
        parts = await home.tell(since=second, lesson_ids=lessons[:2], reason_code=code, comment="Врач")
        assert (parts.status_code, parts.json()["items"][0]["state"]) == (202, "delivering")
        await home.turn()
        listed = await home.read("absence-notices", since=first, until=third)
        assert [one["state"] for one in listed["items"]] == ["delivered", "delivered"]
        assert listed["elsewhere"] == [one for one in known if first <= one["date"] <= third]
        assert [(day, words) for day, _, words in home.told][1:] == [(second, "Врач")] * 2

        overlapping = await home.tell(since=second, reason_code=code)
        assert overlapping.json()["code"] == "absence_overlaps"
        assert (await home.tell(since="2027-07-20", reason_code=code)).json()["code"] == "lesson_unknown"
        assert len(home.told) == 3
        for notice in listed["items"]:
            back = await home.parent.delete(f"/v1/children/{home.child_id}/absence-notices/{notice['id']}")
            assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
        mother = home.sandbox.world.notices_told(home.pupil.id)[0].parent_id
        on_the_site = date.fromisoformat(third)
        home.sandbox.world.notify_absence(home.pupil.id, mother, on_the_site, AbsenceReason.ILLNESS)
        home.gate.clock.move(timedelta(minutes=2))
        (seen,) = (await home.read("absence-notices", since=third, until=third))["elsewhere"]
        back = await home.parent.delete(f"/v1/children/{home.child_id}/absence-notices/{seen['id']}")
        assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
        assert home.sandbox.world.absence_notices(home.pupil.id, on_the_site, on_the_site) == ()
        left = home.sandbox.world.absence_notices(home.pupil.id, told.on, told.on + timedelta(days=13))
        assert [one for one in left if one.comment in {told.comment, "Врач"}] == []


async def test_a_region_of_dnevnik_takes_none(tmp_path: Path) -> None:
    """The system has no such thing: it is said by name, and nothing is kept."""
    async with at_home(tmp_path, DNEVNIK, "dnevnik_mother") as home:
        answer = await home.tell(since="2026-12-01", reason_code="3")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_supported")
        assert home.told == []
