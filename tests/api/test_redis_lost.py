"""A Redis that forgets, hangs, dies and comes back costs speed only: no request fails, no answer is wrong."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import redis

from tests.api.absences.test_crashes import Family, town
from tests.ports import free_ports
from tests.services import NotHere, redis_running

READS = ("week", "marks", "homework", "averages", "terms")
OF_THE_MOMENT = {"as_of", "stale", "stale_reason"}
LASTS_S = 3
"""How long each trouble lasts: longer than anybody waits for Redis."""


@pytest.mark.slow
def test_a_lost_redis_costs_speed_only(tmp_path: Path) -> None:
    """Flushed, stopped, let go on, killed and begun anew under readers and writers."""
    port = free_ports(1)
    with ExitStack() as running:
        begin = _beginning(running, port)
        url = begin()
        # everything is old at once, so that claims, turns and news of Redis are wanted all the time
        fresh = {
            f"DIARY_FRESHNESS__{kind}": "0" for kind in ("days", "marks", "homework", "averages", "terms")
        }
        with town(tmp_path, DIARY_REDIS_URL=url, **fresh) as family:
            family.link()
            calm = {what: _read(family, what)[1] for what in READS}
            with _readers(family, calm) as wrong:
                process = _process(port)
                _flush(port)
                for trouble in (signal.SIGSTOP, signal.SIGCONT, signal.SIGKILL):
                    time.sleep(LASTS_S)
                    os.kill(process, trouble)
                time.sleep(LASTS_S)
                begin()
                time.sleep(LASTS_S)
            assert wrong == []
            assert httpx2.get(f"{family.gateway.url}/readyz").status_code == 200


def _beginning(running: ExitStack, port: int) -> Callable[[], str]:
    def begin() -> str:
        try:
            return running.enter_context(redis_running(port=port))
        except NotHere as missing:
            pytest.skip(str(missing))

    return begin


def _flush(port: int) -> None:
    with redis.Redis(port=port) as client:
        client.flushall()  # pyright: ignore[reportUnknownMemberType]  redis-py types it in part


def _process(port: int) -> int:
    with redis.Redis(port=port) as client:
        found: Any = client.info("server")  # pyright: ignore[reportUnknownMemberType]  as above
    return int(found["process_id"])


def _read(family: Family, what: str) -> tuple[int, object]:
    headers = {"Authorization": f"Bearer {family.key}"}
    address = f"{family.gateway.url}/v1/children/{family.child_id}/{what}"
    answer = httpx2.get(
        address, headers=headers, params={"since": "2026-11-09", "until": "2026-11-15"}, timeout=30
    )
    body: dict[str, Any] = answer.json()
    return answer.status_code, {key: part for key, part in body.items() if key not in OF_THE_MOMENT}


@contextmanager
def _readers(family: Family, calm: dict[str, object]) -> Generator[list[str]]:
    """Read everything again and again while the block lasts; give what was not as in calm."""
    stop, wrong = threading.Event(), list[str]()

    def live(what: str) -> None:
        while not stop.is_set():
            try:
                status, told = _read(family, what)
            except httpx2.HTTPError as error:
                wrong.append(f"{what}: {error!r}")
                continue
            if (status, told) != (200, calm[what]):
                wrong.append(f"{what}: {status} {told}")

    threads = [threading.Thread(target=live, args=(what,)) for what in READS]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join()
