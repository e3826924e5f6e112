"""Ten times what one process can carry: it sheds, stays prompt for whom it serves, and is calm soon after."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import httpx2
import pytest

from tests.api.absences.test_crashes import Family, town
from tests.api.flooding import Flooder, Outcome, quantile, statuses
from tests.more import short_and_long

pytestmark = pytest.mark.anyio
CALM_CLIENTS = 8
CALM_S = 4
BACK_WITHIN_S = 10


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Generator[Family]:
    """A gateway of its own process, and a family that is linked to it."""
    with town(tmp_path_factory.mktemp("flood")) as one:
        one.link()
        yield one


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seconds", short_and_long(5, 60))
async def test_ten_times_what_a_process_can_carry(family: Family, seconds: int, tmp_path: Path) -> None:
    """Whoever is not served is told when to come again; those served wait three times as long at most."""
    flooder = Flooder(family.gateway.port, _request(family, "averages"))
    await flooder.one_after_the_other(1, 1)  # so that everything is known
    flooder.taken()
    await flooder.one_after_the_other(CALM_CLIENTS, CALM_S)
    calm = flooder.taken()
    assert set(statuses(calm)) == {200}
    rate = len(calm) / CALM_S
    alive = asyncio.create_task(_alive(family.gateway.url, seconds))
    await flooder.at_rate(10 * rate, seconds)
    flooded = flooder.taken()
    back_after_s = await _back_to(flooder, 3 * quantile(calm, 0.99))
    await flooder.close()
    healthz, calm_p99_ms, flooded_p99_ms = await alive, _p99_ms(calm), _p99_ms(flooded)
    told: dict[str, object] = {
        "carried_per_s": round(rate),
        "asked_per_s": round((len(flooded) + flooder.unsent) / seconds),
        "answers": dict(statuses(flooded)),
        "unsent": flooder.unsent,
        "calm_p50_ms": round(quantile(calm, 0.5) * 1000),
        "calm_p99_ms": calm_p99_ms,
        "flooded_p50_ms": round(quantile(flooded, 0.5) * 1000),
        "flooded_p99_ms": flooded_p99_ms,
        "back_after_s": round(back_after_s, 1),
        "healthz": healthz,
    }
    if report := os.environ.get("DIARY_FLOOD_REPORT"):
        Path(report).write_text(json.dumps(told, indent=2) + "\n")  # noqa: ASYNC240  at the end of everything
    print(json.dumps(told, indent=2))  # noqa: T201  pytest shows it when something is wrong
    assert set(statuses(flooded)) <= {200, 429, 503}
    assert statuses(flooded)[503] + statuses(flooded)[429] > 0
    assert [one for one in flooded if one.status in {429, 503} and not one.retry_after] == []
    assert set(healthz) == {200}
    assert back_after_s <= BACK_WITHIN_S
    if seconds >= 60:
        assert flooded_p99_ms <= 3 * calm_p99_ms


async def _alive(url: str, seconds: float) -> dict[int, int]:
    """Ask twice a second whether the process lives."""
    told = dict[int, int]()
    until = time.monotonic() + seconds
    async with httpx2.AsyncClient(base_url=url, timeout=10) as http:
        while time.monotonic() < until:
            status = (await http.get("/healthz")).status_code
            told[status] = told.get(status, 0) + 1
            await asyncio.sleep(0.5)
    return told


async def _back_to(flooder: Flooder, p99_s: float) -> float:
    """Return after how many seconds clients are served as before."""
    began = time.monotonic()
    while time.monotonic() - began < 3 * BACK_WITHIN_S:
        await flooder.one_after_the_other(CALM_CLIENTS, 1)
        told = flooder.taken()
        if set(statuses(told)) == {200} and quantile(told, 0.99) <= p99_s:
            break
    return time.monotonic() - began - 1


def _p99_ms(outcomes: Sequence[Outcome]) -> int:
    return round(quantile(outcomes, 0.99) * 1000)


def _request(family: Family, what: str) -> bytes:
    address = f"/v1/children/{family.child_id}/{what}"
    return f"GET {address} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {family.key}\r\n\r\n".encode()
