"""What a peer's process does: reads a week a line, fetches it, and says how long that took.

It runs in the peers' own environment, so it stands on the standard library alone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta

Way = Callable[[date, date], Awaitable[object]]
"""Fetches the week of both children; both days are inclusive."""


async def take_turns(ways: Mapping[str, Way]) -> None:
    """Serve lines of `{"way": …, "monday": …, "at_once": …}` until the input ends.

    `at_once` parents ask in the same moment; what is said is how long each of them waited.
    """
    _say({"ready": True})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        turn = json.loads(line)
        monday = date.fromisoformat(turn["monday"])
        week = monday, monday + timedelta(days=6)
        way = ways[turn["way"]]
        waited = await asyncio.gather(*(_timed(way, *week) for _ in range(turn["at_once"])))
        _say({"waited_s": waited})


async def _timed(way: Way, since: date, until: date) -> float:
    begun = time.perf_counter()
    await way(since, until)
    return time.perf_counter() - begun


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
