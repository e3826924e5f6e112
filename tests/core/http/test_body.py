"""What comes over the wire is bounded in size and time, and its troubles have names."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from diary_core.errors import RegionChanged, RegionDown, RegionSlow
from diary_core.http import DoorLimits, open_client, read

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024


async def test_a_slow_drip_ends_at_the_deadline(upstream: Upstream, open_door: OpenDoor) -> None:
    """A server that sends a byte now and then never trips the read timeout; the attempt's time ends it."""
    upstream.answers(upstream.drips(every_s=0.01))
    http = await open_door(attempt_timeout_s=0.2)
    began = time.monotonic()
    with pytest.raises(RegionSlow):
        await http.get(upstream.url)
    assert time.monotonic() - began < 1
    assert len(upstream.calls) == 1


async def test_silence_ends_at_the_read_timeout(upstream: Upstream, open_door: OpenDoor) -> None:
    """A server that stops talking within its answer is slow, long before the attempt's time is over."""
    upstream.answers(upstream.drips(every_s=30))
    http = await open_door(read_timeout_s=0.1)
    with pytest.raises(RegionSlow, match="fell silent"):
        await http.get(upstream.url)


async def test_a_call_has_a_deadline_over_all_its_attempts(upstream: Upstream, open_door: OpenDoor) -> None:
    """Waiting and retrying together take no longer than the call may."""
    upstream.answers(upstream.drips(every_s=0.01))
    http = await open_door(attempt_timeout_s=30, call_timeout_s=0.2)
    began = time.monotonic()
    with pytest.raises(RegionSlow):
        await http.post(upstream.url)
    assert time.monotonic() - began < 1


async def test_a_dropped_connection_is_a_server_that_is_down(upstream: Upstream, open_door: OpenDoor) -> None:
    """No answer at all."""
    upstream.answers(upstream.hangs_up())
    http = await open_door()
    with pytest.raises(RegionDown):
        await http.post(upstream.url)


async def test_a_body_cut_short_is_a_server_that_is_down(upstream: Upstream, open_door: OpenDoor) -> None:
    """A connection closed before the promised length never passes for a whole answer."""
    upstream.answers(upstream.says(b'{"marks": []}', length=1000))
    http = await open_door()
    with pytest.raises(RegionDown):
        await http.post(upstream.url)


async def test_nobody_listening_is_a_server_that_is_down() -> None:
    """A refused connection."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with open_client([url], limits=DoorLimits(attempts_max=1), name="invented/town") as http:
            with pytest.raises(RegionDown):
                await http.get(url)


async def test_an_oversize_body_is_dropped_at_the_cap(upstream: Upstream, open_door: OpenDoor) -> None:
    """Whether the size is announced or not."""
    upstream.answers(upstream.says(b"x" * 2 * MIB))
    http = await open_door(body_bytes_max=MIB)
    with pytest.raises(RegionChanged, match="larger than"):
        await http.get(upstream.url)
    assert len(upstream.calls) == 1


async def test_a_body_of_exactly_the_cap_passes(upstream: Upstream, open_door: OpenDoor) -> None:
    """The cap itself is allowed."""
    upstream.answers(upstream.says(b"x" * MIB))
    http = await open_door(body_bytes_max=MIB)
    assert len((await http.get(upstream.url)).content) == MIB


async def test_a_bomb_is_dropped_at_the_cap(upstream: Upstream, open_door: OpenDoor) -> None:
    """A little that unpacks to a quarter of a gigabyte costs no more memory than the cap and a piece."""
    bomb = gzip.compress(b"\0" * 256 * MIB)
    upstream.answers(upstream.says(bomb, headers={"Content-Encoding": "gzip"}))
    http = await open_door(body_bytes_max=MIB)
    tracemalloc.start()
    try:
        with pytest.raises(RegionChanged, match="larger than"):
            await http.get(upstream.url)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * MIB


async def test_a_body_packed_twice_is_left_unread(upstream: Upstream, open_door: OpenDoor) -> None:
    """A bomb inside that shows nothing outside: no cap would meet it, and it takes minutes."""
    bomb = gzip.compress(gzip.compress(b"{}") + b"\0" * 32 * MIB)
    http = await open_door()
    for coding in ("gzip, gzip", "br,gzip,identity"):
        upstream.answers(upstream.says(bomb, headers={"Content-Encoding": coding}))
        with pytest.raises(RegionChanged, match="packed more than once"):
            await http.get(upstream.url)


async def test_a_packed_body_arrives_unpacked(upstream: Upstream, open_door: OpenDoor) -> None:
    """The reader sees plain bytes, and no header that says otherwise."""
    upstream.answers(upstream.says(gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"}))
    http = await open_door()
    answer = await http.get(upstream.url)
    assert answer.content == b'{"a": 1}'
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "body", [b"no gzip at all", gzip.compress(b'{"a": 1}')[:-20]], ids=["plain", "cut short"]
)
async def test_a_body_packed_wrongly_is_not_understood(
    upstream: Upstream, open_door: OpenDoor, body: bytes
) -> None:
    """Neither garbage nor a packed body cut in the middle becomes a model."""
    upstream.answers(upstream.says(body, headers={"Content-Encoding": "gzip"}))
    http = await open_door()
    with pytest.raises(RegionChanged):
        read(await http.get(upstream.url), dict[str, int])


async def test_headers_are_bounded(upstream: Upstream, open_door: OpenDoor) -> None:
    """A flood of headers is refused before its body is read."""
    upstream.answers(upstream.says(headers={f"X-{number}": "y" * 500 for number in range(20)}))
    http = await open_door(header_bytes_max=4096)
    with pytest.raises(RegionChanged, match="headers"):
        await http.get(upstream.url)


async def test_a_streamed_call_is_bounded_too(upstream: Upstream, open_door: OpenDoor) -> None:
    """Streaming is no way around the cap."""
    upstream.answers(upstream.says(b"x" * 2 * MIB))
    http = await open_door(body_bytes_max=MIB)
    with pytest.raises(RegionChanged):
        async with http.stream("GET", upstream.url):
            pass
