"""A week diary, cold and warm.

Cold: the gateway against the upstream calls themselves, on a sandbox whose every answer takes 100 ms.
Warm: the gateway against bare Starlette returning the same bytes, on the same server.
Every row of the table is measured in this one run; read the ratios.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from rich.console import Console
from rich.table import Table

from diary_api.accounts.schemas import Account, IssuedKey
from diary_api.cli.client import Gateway
from diary_api.cli.demo.families import ARKHANGELSK, GATEWAY_PASSWORD, OPTIONS
from diary_api.cli.demo.processes import running
from diary_api.connections.schemas import Connection
from diary_api.school.schemas import Children

HOST = "127.0.0.1"
SANDBOX_PORT, GATEWAY_PORT, BARE_PORT = 8600, 8620, 8621
DELAY_S = 0.1
COLD_ROUNDS, WARM_ROUNDS = 10, 300


def main() -> None:
    """Measure, print a table, and leave the figures in `benchmarks/week.json`."""
    control, url = f"http://{HOST}:{SANDBOX_PORT}", f"http://{HOST}:{GATEWAY_PORT}"
    town = ["diary_sandbox", "--port-base", str(SANDBOX_PORT), "--today", "2026-11-25", "--families", "50"]
    with TemporaryDirectory() as folder:
        settings = {
            "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/diary.db",
            "DIARY_KEY_FILE": f"{folder}/diary.keys",
            "DIARY_PUBLIC_URL": url,
            "DIARY_SANDBOX_URL": control,
            "DIARY_LOG_LEVEL": "warning",
            **OPTIONS,
        }
        serve = ["diary_api", "serve", "--port", str(GATEWAY_PORT)]
        log = Path(folder)
        with (
            running(town, ready_at=f"{control}/_sandbox", log=log / "sandbox.log"),
            running(serve, ready_at=f"{url}/readyz", log=log / "gateway.log", environment=settings),
            Gateway(url) as gateway,
        ):
            child_id, key = _linked(gateway)
            figures = {**_cold(control, gateway, child_id), **_warm(url, child_id, key, log)}
    Path("benchmarks/week.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    table = Table("figure", "value", title="A week diary")
    for name, value in figures.items():
        table.add_row(name, f"{value:.2f}")
    Console().print(table)


def _linked(gateway: Gateway) -> tuple[str, str]:
    who = {"email": "bench@example.test", "password": GATEWAY_PASSWORD}
    gateway.post("/v1/accounts", who, Account)
    key = gateway.post("/v1/sessions", who, IssuedKey).secret
    gateway.use(key)
    begun = gateway.post(
        "/v1/connections", {"region": ARKHANGELSK.region, "method": ARKHANGELSK.method}, Connection
    )
    gateway.post(f"/v1/connections/{begun.id}/steps", {"values": dict(ARKHANGELSK.typed)}, Connection)
    return gateway.get("/v1/children", Children).items[0].id, key


def _cold(control: str, gateway: Gateway, child_id: str) -> dict[str, float]:
    """Ask for weeks nobody has asked for, while every upstream answer takes its time."""
    fault = {"host": "api.dnevnik.ru", "kind": "latency", "delay_s": DELAY_S}
    httpx2.post(f"{control}/_sandbox/faults", json=fault).raise_for_status()
    weeks = iter(range(1, 30))
    took = _median(lambda: _read_week(gateway, child_id, next(weeks)), COLD_ROUNDS)
    httpx2.delete(f"{control}/_sandbox/faults").raise_for_status()
    return {
        "cold week, ms": took * 1000,
        "cold week, in delays of one upstream call": took / DELAY_S,
    }


def _read_week(gateway: Gateway, child_id: str, number: int) -> None:
    month, day = 9 + (number * 7) // 30, (number * 7) % 28 + 1
    gateway.get(f"/v1/children/{child_id}/week", dict[str, object], {"of": f"2026-{month:02}-{day:02}"})


def _warm(url: str, child_id: str, key: str, log: Path) -> dict[str, float]:
    """Ask for one week again and again, and for the same bytes from an application that does nothing else."""
    headers = {"Authorization": f"Bearer {key}"}
    week = f"{url}/v1/children/{child_id}/week?of=2026-11-16"
    with httpx2.Client(headers=headers) as http:
        body = http.get(week).raise_for_status().content
        (log / "week.json").write_bytes(body)
        ours = _median(lambda: http.get(week), WARM_ROUNDS)
        etag = http.get(week).headers["etag"]
        unchanged = _median(lambda: http.get(week, headers={"If-None-Match": etag}), WARM_ROUNDS)
        bare = ["benchmarks.bare", str(BARE_PORT), str(log / "week.json")]
        with running(bare, ready_at=f"http://{HOST}:{BARE_PORT}/", log=log / "bare.log"):
            theirs = _median(lambda: http.get(f"http://{HOST}:{BARE_PORT}/"), WARM_ROUNDS)
    return {
        "warm week, ms": ours * 1000,
        "warm week not modified, ms": unchanged * 1000,
        "bare Starlette, same bytes, ms": theirs * 1000,
        "warm week / bare Starlette": ours / theirs,
    }


def _median(call: Callable[[], object], rounds: int) -> float:
    """Return the median time of a call, in seconds."""
    times: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    main()
