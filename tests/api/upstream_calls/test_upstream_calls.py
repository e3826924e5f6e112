"""A parent sees how many requests were sent to diaries for them, and the number is the diary's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from diary_api.retention import Retention
from diary_api.storage.tables import ConnectionRow
from diary_api.upstream_calls.repository import counts
from diary_api.upstream_calls.whose import made_for
from diary_core.errors import GatewayBusy
from diary_core.http import Call
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.serve import Sandbox
from tests.api.households import running_households
from tests.api.running import LinkedFamily, MovableClock, RunningGateway, running

pytestmark = pytest.mark.anyio


async def told(parent: httpx2.AsyncClient) -> dict[str, Any]:  # as JSON has it
    answer = await parent.get("/v1/me/upstream-calls")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told_all(parents: Iterable[httpx2.AsyncClient]) -> int:
    return sum([(await told(parent))["calls"] for parent in parents])


def seen(sandbox: Sandbox) -> int:
    """Return how many requests have reached the town's diaries."""
    return sum(sum(calls.values()) for calls in sandbox.state.requests.values())


async def test_the_number_is_what_the_diary_has_seen(tmp_path: Path) -> None:
    """Own reading and background looking, through two gateways, with retries, and across a restart."""
    async with running_households(tmp_path, watch_every=timedelta()) as families:
        home = families["dnevnik"]
        sandbox, one = home.sandbox, home.gate
        parents = [family.parent for family in families.values()]
        before, known = seen(sandbox), await told_all(parents)
        assert [(await told(parent))["calls"] > 0 for parent in parents] == [True, True]  # signing in

        settings, key = one.gateway.settings, home.parent.headers["Authorization"]
        async with running(settings, clock=one.clock) as other:
            elsewhere = other.another_client(Authorization=key)
            await home.read("week")
            sandbox.state.faults.add(Fault(kind=FaultKind.STATUS, count=1))
            since = {"since": str(home.today - timedelta(days=7)), "until": str(home.today)}
            assert (await elsewhere.get(f"/v1/children/{home.child_id}/marks", params=since)).is_success
            for link in await links(other):
                await other.gateway.tasks.watch.look_into(link)
        async with running(settings, clock=one.clock) as restarted:
            again = restarted.another_client(Authorization=key)
            assert (await again.get(f"/v1/children/{home.child_id}/terms")).is_success
            made = seen(sandbox) - before
            assert made > 5
            assert await told_all([again, families["mesh"].parent]) - known == made


async def links(gate: RunningGateway) -> Sequence[ConnectionRow]:
    async with gate.gateway.storage.reading() as session:
        return (await session.scalars(select(ConnectionRow))).all()


def note(gate: RunningGateway, connection_id: str, attempts: int = 1) -> None:
    """Let the way out tell of a call that was made for a link."""
    with made_for(connection_id):
        gate.gateway.upstream_calls.note(Call("tiny/town", "h", "GET", "ok", 200, 0.1, 2, attempts))


async def a_family(gate: RunningGateway) -> tuple[LinkedFamily, str]:
    family = await gate.family()
    return family, family.connection_id


async def test_it_is_told_by_diary_and_by_moscows_day(tiny: RunningGateway, clock: MovableClock) -> None:
    """A new day in Moscow begins at zero, whatever UTC says; a call that is nobody's counts for nobody."""
    family, link = await a_family(tiny)
    clock.now = datetime(2026, 9, 16, 20, 59, tzinfo=UTC)
    note(tiny, link, attempts=3)
    note(tiny, link, attempts=0)
    tiny.gateway.upstream_calls.note(Call("tiny/town", "h", "GET", "ok", 200, 0.1, 2, 1))
    assert await told(family.parent) == {
        "day": "2026-09-16",
        "calls": 3,
        "items": [{"connection_id": link, "provider": "tiny", "instance": "town", "calls": 3}],
    }
    clock.move(timedelta(minutes=1))
    assert (await told(family.parent))["calls"] == 0
    note(tiny, link)
    assert (await told(family.parent))["day"] == "2026-09-17"
    assert (await told(family.parent))["calls"] == 1


async def test_nobody_sees_anothers(tiny: RunningGateway) -> None:
    """Each account has its own number."""
    _, link = await a_family(tiny)
    stranger = await tiny.family("ivan")
    note(tiny, link)
    assert (await told(stranger.parent))["calls"] == 0


async def test_what_cannot_be_written_now_is_written_later(
    tiny: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is held loses no count."""
    family, link = await a_family(tiny)
    note(tiny, link)

    def held(_self: object, **_: bool) -> object:
        raise GatewayBusy("held")

    with monkeypatch.context() as busy:
        busy.setattr(type(tiny.gateway.storage), "writing", held)
        await tiny.gateway.upstream_calls.write()
    assert (await told(family.parent))["calls"] == 1


async def test_it_is_exported_forgotten_and_erased(tiny: RunningGateway, clock: MovableClock) -> None:
    """Every remembered day stands in the export; old days go, and all of it goes with the account."""
    family, link = await a_family(tiny)
    account_id = (await family.parent.get("/v1/me")).json()["id"]
    note(tiny, link)
    await tiny.gateway.upstream_calls.write()
    clock.move(timedelta(days=2))
    note(tiny, link, attempts=2)
    exported = (await family.parent.get("/v1/me/export")).json()["upstream_calls"]
    assert [(day["day"], day["calls"]) for day in exported] == [("2026-09-16", 1), ("2026-09-18", 2)]
    clock.move(timedelta(days=89))
    await Retention(tiny.gateway.storage, tiny.gateway.settings, clock).sweep()
    async with tiny.gateway.storage.reading() as session:
        (left,) = await counts(session, account_id, date.min)
    assert left.calls == 2
    parent = await tiny.parent("olga@example.org")
    erased = (await parent.delete("/v1/me")).json()["erased"]
    assert erased["upstream_calls"] == 1
    note(tiny, link)
    await tiny.gateway.upstream_calls.write()  # of a link that is gone
