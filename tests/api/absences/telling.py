"""A parent who tells the school of an absence, and what the tests' own diary knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx2

from tests.api.running import LinkedFamily, RunningGateway
from tests.api.tiny import TinyTown

ON = date(2026, 9, 17)
DAY = str(ON)
"""The day after the tests' own present day, a Thursday."""
WEEK = {"since": "2026-09-14", "until": "2026-09-30"}


@dataclass(frozen=True)
class Teller:
    """Whoever tells of the first child's absence: its parent, or somebody else."""

    gate: RunningGateway
    town: TinyTown
    client: httpx2.AsyncClient
    child_id: str

    @property
    def address(self) -> str:
        """Where the child's notices are."""
        return f"/v1/children/{self.child_id}/absence-notices"

    async def tell(self, *, key: str | None = None, **changed: Any) -> httpx2.Response:
        """Tell of one day, or of something else."""
        body = {"since": DAY, "reason_code": "3", "comment": "Едем к бабушке", **changed}
        headers = {"Idempotency-Key": key} if key else {}
        return await self.client.post(self.address, json=body, headers=headers)

    async def told(self, **changed: Any) -> dict[str, Any]:
        """Tell of one day, and return the notice."""
        answer = await self.tell(**changed)
        assert answer.status_code in {201, 202}, answer.text
        (notice,) = answer.json()["items"]
        return notice

    async def show(self, notice_id: str) -> dict[str, Any]:
        """Return a notice as it is now."""
        return (await self.client.get(f"{self.address}/{notice_id}")).json()

    async def state(self, notice_id: str) -> tuple[str, str | None]:
        """Return how far a notice has come, and what went wrong last."""
        shown = await self.show(notice_id)
        return shown["state"], shown["problem"]

    async def list(self) -> dict[str, Any]:
        """List the notices of the weeks around."""
        answer = await self.client.get(self.address, params=WEEK)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def withdraw(self, notice_id: str) -> httpx2.Response:
        """Take a notice back."""
        return await self.client.delete(f"{self.address}/{notice_id}")

    async def later(self, **after: float) -> None:
        """Let some time pass, and the gateway look into its outbox."""
        self.gate.clock.move(timedelta(**after))
        await self.gate.gateway.absences.outbox.turn()

    @property
    def standing(self) -> list[tuple[str, str | None]]:
        """Return what stands in the diary: day and lesson."""
        return [(str(one.date), one.lesson_id) for one in (self.town.notices or {}).values()]


async def a_teller(gate: RunningGateway, town: TinyTown) -> Teller:
    """Link a family whose diary takes notices."""
    town.notices = {}
    family: LinkedFamily = await gate.family()
    return Teller(gate, town, family.parent, family.child_ids[0])
