"""Faults do over real HTTP what their names say, where, as often and as long as they are told."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from diary_sandbox.faults import Fault, FaultKind, FaultRegistry
from diary_sandbox.serve import Sandbox

from .running import BODY, HOST, small_sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A running sandbox."""
    async with small_sandbox() as (running, _):
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the small host."""
    async with httpx2.AsyncClient(base_url=sandbox.url(HOST), timeout=10) as one:
        yield one


async def test_nothing_is_broken_unasked(client: httpx2.AsyncClient) -> None:
    """Without faults the host's own answer comes through."""
    assert (await client.get("/marks")).json() == BODY


async def test_latency(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """The answer comes late and whole."""
    sandbox.faults.add(Fault(FaultKind.LATENCY, delay_s=0.3))
    start = time.monotonic()
    assert (await client.get("/marks")).json() == BODY
    assert time.monotonic() - start >= 0.3


@pytest.mark.parametrize("status", [429, 433, 500, 502, 503, 504, 550])
async def test_status(sandbox: Sandbox, client: httpx2.AsyncClient, status: int) -> None:
    """The status is the one asked for, official or not; the page says SANDBOX."""
    sandbox.faults.add(Fault(FaultKind.STATUS, status=status, retry_after="7"))
    answer = await client.get("/marks")
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert "SANDBOX" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


async def test_status_with_a_body_of_its_own(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """An error body can be given; without a value there is no Retry-After."""
    body = '{"type":"apiRequestLimit","description":"limit"}'
    sandbox.faults.add(Fault(FaultKind.STATUS, status=433, body=body, content_type="application/json"))
    answer = await client.get("/marks")
    assert answer.json() == json.loads(body)
    assert "retry-after" not in answer.headers


async def test_html_instead_of_json(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """A page with 200 comes where JSON was expected."""
    sandbox.faults.add(Fault(FaultKind.HTML))
    answer = await client.get("/marks")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "SANDBOX" in answer.text


async def test_truncated_json(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """The body is a beginning of the true one, under a length of its own."""
    sandbox.faults.add(Fault(FaultKind.TRUNCATED_JSON))
    answer = await client.get("/marks")
    whole = json.dumps(BODY, ensure_ascii=False, separators=(",", ":")).encode()
    assert answer.content
    assert whole.startswith(answer.content)
    assert len(answer.content) < len(whole)


async def test_malformed_json(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """The body is no JSON though it says so."""
    sandbox.faults.add(Fault(FaultKind.MALFORMED_JSON))
    answer = await client.get("/marks")
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_slow_drip(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """The true body comes in small pieces over the time asked for."""
    sandbox.faults.add(Fault(FaultKind.SLOW_DRIP, delay_s=0.4))
    start = time.monotonic()
    async with client.stream("GET", "/marks") as answer:
        pieces = [piece async for piece in answer.aiter_raw()]
    assert time.monotonic() - start >= 0.35
    assert len(pieces) > 5
    assert json.loads(b"".join(pieces)) == BODY


async def test_dropped_connection(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """The connection is cut without a byte of an answer, also while a body is being sent."""
    sandbox.faults.add(Fault(FaultKind.DROP))
    with pytest.raises(httpx2.TransportError):
        await client.get("/marks")
    with pytest.raises(httpx2.TransportError):
        await client.post("/echo", content=b"x" * 200_000)


async def test_a_lost_answer(sandbox: Sandbox) -> None:
    """The host has done as it was asked, and nobody hears of it."""
    async with httpx2.AsyncClient(base_url=sandbox.url(HOST), timeout=10) as client:
        sandbox.faults.add(Fault(FaultKind.LOST_ANSWER, count=1))
        with pytest.raises(httpx2.TransportError):
            await client.post("/echo", content=b"xyz")
        assert (await client.post("/echo", content=b"x")).json() == {"bytes": 1, "before": 3}


async def test_empty_body(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """200, JSON by its header, and nothing in it."""
    sandbox.faults.add(Fault(FaultKind.EMPTY))
    answer = await client.get("/marks")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_oversize_body(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """Exactly as many bytes as asked, the length not told beforehand."""
    sandbox.faults.add(Fault(FaultKind.OVERSIZE, size=300_001))
    answer = await client.get("/marks")
    assert "content-length" not in answer.headers
    assert len(answer.content) == 300_001
    assert answer.json() == []


async def test_padded_body(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """A good answer goes on past its end, up to a size nobody has told beforehand."""
    whole = (await client.get("/marks")).content
    sandbox.faults.add(Fault(FaultKind.PADDED, size=300_001))
    answer = await client.get("/marks")
    assert "content-length" not in answer.headers
    assert len(answer.content) == 300_001
    assert answer.content.rstrip(b" ") == whole


async def test_disguised_body(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """Status, type and a length that is true, and something else inside."""
    sandbox.faults.add(Fault(FaultKind.DISGUISED))
    answer = await client.get("/marks")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.content.startswith(b"MZ")
    assert answer.headers["content-length"] == str(len(answer.content))


async def test_a_client_that_gives_up_harms_nobody(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """A huge answer nobody reads to its end does not hinder the next one."""
    fault = sandbox.faults.add(Fault(FaultKind.OVERSIZE))
    async with client.stream("GET", "/marks") as answer:
        async for _ in answer.aiter_raw():
            break
    sandbox.faults.remove(fault)
    assert (await client.get("/marks")).json() == BODY


async def test_faults_strike_where_they_are_told(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """Patterns of host and path are shell patterns."""
    sandbox.faults.add(Fault(FaultKind.STATUS, host="*.example", path="/other/*"))
    sandbox.faults.add(Fault(FaultKind.STATUS, host="school.mos.ru"))
    assert (await client.get("/marks")).status_code == 200
    assert (await client.get("/other/marks")).status_code == 503


async def test_faults_strike_as_often_as_told(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """A count runs out; two faults in force strike one request together."""
    sandbox.faults.add(Fault(FaultKind.STATUS, status=500, count=2))
    sandbox.faults.add(Fault(FaultKind.LATENCY, delay_s=0.01, count=3))
    assert [(await client.get("/marks")).status_code for _ in range(4)] == [500, 500, 200, 200]
    assert sandbox.faults.in_force() == ()


async def test_a_fault_may_let_some_requests_pass(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """It strikes after so many requests that it matches; others are not counted."""
    sandbox.faults.add(Fault(FaultKind.STATUS, path="/marks", skip=2, count=1))
    paths = ["/marks", "/sign-in", "/marks", "/marks", "/marks"]
    assert [(await client.get(path)).status_code for path in paths] == [200, 200, 200, 503, 200]
    assert sandbox.faults.in_force() == ()


async def test_the_control_door_is_never_struck(sandbox: Sandbox) -> None:
    """A fault for every host leaves the door open, so that it can be taken away."""
    sandbox.faults.add(Fault(FaultKind.DROP))
    async with httpx2.AsyncClient(base_url=sandbox.control_url) as door:
        assert (await door.get("/_sandbox")).status_code == 200


async def test_asked_faults_wait_to_be_asked(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """Captcha and the like break no answer: the servers ask, for one login or for all."""
    sandbox.faults.add(Fault(FaultKind.CAPTCHA, who="anna", count=1))
    assert (await client.get("/marks")).json() == BODY
    answers = [
        (await client.get("/sign-in", params={"who": who})).json() for who in ("boris", "anna", "anna")
    ]
    assert [answer["captcha"] for answer in answers] == [False, True, False]


def test_probability_is_kept_and_repeats() -> None:
    """Three in ten requests are struck, the same ones for the same seed."""

    def strikes(seed: int) -> list[bool]:
        registry = FaultRegistry(seed, time.monotonic)
        registry.add(Fault(FaultKind.STATUS, probability=0.3))
        return [bool(registry.strike("a", "/")) for _ in range(2_000)]

    assert 520 < sum(strikes(1)) < 680
    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)


def test_a_fault_ends_after_its_time() -> None:
    """A duration is counted from being set, in real seconds."""
    now = [50.0]
    registry = FaultRegistry(1, lambda: now[0])
    registry.add(Fault(FaultKind.STATUS, duration_s=10))
    now[0] = 59.9
    assert registry.strike("a", "/")
    now[0] = 60.0
    assert not registry.strike("a", "/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"probability": 1.5},
        {"count": 0},
        {"skip": -1},
        {"status": 99},
        {"delay_s": -1},
        {"size": 1},
        {"duration_s": 0},
        {"unheard_of": 1},
    ],
    ids=str,
)
def test_impossible_faults_are_refused(wrong: dict[str, float]) -> None:
    """A fault out of range is an error when it is made, not when it strikes."""
    with pytest.raises((ValueError, TypeError)):
        Fault(FaultKind.STATUS, **wrong)  # pyright: ignore[reportArgumentType]  wrong on purpose
