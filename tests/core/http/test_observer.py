"""An observer hears of every call once, with how it went and nothing of whom it was about."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from diary_core.errors import DiaryError
from diary_core.http import Call
from diary_core.http.layer import STREAMED

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio


async def test_a_call_is_told_once_with_its_attempts(upstream: Upstream, open_door: OpenDoor) -> None:
    """However often it was sent; the answer's size and status are those of the last attempt."""
    upstream.answers(upstream.says(b"", status=503), upstream.hangs_up(), upstream.says(b"[1]"))
    seen: list[Call] = []
    http = await open_door(observe=seen.append)
    await http.get(f"{upstream.url}/v2/persons/1000012345/marks?token=CANARY")
    assert seen[0].seconds >= 0
    assert [replace(call, seconds=0) for call in seen] == [
        Call(
            instance="invented/town",
            host="127.0.0.1",
            method="GET",
            outcome="ok",
            status=200,
            seconds=0,
            size_bytes=3,
            attempts=3,
        )
    ]
    assert len(upstream.calls) == 3


async def test_trouble_has_its_code(upstream: Upstream, open_door: OpenDoor) -> None:
    """The code is what the caller gets, also where a status says it; a 404 is for the plugin to judge."""
    answers = {
        ("region_down", 500): upstream.says(status=500),
        ("region_busy", 429): upstream.says(status=429),
        ("region_maintenance", 503): upstream.says(b"<p>back soon", status=503, kind="text/html"),
        ("region_down", None): upstream.hangs_up(),
        ("region_slow", None): upstream.drips(every_s=30),
        ("ok", 404): upstream.says(status=404),
    }
    seen: list[Call] = []
    http = await open_door(observe=seen.append, attempts_max=1, read_timeout_s=0.05, failures_max=100)
    raised: list[str] = []
    for answer in answers.values():
        upstream.answers(answer)
        try:
            await http.get(upstream.url)
        except DiaryError as error:
            raised.append(error.code)
    assert [(call.outcome, call.status) for call in seen] == list(answers)
    assert [call.outcome for call in seen[:-1]] == raised


async def test_what_was_never_sent_has_no_attempt(upstream: Upstream, open_door: OpenDoor) -> None:
    """A resting host and a stranger's address cost no attempt, and the stranger's name is not told."""
    upstream.answers(upstream.hangs_up())
    seen: list[Call] = []
    http = await open_door(observe=seen.append, failures_max=1, attempts_max=1)
    for url in (upstream.url, upstream.url, "http://canary.test"):
        with pytest.raises(DiaryError):
            await http.get(url)
    assert [(call.outcome, call.attempts, call.host) for call in seen] == [
        ("region_down", 1, "127.0.0.1"),
        ("region_resting", 0, None),
        ("plugin_broken", 0, None),
    ]


async def test_a_call_that_is_given_up_is_told(upstream: Upstream, open_door: OpenDoor) -> None:
    """It went out, so it counts."""
    upstream.answers(upstream.drips(every_s=30))
    seen: list[Call] = []
    http = await open_door(observe=seen.append)
    call = asyncio.create_task(http.get(upstream.url))
    while not upstream.calls:  # noqa: ASYNC110  the server has no event to wait for
        await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert [(one.outcome, one.attempts) for one in seen] == [("cancelled", 1)]


async def test_a_file_is_told_in_the_context_of_whoever_opened_it(
    upstream: Upstream, open_door: OpenDoor
) -> None:
    """It is over when it is closed, which may be somebody else's doing."""
    upstream.answers(upstream.says(b"0123456789"))
    whose = ContextVar("whose", default="nobody's")
    seen: list[tuple[str, int]] = []

    def observe(call: Call) -> None:
        seen.append((whose.get(), call.size_bytes))

    http = await open_door(observe=observe)
    token = whose.set("the opener's")
    request = http.build_request("GET", upstream.url, extensions={STREAMED: True})
    response = await http.send(request, stream=True)
    whose.reset(token)
    assert seen == []
    assert await response.aread() == b"0123456789"
    await response.aclose()
    assert seen == [("the opener's", 10)]
