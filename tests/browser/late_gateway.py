"""The `diary` command with a clock that jumps ahead at a signal, so that no test waits for ten minutes."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from typing import Final

import time_machine

from diary_api.cli import main

AHEAD: Final = timedelta(minutes=11)
"""Longer than a sign-in lives."""


def _run() -> None:
    with time_machine.travel(datetime.now(UTC)) as clock:

        def jump(*_: object) -> None:
            clock.shift(AHEAD)

        signal.signal(signal.SIGUSR1, jump)
        main()


if __name__ == "__main__":
    _run()
