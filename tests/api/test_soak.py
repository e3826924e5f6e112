"""Hours of an ordinary life in minutes: mixed traffic, random faults, and nothing that grows.

`make soak`; `MINUTES=5 make soak` for less. Leaves `.run/soak.json` where `DIARY_SOAK_REPORT` says so.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.api.absences.test_crashes import Family, town
from tests.api.test_kills import Client, busy
from tests.api.test_readings import diary_reads

MINUTES = float(os.environ.get("MINUTES", "30"))
SAMPLES = 60
TOKEN = "a token of the tests to read metrics with"
FAULTS: Sequence[Mapping[str, object]] = (
    {"kind": "latency", "delay_s": 0.3, "probability": 0.3},
    {"kind": "status", "status": 503, "probability": 0.5},
    {"kind": "status", "status": 429, "retry_after": "1", "probability": 0.2},
    {"kind": "drop", "probability": 0.3},
    {"kind": "truncated_json", "probability": 0.3},
    {"kind": "malformed_json", "probability": 0.3},
    {"kind": "html", "probability": 0.3},
    {"kind": "slow_drip", "delay_s": 2, "probability": 0.2},
    {"kind": "oversize", "size": 20_000_000, "probability": 0.1},
    {"kind": "empty", "probability": 0.3},
)
ALLOWED: Mapping[str, float] = {
    "rss_mb": 12,
    "fds": 12,
    "tasks": 12,
    "streams": 1,
    "database": 3,
    "threads": 4,
}
"""By how much the last third may exceed the middle one: what a busy moment adds."""


@dataclass
class Reader(Client):
    """A client that also reads everything there is, whatever the diary's mood, and may be told of trouble."""

    answers: dict[int, int] = field(default_factory=dict[int, int])

    def read(self, name: str) -> None:
        """Read a route at random."""
        route = random.Random(name).choice(list(diary_reads()))
        address = route.format(child_id=self.family.child_id, thread_id="t", mark_id="1")
        answer = self.try_once("GET", address, params={"subject": "Алгебра", "target": "5"})
        status = answer.status_code if answer else 503
        self.answers[status] = self.answers.get(status, 0) + 1
        if status == 500:
            self.wrong.append(f"{address}: {answer and answer.text}")

    def deeds(self) -> Sequence[str]:
        """Nine of ten things are reads; nothing is linked or written to a diary that is broken on purpose."""
        return ("read",) * 27 + ("account", "token", "invite")


@pytest.mark.proof
@pytest.mark.timeout(0)
def test_nothing_grows(tmp_path: Path) -> None:
    """After a third of the time memory, descriptors, tasks and connections stay as they are."""
    with town(tmp_path, DIARY_METRICS_TOKEN=TOKEN) as family:
        family.link()
        readers = [Reader(family, number) for number in range(4)]
        with busy(readers):
            samples = _watched(family, random.Random(1))
        assert [wrong for reader in readers for wrong in reader.wrong] == []
    thirds = len(samples) // 3
    table = {
        name: [
            round(statistics.median(one[name] for one in part), 1)
            for part in (samples[:thirds], samples[thirds : 2 * thirds], samples[2 * thirds :])
        ]
        for name in ALLOWED
    }
    told = {
        "minutes": MINUTES,
        "answers": [reader.answers for reader in readers],
        "medians_of_thirds": table,
        "samples": samples,
    }
    if report := os.environ.get("DIARY_SOAK_REPORT"):
        Path(report).write_text(json.dumps(told, indent=1) + "\n")
    for name, (first, middle, last) in table.items():
        print(f"{name:10} {first:8} {middle:8} {last:8}")  # noqa: T201  the table of the target
    grown = {name: row for name, row in table.items() if row[2] > row[1] + ALLOWED[name]}
    assert grown == {}


def _watched(family: Family, dice: random.Random) -> list[dict[str, float]]:
    """Break something else at every sample, or nothing, and look at the process."""
    process, samples = psutil.Process(family.gateway.process), list[dict[str, float]]()
    pause = threading.Event()
    with httpx2.Client(timeout=30) as http:
        for _ in range(SAMPLES):
            http.delete(f"{family.control}/_sandbox/faults").raise_for_status()
            if dice.random() < 0.7:
                http.post(f"{family.control}/_sandbox/faults", json=[dice.choice(FAULTS)]).raise_for_status()
            pause.wait(MINUTES * 60 / SAMPLES)
            samples.append(_looked_at(process, family, http))
        http.delete(f"{family.control}/_sandbox/faults").raise_for_status()
    return samples


def _looked_at(process: psutil.Process, family: Family, http: httpx2.Client) -> dict[str, float]:
    figures = http.get(f"{family.gateway.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text

    def figure(name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", figures, re.MULTILINE)
        assert found, f"no {name} among the metrics"
        return float(found[1])

    return {
        "at": round(time.time()),
        "rss_mb": round(process.memory_info().rss / 2**20, 1),
        "fds": process.num_fds(),
        "threads": process.num_threads(),
        "tasks": figure('diary_under_way{things="tasks"}'),
        "streams": figure('diary_under_way{things="streams"}'),
        "database": figure("diary_database_connections_in_use"),
    }
