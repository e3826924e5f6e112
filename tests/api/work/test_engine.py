"""Tasks over Redis: shared by the workers, taken on from a dead one, done here while Redis is away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import ExitStack

import pytest
import redis
from pydantic import SecretStr
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker
from tests.ports import free_ports
from tests.services import redis_running
from tests.waiting import until

from diary_api.work.engine import in_process, over_redis
from diary_api.work.tasks import Task

pytestmark = pytest.mark.anyio


class Done:
    """What was done, by whom."""

    def __init__(self) -> None:
        self.times = Counter[str]()
        self.by = Counter[str]()

    def tasks(self, worker: str) -> dict[str, Task]:
        async def look(about: str) -> None:
            await asyncio.sleep(0.02)
            self.times[about] += 1
            self.by[worker] += 1

        return {"look": look}


def acknowledged(port: int) -> bool:
    with redis.Redis(port=port) as client:
        found = client.xpending("diary:work", "diary:workers")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  redis-py types it in part
        return found["pending"] == 0  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]  as above


async def test_workers_share_what_is_in_the_queue(redis_url: str) -> None:
    """Each task is done once, and both have their part."""
    done, url = Done(), SecretStr(redis_url)
    async with (
        over_redis(url, done.tasks("one"), 5) as put,
        over_redis(url, done.tasks("other"), 5),
    ):
        for number in range(60):
            await put("look", f"con_{number}")
        await until(lambda: done.times.total() >= 60)
    assert done.times == Counter({f"con_{number}": 1 for number in range(60)})
    assert len(done.by) == 2


async def test_a_worker_finishes_what_it_has_begun(redis_url: str) -> None:
    """Told to stop, it lets its tasks come to an end."""
    done, begun, ended = Done(), asyncio.Event(), asyncio.Event()

    async def slow(about: str) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        done.times[about] += 1
        ended.set()

    async with over_redis(SecretStr(redis_url), {"look": slow}, 5) as put:
        await put("look", "con_slow")
        await begun.wait()
    assert ended.is_set()


async def test_redis_away_costs_speed_only() -> None:
    """What cannot be put into the queue is done at once; once Redis is back the queue is used again."""
    port = free_ports(1)
    done = Done()
    with ExitStack() as services:
        url = SecretStr(services.enter_context(redis_running(port=port)))
        async with over_redis(url, done.tasks("one"), 5) as put:
            await put("look", "before")
            await until(lambda: done.times["before"] == 1 and acknowledged(port))
            services.close()
            await put("look", "without")
            await until(lambda: done.times["without"] == 1)
            services.enter_context(redis_running(port=port))
            await put("look", "after")
            await until(lambda: done.times["after"] == 1)
    assert done.times == Counter(before=1, without=1, after=1)


async def test_a_queue_that_does_not_let_go_keeps_nobody(
    monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    """A read that has not noticed that it was cancelled is left behind, and the process ends."""
    reads, missed = asyncio.Event(), asyncio.Event()

    async def read(_: RedisStreamBroker) -> AsyncGenerator[AckableMessage]:
        while not missed.is_set():
            reads.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                missed.set()
        await asyncio.Event().wait()
        yield AckableMessage(data=b"", ack=lambda: None)

    monkeypatch.setattr(RedisStreamBroker, "listen", read)
    async with asyncio.timeout(20), over_redis(SecretStr(redis_url), Done().tasks("one"), 0.1):
        await reads.wait()
    assert missed.is_set()


@pytest.mark.parametrize("fails", [True, False])
async def test_connections_that_do_not_close_keep_nobody(
    fails: bool, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    """Over TLS the server is waited for, which may be gone: that hides no error, and holds no process."""

    async def shutdown(_: RedisStreamBroker) -> None:
        if fails:
            raise redis.TimeoutError("closing")
        await asyncio.Event().wait()

    monkeypatch.setattr(RedisStreamBroker, "shutdown", shutdown)
    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(20), over_redis(SecretStr(redis_url), Done().tasks("one"), 0.1):
            raise ZeroDivisionError


async def test_in_process_everything_is_done_and_nothing_waited_for() -> None:
    """At the end what is under way is broken off."""
    done, begun = Done(), asyncio.Event()

    async def endless(about: str) -> None:
        begun.set()
        await asyncio.Event().wait()
        done.times[about] += 1

    async with in_process({"endless": endless, **done.tasks("here")}) as put:
        await put("look", "one")
        await until(lambda: done.times["one"] == 1)
        await put("endless", "two")
        await begun.wait()
    assert done.times["two"] == 0
