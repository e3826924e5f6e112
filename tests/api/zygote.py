"""A process that has imported the gateway and forks into `diary`, so that a start costs no imports.

It reads what follows `diary`, one process a line, and answers with the number of the process that does it;
that is ended from outside.
Run as `python -m tests.api.zygote LOG NOW`: where gateways print, and what time it is for them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import diary_api.app
import diary_api.cli.serve
import diary_api.cli.worker
from diary_api.cli import main as diary
from diary_core.plugins import installed, load


def main(log: str, now: str) -> None:
    """Fork for every line until there are no more."""
    load(installed())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need nobody to bury them
    ahead = datetime.fromisoformat(now) - datetime.now(UTC)
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _run(line.split(), log, lambda: datetime.now(UTC) + ahead)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


def _run(arguments: list[str], log: str, clock: Callable[[], datetime]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(log, "ab") as output, open(os.devnull, "rb") as nothing:  # noqa: PTH123  descriptors are wanted
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    for module in (diary_api.app, diary_api.cli.serve, diary_api.cli.worker):
        setattr(module, "system_clock", clock)  # noqa: B010  what a module imports is its own affair
    diary(arguments)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
