"""Nobody asks or guesses too often, at however many processes, and nobody pays for another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.types import Scope

from diary_api.accounts.attempts import Attempts
from diary_api.middleware import rates
from diary_api.middleware.client_address import address_of
from diary_api.middleware.rates import AT_ONCE_S, MOST_KEYS, Known, Rate
from diary_api.settings import Settings
from diary_api.shared.link import open_link
from diary_core.errors import TooManyRequests
from tests.api.running import EMAIL, PASSWORD, MovableClock, running
from tests.services import redis_running

pytestmark = pytest.mark.anyio

RIGHT = {"email": EMAIL, "password": PASSWORD}
WRONG = {"email": EMAIL, "password": "not the password"}


async def test_guesses_at_two_processes_are_counted_together(settings: Settings, redis_url: str) -> None:
    """Five here and five there are ten; Redis learns neither the e-mail nor the address."""
    with_redis = settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    untyped: Any = Redis  # redis-py types it in part
    async with untyped.from_url(redis_url) as redis:
        await redis.flushdb()
        async with running(with_redis) as one, running(with_redis) as other:
            await one.parent()
            for gate in (one, other) * 5:
                assert (await gate.client.post("/v1/sessions", json=WRONG)).status_code == 401
            for gate in (one, other):
                refused = await gate.client.post("/v1/sessions", json=RIGHT)
                assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
                assert 0 < int(refused.headers["retry-after"]) <= 900
            kept = [key async for key in redis.scan_iter("diary:tries:*")]
            assert len(kept) == 4
            told = b" ".join(kept + [one for key in kept for one in await redis.zrange(key, 0, -1)])
            assert [word for word in (b"olga", b"127.0.0.1", b"example.org") if word in told] == []
            assert [key for key in kept if not 0 < await redis.pttl(key) <= 900_000] == []


async def test_a_success_is_known_everywhere(redis_url: str) -> None:
    """What one process forgives, the others have forgiven."""
    clock, window = MovableClock(), timedelta(minutes=15)
    async with open_link(SecretStr(redis_url)) as link, open_link(SecretStr(redis_url)) as another:
        here = Attempts("forgiven", 3, window, clock, link)
        there = Attempts("forgiven", 3, window, clock, another)
        await here.begin("key")
        await here.begin("key")
        await there.begin("key")
        with pytest.raises(TooManyRequests) as refused:
            await there.begin("key")
        assert refused.value.retry_after is not None
        assert timedelta() < refused.value.retry_after <= window
        await there.forgive("key")
        await here.begin("key")
        await here.succeeded("key")
        await there.begin("key")


async def test_without_redis_each_process_goes_by_its_own_count(settings: Settings) -> None:
    """Redis dies between two guesses: the door still closes, and opens for whoever knows the password."""
    with redis_running() as url:
        gateway = running(settings.model_copy(update={"redis_url": SecretStr(url)}))
        gate = await gateway.__aenter__()
        await gate.parent()
        for _ in range(5):
            assert (await gate.client.post("/v1/sessions", json=WRONG)).status_code == 401
    try:
        assert (await gate.client.post("/v1/sessions", json=RIGHT)).status_code == 201
        for _ in range(10):
            assert (await gate.client.post("/v1/sessions", json=WRONG)).status_code == 401
        assert (await gate.client.post("/v1/sessions", json=RIGHT)).status_code == 429
    finally:
        await gateway.__aexit__(None, None, None)


async def test_many_addresses_guess_no_further_together(settings: Settings) -> None:
    """One e-mail, ever new addresses: after the limit of the account its door closes for strangers."""
    async with running(settings.model_copy(update={"sign_in_attempts_of_account": 4})) as gate:
        await gate.parent()
        accounts, index = gate.gateway.accounts, gate.gateway.accounts._email_index(EMAIL)
        for _ in range(4):
            await accounts.siege.begin(index)
        assert (await gate.client.post("/v1/sessions", json=RIGHT)).status_code == 429
        gate.clock.move(timedelta(minutes=15))
        assert [(await gate.client.post("/v1/sessions", json=RIGHT)).status_code for _ in range(6)] == [
            201
        ] * 6


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_a_subscriber_is_one_whatever_address_is_taken(host: str, counted: str) -> None:
    """Somebody with a network of IPv6 addresses is counted by the network."""
    scope: Scope = {"type": "http", "client": (host, 4711)}
    assert address_of(scope) == counted


def test_nobodys_address() -> None:
    """A server on a socket of the file system tells none."""
    assert address_of({"type": "http", "client": None}) == address_of({"type": "http"}) == "unknown"


class Seconds:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_it_says() -> None:
    """Ten seconds' worth at once, then as many as come in; whoever is refused pays nothing for asking."""
    seconds = Seconds()
    rate = Rate(2, seconds)
    assert [rate.wait_s("a") for _ in range(2 * AT_ONCE_S)] == [0] * 20
    assert 0 < rate.wait_s("a") <= 0.5
    assert rate.wait_s("b") == 0
    seconds.now += 0.5
    assert (rate.wait_s("a"), rate.wait_s("a") > 0) == (0, True)
    seconds.now += 1000
    assert [rate.wait_s("a") for _ in range(21)].count(0) == 20


