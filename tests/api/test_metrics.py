"""`GET /metrics` tells how the gateway does, to whoever may know, and nothing about anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pydantic import SecretStr

from diary_api.metrics import Metrics
from diary_api.settings import Settings
from diary_core.errors import RegionDown
from diary_core.http import Call
from tests.api.running import MovableClock, RunningGateway, running
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

TOKEN = "a token of the operator's own"
LABELS = (
    "instance",
    "kind",
    "le",
    "method",
    "outcome",
    "queue",
    "reason",
    "route",
    "status",
    "things",
    "work",
)
"""Every label there is; each has a bounded set of values."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})


async def scraped(gate: RunningGateway) -> httpx2.Response:
    return await gate.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})


async def figure(gate: RunningGateway, name: str, /, **labels: str) -> float:
    """Return one figure; 0 when there is none yet."""
    return sum(
        sample.value
        for sample in samples((await scraped(gate)).text)
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def samples(text: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(text):
        yield from family.samples


async def test_requests_are_counted_by_template(gate: RunningGateway) -> None:
    """With their status and the code of their problem, never with their address."""
    await gate.client.get("/v1/regions/77")
    await gate.client.get("/v1/regions/54")
    await gate.client.get("/v1/regions/canary")
    of_regions = {"route": "/v1/regions/{code}", "method": "GET"}
    assert await figure(gate, "diary_requests_total", **of_regions, status="200", outcome="ok") == 2
    assert await figure(gate, "diary_requests_total", **of_regions, outcome="region_unknown") == 1
    assert await figure(gate, "diary_request_seconds_count", **of_regions) == 3
    assert "canary" not in (await scraped(gate)).text


async def test_only_the_operators_token_opens_it(gate: RunningGateway) -> None:
    """No token, another one, or a parent's session: refused."""
    parent = await gate.parent()
    assert (await scraped(gate)).status_code == 200
    assert (await gate.client.get("/metrics")).status_code == 401
    assert (await parent.get("/metrics")).status_code == 401
    odd = {b"Authorization": "Bearer ÿ".encode("latin-1")}
    assert (await gate.client.get("/metrics", headers=odd)).status_code == 401


async def test_without_a_token_there_is_nothing(tmp_path: Path, settings: Settings) -> None:
    """As the gateway comes, nobody may read it."""
    async with running(settings.model_copy(update={"metrics_token": None})) as gate:
        assert (await scraped(gate)).status_code == 404


async def test_odd_paths_and_methods_make_no_series(gate: RunningGateway) -> None:
    """Whatever strangers send, series stay few: some more codes when the flood is refused, and no more."""
    for path in ("/nowhere", "/v1/regions/nowhere", "/v1/children/nowhere/week"):
        await gate.client.request("ODD", path)
        await gate.client.get(path)
    await scraped(gate)
    before = len(list(samples((await scraped(gate)).text)))
    for number in range(100_000, 101_000):
        method = f"ODD{number}" if number % 2 else "GET"
        path = ("/nowhere/{}", "/v1/regions/x{}", "/v1/children/{}/week")[number % 3].format(number)
        await gate.client.request(method, path)
    text = (await scraped(gate)).text
    assert len(list(samples(text))) < before + 30
    assert not any(str(number) in text for number in range(100_990, 101_000))
    assert {label for sample in samples(text) for label in sample.labels} <= {*LABELS, "generation"}


async def test_two_gateways_count_apart(settings: Settings, tmp_path: Path) -> None:
    """Each has a registry of its own, in one process too."""
    async with running(settings) as one, running(settings) as other:
        await one.client.get("/v1/regions")
        assert await figure(one, "diary_requests_total", route="/v1/regions") == 1
        assert await figure(other, "diary_requests_total", route="/v1/regions") == 0


async def test_open_streams_and_waiting_notices_are_told(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> None:
    """A notice the diary has not got waits; a stream counts for as long as it is open."""
    town.notices = {}
    async with running(settings, tiny_plugins(town), clock) as gate:
        family = await gate.family()
        town.troubles["notify"] = RegionDown("down")
        new = {"since": "2026-09-18", "reason_code": "3"}
        await family.parent.post(f"/v1/children/{family.child_ids[0]}/absence-notices", json=new)
        assert await figure(gate, "diary_queue_waiting", queue="absences") == 1
        account = (await family.parent.get("/v1/me")).json()["id"]
        with gate.gateway.changes.streams.one(account):
            assert await figure(gate, "diary_under_way", things="streams") == 1
        assert await figure(gate, "diary_under_way", things="streams") == 0


async def test_the_process_and_the_database_are_told(gate: RunningGateway) -> None:
    """Memory, descriptors and connections."""
    text = (await scraped(gate)).text
    for name in ("process_resident_memory_bytes", "process_open_fds", "diary_database_connections_in_use"):
        assert re.search(rf"^{name} ", text, re.MULTILINE), name


async def test_background_work_is_counted() -> None:
    """A turn that fails is told apart."""
    metrics = Metrics()

    async def fails() -> None:
        raise RegionDown("down")

    with suppress(RegionDown):
        await metrics.timed("watch", fails)()
    assert 'diary_background_seconds_count{outcome="failed",work="watch"} 1.0' in metrics.written().decode()


def a_call(outcome: str, attempts: int) -> Call:
    return Call("mrko/moscow", "h" if attempts else None, "GET", outcome, None, 0.2, 10, attempts)


def test_calls_to_diaries_are_counted_by_server() -> None:
    """What was sent by outcome, every attempt, and what was kept back on our side by reason."""
    metrics = Metrics()
    for call in (a_call("ok", 2), a_call("region_down", 3), a_call("region_resting", 0)):
        metrics.upstream(call)
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for sample in samples(metrics.written().decode())
        if sample.name.endswith(("_total", "seconds_count", "_open"))
    }
    assert told["diary_upstream_seconds_count", "mrko/moscow", "ok"] == 1
    assert told["diary_upstream_seconds_count", "mrko/moscow", "region_down"] == 1
    assert told["diary_upstream_attempts_total", "mrko/moscow"] == 5
    assert told["diary_upstream_refusals_total", "mrko/moscow", "region_resting"] == 1
    assert told["diary_breaker_open", "mrko/moscow"] == 1
    metrics.upstream(a_call("ok", 1))
    assert 'diary_breaker_open{instance="mrko/moscow"} 0.0' in metrics.written().decode()


async def test_known_answers_are_counted_by_kind(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> None:
    """Asked of the diary, kept, from memory, and old because the diary is down."""
    async with running(settings, tiny_plugins(town), clock) as gate:
        family = await gate.family()

        async def counted(kind: str, outcome: str) -> float:
            return await figure(gate, "diary_cache_answers_total", kind=kind, outcome=outcome)

        await family.read("week")
        assert await counted("days", "miss") == 1
        await family.read("week")
        assert await counted("hot", "hit") + await counted("days", "hit") == 1
        clock.move(timedelta(hours=12))
        town.trouble = RegionDown("down")
        assert (await family.read("week")).json()["stale"] is True
        assert await counted("days", "stale") + await counted("days", "refresh") == 1
