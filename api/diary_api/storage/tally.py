"""What is counted in memory and written down behind the answers, which never wait for it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.storage.database import Storage
from diary_core.errors import GatewayBusy

log = structlog.stdlib.get_logger()

_BATCH = 100
"""Buckets in one transaction."""


class _Adds(Protocol):
    def __add__(self, later: Self, /) -> Self: ...


BucketT = TypeVar("BucketT", bound=tuple[Any, ...])  # of whatever can be sorted
CountT = TypeVar("CountT", bound=_Adds)


@dataclass(frozen=True)
class Counted:
    """How often, from when to when."""

    times: int
    first_at: datetime
    last_at: datetime

    def __add__(self, later: Counted, /) -> Counted:
        """Return both together."""
        return Counted(
            self.times + later.times, min(self.first_at, later.first_at), max(self.last_at, later.last_at)
        )


class Tally(ABC, Generic[BucketT, CountT]):
    """Counts by bucket that are on their way into the database; only a killed process loses the last of them.

    What cannot be written now is kept for the next time, and several processes may count the same buckets.
    """

    what: ClassVar[str]
    """For the log."""
    write_after_s: ClassVar[float] = 1.0
    """So that a burst is one write."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self.storage = storage
        self.clock = clock
        self._pending: dict[BucketT, CountT] = {}
        self._writer: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        """Whoever reads waits for what is being written."""

    @abstractmethod
    async def put(self, session: AsyncSession, counted: Mapping[BucketT, CountT]) -> None:
        """Add to what the database has, in the order given; what is counted of somebody erased goes nowhere.

        Everybody writes in one order, so that two processes never wait for each other.
        """

    def count(self, bucket: BucketT, count: CountT) -> None:
        """Count; nothing is awaited and nothing can fail."""
        self._add(bucket, count)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_soon())

    async def write(self) -> None:
        """Write down what was counted so far."""
        async with self._turn:
            while self._pending:
                taken = {bucket: self._pending[bucket] for bucket in islice(sorted(self._pending), _BATCH)}
                for bucket in taken:
                    del self._pending[bucket]
                try:
                    await self._put_down(taken)
                except (GatewayBusy, SQLAlchemyError) as error:
                    self._give_back(taken)
                    log.warning("counts are not written down yet", of=self.what, outcome=type(error).__name__)
                    return
                except BaseException:
                    self._give_back(taken)
                    raise

    async def close(self) -> None:
        """Write down the rest."""
        if self._writer is not None:
            async with self._turn:  # a commit that is broken off may have been made: it would count twice
                self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        await self.write()

    async def _put_down(self, taken: Mapping[BucketT, CountT]) -> None:
        try:
            async with self.storage.writing() as session:
                await self.put(session, taken)
        except IntegrityError:  # another process has just begun the same bucket
            async with self.storage.writing() as session:
                await self.put(session, taken)

    async def _write_soon(self) -> None:
        while self._pending:
            await asyncio.sleep(self.write_after_s)
            await self.write()

    def _add(self, bucket: BucketT, count: CountT) -> None:
        known = self._pending.get(bucket)
        self._pending[bucket] = count if known is None else known + count

    def _give_back(self, taken: Mapping[BucketT, CountT]) -> None:
        for bucket, count in taken.items():
            self._add(bucket, count)
