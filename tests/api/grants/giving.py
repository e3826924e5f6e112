"""A parent who lets others in, and those who are let in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2

from diary_api.grants.rights import Right
from tests.api.running import LinkedFamily, RunningGateway

EVERY_RIGHT = frozenset(Right)
CALLED = "Бабушка Нина"
WEEK = {"since": "2026-09-14", "until": "2026-09-20"}


def ends_in(gate: RunningGateway, days: int = 30) -> datetime:
    return gate.clock() + timedelta(days=days)


async def invite(
    gate: RunningGateway,
    family: LinkedFamily,
    rights: Iterable[Right] = EVERY_RIGHT,
    *,
    child: int = 0,
    days: int = 30,
    called: str = CALLED,
) -> dict[str, Any]:
    """Make an invitation to one of the children."""
    body = {"called": called, "rights": sorted(rights), "ends_at": ends_in(gate, days).isoformat()}
    answer = await family.parent.post(f"/v1/children/{family.child_ids[child]}/grants", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def accept(person: httpx2.AsyncClient, invited: dict[str, Any], **changed: str) -> httpx2.Response:
    """Accept an invitation, or try to with something else."""
    given = {"link": invited["invitation"]["link"], "code": invited["invitation"]["code"]}
    return await person.post("/v1/grants/accept", json={**given, **changed})


@dataclass(frozen=True)
class Trusted:
    """Somebody who was let in."""

    person: httpx2.AsyncClient
    grant_id: str
    family: LinkedFamily
    child_id: str

    @property
    def address(self) -> str:
        """Where the parent finds the grant."""
        return f"/v1/children/{self.child_id}/grants/{self.grant_id}"

    async def read(self, what: str, **query: str) -> httpx2.Response:
        """Ask about the child."""
        return await self.person.get(f"/v1/children/{self.child_id}/{what}", params=query)

    async def state(self) -> str:
        """Return the state of the grant as the parent sees it."""
        shown = (await self.family.parent.get(f"/v1/children/{self.child_id}/grants")).json()["items"]
        return next(grant["state"] for grant in shown if grant["id"] == self.grant_id)

    async def uses(self, **query: str) -> list[tuple[str, str, int]]:
        """Return what the parent sees of the uses: kind, outcome, count."""
        shown = (await self.family.parent.get(f"{self.address}/uses", params=query)).json()["items"]
        return [(use["kind"], use["outcome"], use["count"]) for use in shown]


async def trusted(
    gate: RunningGateway,
    family: LinkedFamily,
    rights: Iterable[Right] = EVERY_RIGHT,
    *,
    email: str = "nina@example.org",
    days: int = 30,
) -> Trusted:
    """Invite somebody to the first child; she accepts."""
    invited = await invite(gate, family, rights, days=days)
    person = await gate.parent(email)
    answer = await accept(person, invited)
    assert answer.status_code == 200, answer.text
    return Trusted(person, invited["id"], family, family.child_ids[0])
