"""`GET /v1/status` tells anyone whose trouble it is, the same from every process."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from diary_api.settings import Settings
from diary_core.errors import GatewayBusy, RegionMaintenance
from diary_core.http import Call
from tests.api.running import MovableClock, RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins
from tests.services import redis_running

pytestmark = pytest.mark.anyio

SERVER = "tiny/town"


def call(gate: RunningGateway, outcome: str = "ok", server: str = SERVER, *, seconds: float = 0.2) -> None:
    """Let the way out tell of a call."""
    made = Call(server, "h", "GET", outcome, None, seconds, 10, attempts=1)
    gate.gateway.statuses.sharing.windows.note(made)


async def parts(gate: RunningGateway) -> dict[str, Any]:  # as JSON has it
    """Look anew and return what anyone is told, by name."""
    await gate.gateway.statuses.look()
    answer = await gate.client.get("/v1/status")
    assert answer.status_code == 200, answer.text
    return {part["name"]: part for part in answer.json()["items"]}


async def test_nothing_is_wrong_at_first(tiny: RunningGateway) -> None:
    """Ourselves are told of, and no diary that nobody has asked."""
    await tiny.gateway.statuses.look()
    status = (await tiny.client.get("/v1/status")).json()
    assert status["sentence"]["ru"] == "Всё работает."
    assert {part["name"]: part["state"] for part in status["items"]} == snapshot(
        {"database": "ok", "keys": "ok", "background": "ok", "network": "ok"}
    )


async def test_a_diary_in_trouble_is_told_with_figures(tiny: RunningGateway, clock: MovableClock) -> None:
    """Whose it is, since when, and what was measured."""
    call(tiny)
    assert (await parts(tiny))[SERVER]["state"] == "ok"
    clock.move(timedelta(minutes=1))
    call(tiny, "region_down")
    call(tiny, "region_down")
    assert (await parts(tiny))[SERVER] == snapshot(
        {
            "name": "tiny/town",
            "title": {"ru": "Дневник town", "en": "Diary town"},
            "whose": "diary",
            "regions": ["54"],
            "state": "failing",
            "since": "2026-09-16T09:01:00Z",
            "sentence": {
                "ru": "Дневник отвечает через раз: тогда видно то, что он показывал раньше.",
                "en": "The diary fails now and then: what it showed before is shown instead.",
            },
            "figures": {
                "minutes": 10,
                "calls": 3,
                "failed_share": 0.667,
                "p50_s": 0.22,
                "p95_s": 0.22,
                "last_success": "2026-09-16T09:00:00Z",
                "last_failure": "2026-09-16T09:01:00Z",
                "last_failure_code": "region_down",
            },
        }
    )
    assert (await tiny.client.get("/v1/status")).json()["sentence"]["en"] == (
        "We are well; some diaries are in trouble."
    )


async def test_since_stays_while_the_state_does(tiny: RunningGateway, clock: MovableClock) -> None:
    """It moves with the state alone."""
    call(tiny, "region_down")
    call(tiny, "region_down")
    since = (await parts(tiny))[SERVER]["since"]
    clock.move(timedelta(minutes=2))
    call(tiny, "region_down")
    assert (await parts(tiny))[SERVER]["since"] == since
    call(tiny)
    assert (await parts(tiny))[SERVER]["since"] > since


async def test_a_page_instead_of_an_answer_is_maintenance(
    tiny: RunningGateway, town: TinyTown, clock: MovableClock
) -> None:
    """The diary said 200 and meant something else: its plugin has found out."""
    family = await tiny.family()
    call(tiny)
    clock.move(timedelta(seconds=1))
    town.trouble = RegionMaintenance("a page")
    await family.read("week")
    assert (await parts(tiny))[SERVER]["state"] == "maintenance"


async def test_our_own_trouble_is_told_as_ours(tiny: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is not the diary's fault, and is told without it."""

    async def fails(_self: object) -> bool:
        raise GatewayBusy("held") from OperationalError("", {}, Exception())

    monkeypatch.setattr(type(tiny.gateway.storage), "ready", fails)
    database = (await parts(tiny))["database"]
    assert (database["whose"], database["state"]) == ("us", "down")
    assert (await tiny.client.get("/v1/status")).json()["sentence"]["ru"].startswith("Неполадка у нас")


