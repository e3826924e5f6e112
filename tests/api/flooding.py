"""A client that asks at a given rate whatever comes back, cheap enough to flood a gateway with."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

CONNECTIONS_MAX: Final = 400
_STEP_S: Final = 0.01


@dataclass(frozen=True)
class Outcome:
    """What came of one request; the status is 0 where there was no answer."""

    status: int
    took_s: float
    retry_after: str | None = None


@dataclass
class Flooder:
    """Connections to one gateway, kept and used again."""

    port: int
    request: bytes
    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    unsent: int = 0
    """Requests whose turn came while every connection was in use."""
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(
        default_factory=list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    )
    _open: int = 0

    async def at_rate(self, per_s: float, seconds: float) -> None:
        """Ask so often, whether answers come or not."""
        began, asked, under_way = time.monotonic(), 0, set[asyncio.Task[None]]()
        while (now := time.monotonic() - began) < seconds:
            due = int(now * per_s)
            for _ in range(due - asked):
                if not self._idle and self._open >= CONNECTIONS_MAX:
                    self.unsent += 1
                    continue
                task = asyncio.create_task(self._ask())
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            asked = due
            await asyncio.sleep(_STEP_S)
        if under_way:
            await asyncio.wait(under_way, timeout=30)

    async def one_after_the_other(self, clients: int, seconds: float) -> None:
        """Ask with so many clients, each waiting for its answer before it asks again."""
        until = time.monotonic() + seconds

        async def live() -> None:
            while time.monotonic() < until:
                await self._ask()

        await asyncio.gather(*(live() for _ in range(clients)))

    def taken(self) -> list[Outcome]:
        """Return what has come since this was asked last."""
        taken, self.outcomes = self.outcomes, []
        return taken

    async def close(self) -> None:
        """Hang up."""
        for _, writer in self._idle:
            writer.close()
            await writer.wait_closed()

    async def _ask(self) -> None:
        began = time.monotonic()
        try:
            reader, writer = await self._connection()
        except OSError:
            self.outcomes.append(Outcome(0, time.monotonic() - began))
            return
        try:
            writer.write(self.request)
            status, retry_after, goes_on = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            self.outcomes.append(Outcome(0, time.monotonic() - began))
            self._open -= 1
            writer.close()
            return
        self.outcomes.append(Outcome(status, time.monotonic() - began, retry_after))
        if goes_on:
            self._idle.append((reader, writer))
        else:
            self._open -= 1
            writer.close()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            self._open -= 1
            writer.close()
        self._open += 1
        try:
            return await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            self._open -= 1
            raise


async def _answer(reader: asyncio.StreamReader) -> tuple[int, str | None, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), headers.get("retry-after"), headers.get("connection") != "close"


def quantile(outcomes: Sequence[Outcome], share: float) -> float:
    """Return the seconds within which such a share of the good answers came."""
    good = sorted(one.took_s for one in outcomes if one.status == 200)
    return good[min(len(good) - 1, int(len(good) * share))] if good else 0.0


def statuses(outcomes: Sequence[Outcome]) -> Counter[int]:
    """Count answers by status."""
    return Counter(one.status for one in outcomes)
