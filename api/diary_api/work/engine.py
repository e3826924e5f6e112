"""Where tasks run: in this process, or in whichever worker takes them from Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr

from diary_api.logs import fault
from diary_api.work.schedule import Put
from diary_api.work.tasks import Task

if TYPE_CHECKING:
    from taskiq import AsyncBroker

log = structlog.stdlib.get_logger()

PLACES = 32
"""Tasks of one process that go on side by side; how politely is the way out's own business."""
_QUEUE, _GROUP = "diary:work", "diary:workers"
_QUEUE_LONGEST = 10_000
_UNACKNOWLEDGED_MS = 600_000
"""A wake-up that a worker has not acknowledged for so long goes to another one."""
_PAUSE_S = 1.0
_LETS_GO_WITHIN_S = 2.0
"""A read that is cancelled in the moment it ends may not notice, and its receiver waits for a message then.

With its process it ends anyway.
"""


@asynccontextmanager
async def in_process(tasks: Mapping[str, Task]) -> AsyncGenerator[Put, None]:
    """Run tasks in this process for as long as the block lasts, and wait for none at its end."""
    room, running = asyncio.Semaphore(PLACES), set[asyncio.Task[None]]()

    async def run(name: str, about: str) -> None:
        async with room:
            await tasks[name](about)

    async def put(name: str, about: str) -> None:
        task = asyncio.create_task(run(name, about))
        running.add(task)
        task.add_done_callback(running.discard)

    try:
        yield put
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def over_redis(
    url: SecretStr, tasks: Mapping[str, Task], finish_within_s: float
) -> AsyncGenerator[Put]:
    """Share tasks with the other workers; at the end of the block finish those this process has begun.

    While Redis is away, whoever would put a task into the queue runs it: that costs speed only.

    Args:
        url: Of Redis.
        tasks: By name.
        finish_within_s: How long those that are under way may take at the end.
    """
    from taskiq.exceptions import SendTaskError  # noqa: PLC0415  a second of imports that only workers need
    from taskiq_redis import RedisStreamBroker  # noqa: PLC0415  as above

    broker = RedisStreamBroker(
        url.get_secret_value(),
        queue_name=_QUEUE,
        consumer_group_name=_GROUP,
        consumer_id="0",
        maxlen=_QUEUE_LONGEST,
        xread_count=PLACES,
        idle_timeout=_UNACKNOWLEDGED_MS,
        unacknowledged_lock_timeout=10,
    )
    kickers = {name: broker.register_task(task, task_name=name).kicker() for name, task in tasks.items()}
    finish = asyncio.Event()
    async with in_process(tasks) as alone:

        async def put(name: str, about: str) -> None:
            try:
                await kickers[name].kiq(about)
            except SendTaskError as error:
                log.warning("the queue is away: done here", work=name, **fault(error))
                await alone(name, about)

        working = asyncio.create_task(_work(broker, finish, finish_within_s))
        try:
            yield put
        finally:
            finish.set()
            await asyncio.wait({working}, timeout=finish_within_s)
            working.cancel()
            _, deaf = await asyncio.wait({working}, timeout=_LETS_GO_WITHIN_S)
            if deaf:
                log.warning("the queue does not let go: left behind")
            await _close(broker)


async def _close(broker: AsyncBroker) -> None:
    """Close the connections; over TLS each is waited for, though nobody may be there any more."""
    try:
        async with asyncio.timeout(_LETS_GO_WITHIN_S):
            await broker.shutdown()
    except Exception as error:  # what is lost with them ends with the process
        log.warning("the queue was not closed", **fault(error))


async def _work(broker: AsyncBroker, finish: asyncio.Event, finish_within_s: float) -> None:
    """Take tasks from the queue until told to finish, however often Redis goes, forgets and comes back."""
    from taskiq.receiver import Receiver  # noqa: PLC0415  as above

    while not finish.is_set():
        try:
            await broker.startup()
            receiver = Receiver(
                broker,
                max_async_tasks=PLACES,
                run_startup=False,
                validate_params=False,
                wait_tasks_timeout=finish_within_s,
            )
            await receiver.listen(finish)
        except Exception as error:  # the queue is away; what is due waits in the database
            log.warning("the queue does not answer", **fault(error))
            await asyncio.sleep(_PAUSE_S)