def test_looking_takes_nothing() -> None:
    """Somebody with a key that is not known yet is let in unless the address has used everything up."""
    rate = Rate(1, Seconds())
    assert {rate.wait_s("a", take=0) for _ in range(100)} == {0}
    assert [rate.wait_s("a") for _ in range(10)] == [0] * 10
    assert rate.wait_s("a", take=0) > 0


def test_a_flood_of_keys_grows_nothing() -> None:
    """However many addresses and keys come by, so many are remembered at most, and the last ones are."""
    rate, known = Rate(1, Seconds()), Known()
    for number in range(3 * MOST_KEYS):
        rate.wait_s(str(number))
        known.remember(str(number).encode(), "acc")
    sizes = [len(rate._full_at), len(rate._older), len(known._accounts), len(known._older)]
    assert [size for size in sizes if size > MOST_KEYS + 1] == []
    assert known.account_of(str(3 * MOST_KEYS - 1).encode()) == "acc"


def test_no_rate_is_no_limit() -> None:
    """Zero counts nobody."""
    rate = Rate(0)
    assert {rate.wait_s("a") for _ in range(10_000)} == {0}


@pytest.fixture
def slow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """So slow a rate that a test has five at once and no more, however long it takes."""
    monkeypatch.setattr(rates, "AT_ONCE_S", 10_000)
    slowly = {"requests_per_s_of_account": 5 / 10_000, "requests_per_s_of_address": 5 / 10_000}
    return settings.model_copy(update=slowly)


async def test_a_stranger_who_asks_too_often_waits(slow: Settings) -> None:
    """The refusal is a typed problem that says how long; machines that look after us are never refused."""
    async with running(slow) as gate:
        answers = [await gate.client.get("/v1/regions") for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        refused = answers[-1]
        assert refused.json()["code"] == "too_many_requests"
        assert 0 < int(refused.headers["retry-after"]) <= 2000
        assert (await gate.client.get("/healthz")).status_code == 200


async def test_neighbours_do_not_pay_for_one_another(slow: Settings) -> None:
    """Behind one address: an account pays for itself alone, with all its keys together."""
    async with running(slow) as gate:
        olga, ivan = await gate.parent(), await gate.parent("ivan@example.org")
        token = (await olga.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})).json()["secret"]
        script = gate.another_client(Authorization=f"Bearer {token}")
        codes = [(await client.get("/v1/me")).status_code for client in (olga, script) * 3]
        assert codes == [200] * 4 + [429] * 2
        assert (await ivan.get("/v1/me")).status_code == 200


async def test_keys_that_open_nothing_are_paid_for_by_their_address(slow: Settings) -> None:
    """Ever new keys are no way round; whoever has a good one is served meanwhile."""
    async with running(slow) as gate:
        olga = await gate.parent()
        assert (await olga.get("/v1/me")).status_code == 200
        codes: list[int] = []
        for number in range(6):
            stranger = gate.another_client(Authorization=f"Bearer dgs_{number}")
            codes.append((await stranger.get("/v1/me")).status_code)
        assert codes == [401] * 3 + [429] * 3
        assert (await olga.get("/v1/me")).status_code == 200
