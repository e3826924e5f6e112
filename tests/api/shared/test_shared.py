"""News and claims between processes, with Redis, without it, and while it is in trouble."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from diary_api.settings import Settings
from diary_api.shared import Shared, bus, open_shared
from diary_api.shared.link import Link
from diary_core.errors import Misconfigured
from tests.ports import free_ports
from tests.services import redis_running
from tests.waiting import until

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
INSTANT = timedelta(milliseconds=50)


@asynccontextmanager
async def two(url: str | None) -> AsyncGenerator[tuple[Shared, Shared]]:
    """What two processes of one gateway share."""
    settings = Settings(redis_url=None if url is None else SecretStr(url))
    async with open_shared(settings) as one, open_shared(settings) as other:
        yield one, other


async def flush(url: str) -> None:
    async with Redis.from_url(url) as redis:  # pyright: ignore[reportUnknownMemberType]  redis-py types it in part
        await redis.flushall()  # pyright: ignore[reportUnknownMemberType]  as above


def process_of(url: str) -> int:
    """Return the id of the Redis behind an address."""
    port = url.rsplit(":", 1)[1].split("/", maxsplit=1)[0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"redis-server" in told and port.encode() in told:
            return int(folder.name)
    raise AssertionError("no Redis runs there")


async def test_whoever_hears_late_is_told_what_it_may_have_missed(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway that has begun before it was subscribed: what it has read meanwhile may be old."""
    join, late = bus._subscription, asyncio.Event()

    async def subscription(link: Link) -> PubSub:
        await late.wait()
        return await join(link)

    monkeypatch.setattr(bus, "_subscription", subscription)
    monkeypatch.setattr(bus, "_JOIN_S", 0.01)
    lost: list[str] = []
    async with open_shared(Settings(redis_url=SecretStr(redis_url))) as shared:
        shared.bus.on_lost(lambda: lost.append("late"))
        assert not shared.bus.connected
        late.set()
        await until(lambda: shared.bus.connected)
        assert lost == ["late"]


async def test_a_process_alone_hears_itself_and_takes_claims() -> None:
    """Without Redis nothing is missing."""
    async with open_shared(Settings()) as shared:
        heard: list[str] = []
        shared.bus.hear("topic", heard.append)
        await shared.bus.tell("topic", "one")
        await shared.bus.tell("other", "two")
        assert (heard, shared.bus.connected, shared.link) == (["one"], True, None)
        claim = await shared.claims.take("x", MINUTE)
        assert claim is not None
        assert await shared.claims.take("x", MINUTE) is None
        assert await claim.keep()
        await claim.release()
        assert await shared.claims.take("x", MINUTE) is not None


async def test_news_is_heard_in_every_process_once(redis_url: str) -> None:
    """In the sender's before `tell` has waited for anything, in the others soon; nobody hears it twice."""
    async with two(redis_url) as (one, other):
        here: list[str] = []
        there: list[str] = []
        one.bus.hear("topic", here.append)
        other.bus.hear("topic", there.append)
        telling = asyncio.create_task(one.bus.tell("topic", "first"))
        await asyncio.sleep(0)
        assert here == ["first"]
        await telling
        await other.bus.tell("topic", "second")
        await one.bus.tell("topic", "last")
        await until(lambda: "last" in there and "second" in here)
        assert (sorted(here), sorted(there)) == (["first", "last", "second"],) * 2


async def test_a_hearer_that_fails_does_not_deafen_the_next(log: io.StringIO) -> None:
    """It is logged, without what it said."""

    def fail(message: str) -> None:
        raise ValueError(message)

    async with open_shared(Settings()) as shared:
        heard: list[str] = []
        shared.bus.hear("topic", fail)
        shared.bus.hear("topic", heard.append)
        await shared.bus.tell("topic", "kestrel")
    assert heard == ["kestrel"]
    assert "a hearer failed" in log.getvalue()
    assert "kestrel" not in log.getvalue()


async def test_a_claim_is_held_by_one_process(redis_url: str) -> None:
    """Until it is released, or ends by itself."""
    async with two(redis_url) as (one, other):
        claim = await one.claims.take("held", MINUTE)
        assert claim is not None
        assert await other.claims.take("held", MINUTE) is None
        await claim.release()
        short = await other.claims.take("held", INSTANT)
        assert short is not None
        await asyncio.sleep(2 * INSTANT.total_seconds())
        again = await one.claims.take("held", MINUTE)
        assert again is not None
        assert not await short.keep()
        await short.release()  # is not its own any more
        assert await other.claims.take("held", MINUTE) is None
        await again.release()


