"""A worker is a process of its own that can be watched."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from tests.ports import free_ports

TOKEN = "twenty grey herons"
WITHIN_S = 60


@pytest.mark.timeout(180)
def test_a_worker_can_be_watched(tmp_path: Path) -> None:
    """It tells its figures to whoever has the token, that it is alive to anybody, and ends when told."""
    url = f"http://127.0.0.1:{(port := free_ports(1))}"
    given = {
        "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/diary.db",
        "DIARY_KEY_FILE": str(tmp_path / "diary.keys"),
        "DIARY_METRICS_TOKEN": TOKEN,
    }
    command = [sys.executable, "-m", "diary_api", "worker", "--port", str(port)]
    with subprocess.Popen(command, env=given, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as worker:
        alive = until_it_answers(f"{url}/healthz", worker)
        figures = httpx2.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        refused = [httpx2.get(f"{url}{path}").status_code for path in ("/metrics", "/v1/regions", "/docs")]
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(WITHIN_S) == 0
    assert alive.json()["status"] == "ok"
    assert "diary_background_seconds" in figures.text
    assert refused == [401, 404, 404]


def until_it_answers(url: str, process: subprocess.Popen[bytes]) -> httpx2.Response:
    """Ask until there is an answer."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            return httpx2.get(url)
        except httpx2.ConnectError:
            time.sleep(0.1)
    raise AssertionError("it does not answer")