async def test_failing_background_work_is_ours(tiny: RunningGateway) -> None:
    """Until its next turn goes well."""
    tiny.gateway.metrics.failing.add("watch")
    assert (await parts(tiny))["background"]["state"] == "failing"


async def test_many_diaries_silent_at_once_point_at_us(tiny: RunningGateway) -> None:
    """One down diary is its own trouble; when none of several answers, our way out is suspected."""
    for server in (SERVER, "tiny/east"):
        call(tiny, "region_down", server)
    assert (await parts(tiny))["network"]["state"] == "ok"
    call(tiny, "region_down", "tiny/west")
    assert (await parts(tiny))["network"]["state"] == "down"


async def test_the_answer_serves_everybody_for_some_seconds(tiny: RunningGateway) -> None:
    """Askers cost one look."""
    await parts(tiny)
    call(tiny)
    again = (await tiny.client.get("/v1/status")).json()["items"]
    assert SERVER not in {part["name"] for part in again}


def sharing(folder: Path, url: str) -> Settings:
    return settings_for(folder, redis_url=SecretStr(url))


async def test_every_process_tells_the_same(tmp_path: Path, clock: MovableClock, town: TinyTown) -> None:
    """Each has seen a part, both tell the whole; `since` outlives a restart; nobody is named in Redis."""
    with redis_running() as url:
        settings, plugins = sharing(tmp_path, url), tiny_plugins(town)
        async with running(settings, plugins, clock) as one, running(settings, plugins, clock) as other:
            await one.family()
            for gate in (one, one, other):
                call(gate, "region_down")
            seen = [(await parts(gate))[SERVER] for gate in (one, other, one)]
            assert seen[0]["figures"]["calls"] == 2  # the other had not told yet
            assert seen[1] == seen[2]
            assert (seen[1]["state"], seen[1]["figures"]["calls"]) == ("down", 3)
            assert "acc_" not in repr(await held(one))
        clock.move(timedelta(minutes=1))
        async with running(settings, plugins, clock) as third:
            call(third, "region_down")
            assert (await parts(third))[SERVER]["since"] == seen[0]["since"]


async def held(gate: RunningGateway) -> Sequence[object]:
    """Return what Redis keeps of it."""
    link = gate.gateway.shared.link
    assert link is not None
    keys = ("diary:status:seen", "diary:status:since")
    found = [await link.ask(lambda redis, key=key: redis.hgetall(key)) for key in keys]
    assert all(found)
    return found


async def test_without_redis_a_process_tells_what_it_has_seen(
    tmp_path: Path, clock: MovableClock, town: TinyTown
) -> None:
    """And says so; the lost Redis is trouble of ours that costs speed only."""
    with ExitStack() as redis:
        settings = sharing(tmp_path, redis.enter_context(redis_running()))
        async with running(settings, tiny_plugins(town), clock) as gate:
            call(gate)
            assert (await parts(gate))["redis"]["state"] == "ok"
            redis.close()
            told = await parts(gate)
            assert (told["redis"]["state"], told[SERVER]["figures"]["calls"]) == ("down", 1)
            answer = (await gate.client.get("/v1/status")).json()
            assert (answer["shared"], answer["sentence"]["ru"]) == (
                False,
                "Всё работает, но медленнее обычного.",
            )


async def test_parents_have_a_page(tiny: RunningGateway) -> None:
    """In Russian, without scripts, with the diary's own name."""
    call(tiny, seconds=9)
    await tiny.gateway.statuses.look()
    answer = await tiny.client.get("/status", headers={"Accept": "text/html"})
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "Дневник town" in answer.text
    assert "Дневник отвечает медленно" in answer.text
