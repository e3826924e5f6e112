"""The servers of the demo: started together, stopped together."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2

from diary_core.errors import Misconfigured

PATIENCE_S = 90


@contextmanager
def running(
    arguments: list[str], *, ready_at: str, log: Path, environment: Mapping[str, str] | None = None
) -> Generator[subprocess.Popen[bytes]]:
    """Run a Python module as a server until the block ends, and give its process.

    Args:
        arguments: What follows `python -m`.
        ready_at: Address that answers once the server is up.
        log: File that takes what the server prints.
        environment: Added to ours.

    Raises:
        Misconfigured: It ended, or did not come up in time; the message names its log.
    """
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603  our own modules under our own interpreter
            [sys.executable, "-m", *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DIARY_DRAIN": "PT0S", **(environment or {})},  # no proxy stands before it
        )
        try:
            _wait(server, ready_at, log)
            yield server
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server, whatever it is busy with: none is left behind to hold its port."""
    server.terminate()
    try:
        server.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], ready_at: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    with httpx2.Client(timeout=1, trust_env=False) as http:
        while time.monotonic() < until:
            if server.poll() is not None:
                raise Misconfigured(f"a server of the demo ended at once; its words are in {log}")
            try:
                if http.get(ready_at).is_success:
                    return
            except httpx2.HTTPError:
                time.sleep(0.1)
    raise Misconfigured(f"a server of the demo did not come up in {PATIENCE_S} s; its words are in {log}")
