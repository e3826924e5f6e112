"""What is counted in memory comes into the database once, whoever holds it and whoever was first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import system_clock
from diary_api.settings import Settings
from diary_api.storage import open_storage
from diary_api.storage.key_file import load
from diary_api.storage.tally import Counted, Tally
from diary_core.errors import GatewayBusy

pytestmark = pytest.mark.anyio

Bucket = tuple[str]


class Letters(Tally[Bucket, int]):
    """Counts letters into a list, unless something is in the way."""

    what = "letters"
    write_after_s = 60.0

    written: list[dict[Bucket, int]]
    first: Callable[[], None]
    begun: asyncio.Event
    may_end: asyncio.Event

    async def put(self, session: AsyncSession, counted: Mapping[Bucket, int]) -> None:
        """Write one transaction."""
        first, self.first = self.first, lambda: None
        first()
        self.begun.set()
        await self.may_end.wait()
        await session.execute(text("SELECT 1"))
        self.written.append(dict(counted))


@pytest.fixture
async def letters(settings: Settings) -> AsyncGenerator[Letters]:
    async with open_storage(settings.database_url, load(settings.key_file).ring()) as storage:
        letters = Letters(storage, system_clock)
        letters.written, letters.first = [], lambda: None
        letters.begun, letters.may_end = asyncio.Event(), asyncio.Event()
        letters.may_end.set()
        yield letters
        letters.may_end.set()
        await letters.close()


async def test_it_is_written_in_one_order_a_hundred_at_once(letters: Letters) -> None:
    """So that two processes never wait for each other, and no transaction is long."""
    names = [(f"{number:03}",) for number in range(150)]
    for name in reversed(names):
        letters.count(name, 1)
    letters.count(names[0], 1)
    await letters.write()
    assert [list(batch) for batch in letters.written] == [names[:100], names[100:]]
    assert sum(sum(batch.values()) for batch in letters.written) == 151


async def test_a_held_database_gets_it_later(letters: Letters) -> None:
    """What could not be written is written together with what came meanwhile."""

    def held() -> None:
        letters.count(("a",), 1)
        raise GatewayBusy("held")

    letters.count(("a",), 1)
    letters.first = held
    await letters.write()
    assert letters.written == []
    await letters.write()
    assert letters.written == [{("a",): 2}]


async def test_who_comes_second_tries_again_at_once(letters: Letters) -> None:
    """Another process has just made the same row: now there is one to add to."""

    def met() -> None:
        raise IntegrityError("", {}, Exception())

    letters.count(("a",), 1)
    letters.first = met
    await letters.write()
    assert letters.written == [{("a",): 1}]


async def test_what_is_broken_off_is_given_back(letters: Letters) -> None:
    """A writer that is cancelled loses nothing."""
    letters.count(("a",), 1)
    letters.may_end.clear()
    writing = asyncio.create_task(letters.write())
    await letters.begun.wait()
    writing.cancel()
    await asyncio.wait({writing})
    letters.may_end.set()
    await letters.write()
    assert letters.written == [{("a",): 1}]


async def test_the_end_counts_nothing_twice(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is being committed while the gateway ends is not written once more."""
    monkeypatch.setattr(Letters, "write_after_s", 0.0)
    committing = asyncio.Event()

    def begun(connection: Connection) -> None:
        del connection
        committing.set()

    event.listen(letters.storage.engine.sync_engine, "commit", begun)
    letters.count(("a",), 1)
    await committing.wait()
    await letters.close()
    assert letters.written == [{("a",): 1}]


async def test_a_reader_waits_for_what_is_being_written(letters: Letters) -> None:
    """Whoever writes down before reading sees what another has in its hands just now."""
    letters.count(("a",), 1)
    letters.may_end.clear()
    writing = asyncio.create_task(letters.write())
    await letters.begun.wait()
    reading = asyncio.create_task(letters.write())
    await asyncio.sleep(0)
    assert not reading.done()
    letters.may_end.set()
    await reading
    assert writing.done()
    assert letters.written == [{("a",): 1}]


def test_counts_join() -> None:
    """Times add up, from the first to the last."""
    noon = datetime(2026, 9, 16, 12, tzinfo=UTC)
    later = noon + timedelta(minutes=5)
    assert Counted(2, later, later) + Counted(1, noon, noon) == Counted(3, noon, later)
