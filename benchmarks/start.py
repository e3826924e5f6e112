"""How long it takes until the gateway is there: its commands, its imports, its readiness."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.ports import free_ports

from benchmarks.figures import Figure
from benchmarks.rounds import Effort, interleaved, median, timed
from diary_api.cli.demo.processes import running

_LIBRARIES = (
    "import fastapi, uvicorn, sqlalchemy.ext.asyncio, pydantic_settings, httpx2, cryptography, structlog"
)
"""What the gateway stands on, and would be imported whatever we wrote."""


def measure(effort: Effort) -> Sequence[Figure]:
    """Measure each in a process of its own, in turns."""
    with TemporaryDirectory(prefix="diary-bench-") as name:
        ready = _Ready(Path(name))
        ready()  # makes the database and its keys: that is once, not every start
        calls: dict[str, Callable[[], float]] = {
            "python": lambda: _python("-c", "pass"),
            "libraries": lambda: _python("-c", _LIBRARIES),
            "import": lambda: _python("-c", "import diary_api.app"),
            "help": lambda: _python("-m", "diary_api", "--help"),
            "ready": ready,
        }
        took = {name: median(times) for name, times in interleaved(calls, effort.of(5, 1)).items()}
    says = {
        "python": "an empty Python",
        "libraries": "the libraries alone",
        "import": "`import diary_api.app`",
        "help": "`diary --help`",
        "ready": "`diary serve` until `/readyz` says yes",
    }
    found = [Figure(key=key, says=says[key], value=round(took[key] * 1000, 1), unit="ms") for key in calls]
    ours = (took["import"] - took["python"]) / (took["libraries"] - took["python"])
    over = took["ready"] / took["import"]
    return [
        *found,
        Figure(key="import.ratio", says="our import / the libraries alone", value=round(ours, 3), unit=""),
        Figure(key="ready.ratio", says="ready / imported", value=round(over, 3), unit=""),
    ]


def _python(*arguments: str) -> float:
    """Run Python to its end and return how long it took."""
    command = [sys.executable, *arguments]
    return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))  # noqa: S603  our own


class _Ready:
    """A gateway that is started, seen ready and stopped."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "gateway.log"
        self._settings = {
            "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'diary.db'}",
            "DIARY_KEY_FILE": str(folder / "diary.keys"),
            "DIARY_LOG_LEVEL": "error",
            "DIARY_DRAIN": "PT0S",
            "PATH": os.environ["PATH"],
        }

    def __call__(self) -> float:
        port = free_ports(1)
        serve = ["diary_api", "serve", "--port", str(port)]
        ready_at = f"http://127.0.0.1:{port}/readyz"
        begun = time.perf_counter()
        with running(serve, ready_at=ready_at, log=self._log, environment=self._settings):
            return time.perf_counter() - begun
