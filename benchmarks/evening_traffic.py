"""What families ask of an evening, one request after the other, the same in every run."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import httpx2

from benchmarks.load import Line, Run, asking
from benchmarks.town import Parent

WARM: Final = "known"
"""A week that was asked for before."""
COLD: Final = "unknown"
"""A week nobody has asked for."""
WRITE: Final = "written"
"""A choice about a child, kept in the gateway's own database."""
WEEKS = 16


@dataclass(frozen=True)
class Mix:
    """Shares of the requests; together they are one."""

    warm: float
    cold: float
    write: float


class Traffic:
    """The questions of every family, asked and not yet asked.

    Args:
        patterns: The family of each provider that the others are copies of.
    """

    def __init__(self, patterns: Mapping[str, Parent]) -> None:
        self._random = random.Random(20)  # noqa: S311  the same evening every time
        self._patterns = patterns
        today = date.today()  # noqa: DTZ011  the town lives on this machine's day
        monday = today - timedelta(days=today.weekday())
        self._weeks = [monday - timedelta(weeks=back) for back in range(WEEKS)]
        self._unasked: list[bytes] = []
        self._asked: list[bytes] = []
        self._writes: list[bytes] = []
        self._mix = Mix(1, 0, 0)

    def teach(self, url: str, weeks: int) -> None:
        """Ask about so many weeks, the newest first, so that the diaries know them."""
        for parent in self._patterns.values():
            with httpx2.Client(base_url=url, headers=parent.headers, timeout=60) as http:
                for child in parent.child_ids:
                    for week in self._weeks[:weeks]:
                        http.get(f"/v1/children/{child}/week", params={"of": str(week)}).raise_for_status()

    def welcome(self, parents: Sequence[Parent]) -> None:
        """Let new families ask too, in any order with the others."""
        for parent in parents:
            for child in parent.child_ids:
                path, headers = f"/v1/children/{child}", parent.headers
                self._unasked += [
                    asking("GET", f"{path}/week?of={week}", headers=headers) for week in self._weeks
                ]
                body = json.dumps({"shown": False}).encode()
                self._writes.append(asking("PUT", f"{path}/class-standing", headers=headers, body=body))
        self._random.shuffle(self._unasked)

    def begin(self, mix: Mix) -> None:
        """Ask by these shares from now on."""
        self._mix = mix

    def next(self) -> tuple[str, bytes]:
        """Return what is asked next, and what kind of question it is."""
        drawn = self._random.random()
        if drawn < self._mix.write:
            return WRITE, self._random.choice(self._writes)
        if self._unasked and (drawn < self._mix.write + self._mix.cold or not self._asked):
            request = self._unasked.pop()
            return COLD, request
        return WARM, self._random.choice(self._asked)

    async def drive(self, urls: Sequence[str], seconds: float) -> Mapping[str, Run]:
        """Ask over a connection to each address, the next as soon as one is answered.

        Returns:
            What came of it, by kind of question.
        """
        runs = {kind: Run() for kind in (WARM, COLD, WRITE)}
        lines = [await Line.to(url) for url in urls]
        begun = time.perf_counter()

        async def ask(line: Line) -> None:
            while time.perf_counter() < begun + seconds:
                kind, request = self.next()
                runs[kind].took(await line.ask(request))
                if kind == COLD:
                    self._asked.append(request)
            line.close()

        await asyncio.gather(*(ask(line) for line in lines))
        for run in runs.values():
            run.took_s = time.perf_counter() - begun
        return runs