async def test_of_many_at_once_one_gets_the_claim(redis_url: str) -> None:
    """In two processes together."""
    async with two(redis_url) as both:
        took = await asyncio.gather(*(both[n % 2].claims.take("wanted", MINUTE) for n in range(40)))
        held = [claim for claim in took if claim is not None]
        assert len(held) == 1
        await held[0].release()


async def test_a_claim_that_redis_forgot_is_kept(redis_url: str) -> None:
    """Whoever works under it goes on, and nobody else begins."""
    async with two(redis_url) as (one, other):
        claim = await one.claims.take("forgotten", MINUTE)
        assert claim is not None
        await flush(redis_url)
        assert await claim.keep()
        assert await other.claims.take("forgotten", MINUTE) is None
        await claim.release()


async def test_redis_goes_and_comes_back(log: io.StringIO) -> None:
    """Meanwhile each process works by itself; both times it is told, and afterwards all is as before."""
    port = free_ports(1)
    with ExitStack() as first_life:
        url = first_life.enter_context(redis_running(port=port))
        async with two(url) as (one, other):
            lost: list[str] = []
            there: list[str] = []
            one.bus.on_lost(lambda: lost.append("one"))
            other.bus.hear("topic", there.append)
            assert (one.bus.connected, other.bus.connected) == (True, True)
            first_life.close()
            await until(lambda: not one.bus.connected and not other.bus.connected)
            assert lost == ["one"]
            await one.bus.tell("topic", "missed")
            assert await one.claims.take("x", MINUTE) is not None
            assert await other.claims.take("x", MINUTE) is not None
            with redis_running(port=port):
                await until(lambda: one.bus.connected and other.bus.connected)
                assert lost == ["one", "one"]
                await one.bus.tell("topic", "heard")
                await until(lambda: bool(there))
                assert there == ["heard"]
                claim = await one.claims.take("y", MINUTE)
                assert claim is not None
                assert await other.claims.take("y", MINUTE) is None
                told = log.getvalue()
    assert (told.count("Redis is lost"), told.count("Redis is back")) == (2, 2)  # one for each process


async def test_a_redis_that_is_stuck_is_given_up(log: io.StringIO) -> None:
    """The connection stands and nothing comes: few calls wait, none for long, and it is found again."""
    with redis_running() as url:
        process = process_of(url)
        async with two(url) as (one, other):
            lost: list[str] = []
            other.bus.on_lost(lambda: lost.append("other"))
            os.kill(process, signal.SIGSTOP)
            try:
                async with asyncio.timeout(5):  # of a hundred calls one waits, or two
                    for number in range(100):
                        assert await one.claims.take(f"n{number}", MINUTE) is not None
                        await one.bus.tell("topic", "missed")
                await until(lambda: not other.bus.connected)
            finally:
                os.kill(process, signal.SIGCONT)
            await until(lambda: one.bus.connected and other.bus.connected)
            assert lost == ["other", "other"]
            there: list[str] = []
            other.bus.hear("topic", there.append)
            await one.bus.tell("topic", "heard")
            await until(lambda: "heard" in there)
    assert log.getvalue().count("Redis is lost") == 2


async def test_a_gateway_starts_without_its_redis() -> None:
    """It is waited for behind."""
    port = free_ports(1)
    async with two(f"redis://127.0.0.1:{port}/0") as (one, _):
        lost: list[str] = []
        one.bus.on_lost(lambda: lost.append("one"))
        assert not one.bus.connected
        with redis_running(port=port):
            await until(lambda: one.bus.connected)
            assert lost == ["one"]


@pytest.mark.parametrize("url", ["nonsense", "http://secret-password@x/", "redis://x:secret-password/"])
async def test_a_wrong_address(url: str) -> None:
    """It is `misconfigured`, and says how one looks; the address is not shown: it may hold a password."""
    with pytest.raises(Misconfigured, match=r"DIARY_REDIS_URL .* redis://") as caught:
        async with open_shared(Settings(redis_url=SecretStr(url))):
            pass
    assert "secret-password" not in str(caught.value)
