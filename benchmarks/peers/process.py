"""A peer as the measurement sees it: a process that is told a week and says how long it took."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Peer:
    """A running peer."""

    process: subprocess.Popen[str]

    def week(self, way: str, monday: date, *, at_once: int = 1) -> Sequence[float]:
        """Fetch the week of both children, and return how many seconds each of those who ask has waited.

        Raises:
            ConnectionError: The peer gave up; its standard error says why.
        """
        turn = {"way": way, "monday": monday.isoformat(), "at_once": at_once}
        return _told(self.process, turn)["waited_s"]


@contextmanager
def peer(python: Path, module: str, address: str, token: str) -> Generator[Peer]:
    """Run a peer while the block runs.

    Args:
        python: Of the peers' environment.
        module: Of `benchmarks.peers`.
        address: Of the far diary.
        token: Of the parent, as the diary has given it.
    """
    command = [python, "-m", f"benchmarks.peers.{module}", address, token]
    with subprocess.Popen(  # noqa: S603  our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            _told(process, None)
            yield Peer(process)
        finally:
            process.kill()


def _told(process: subprocess.Popen[str], turn: object) -> dict[str, list[float]]:
    """Give a peer its turn and read what it says."""
    assert process.stdin is not None  # noqa: S101  both are pipes
    assert process.stdout is not None  # noqa: S101  as above
    if turn is not None:
        process.stdin.write(json.dumps(turn) + "\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise ConnectionError("the peer ended")
    return json.loads(line)
