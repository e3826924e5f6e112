"""Only what may safely be repeated is repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest

from diary_core.errors import RegionBusy, RegionDown, RegionSlow, TryLater
from diary_core.http.retry_after import retry_after

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_passing_trouble_is_retried(
    upstream: Upstream, open_door: OpenDoor, method: str, status: int
) -> None:
    """GET and HEAD get their answer when the trouble passes."""
    trouble = upstream.says(b"", status=status)
    upstream.answers(trouble, trouble, upstream.says(b""))
    http = await open_door()
    assert (await http.request(method, upstream.url)).status_code == 200
    assert len(upstream.calls) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_other_methods_are_tried_once(upstream: Upstream, open_door: OpenDoor, method: str) -> None:
    """A call that changes something is never sent twice, whatever came of it."""
    http = await open_door()
    for trouble in (upstream.says(b"", status=503), upstream.hangs_up()):
        upstream.calls.clear()
        upstream.answers(trouble, upstream.says())
        with pytest.raises(RegionDown):
            await http.request(method, upstream.url)
        assert len(upstream.calls) == 1


async def test_a_dropped_connection_is_retried(upstream: Upstream, open_door: OpenDoor) -> None:
    """Before the answer and within it."""
    upstream.answers(upstream.hangs_up(), upstream.says(b"{}", length=50), upstream.says(b"{}"))
    http = await open_door()
    assert (await http.get(upstream.url)).content == b"{}"


async def test_trying_ends(upstream: Upstream, open_door: OpenDoor) -> None:
    """What the last attempt brought is the answer."""
    upstream.answers(upstream.says(b"", status=503), upstream.says(b"", status=502))
    naps: list[float] = []
    http = await open_door(naps=naps, attempts_max=4, failures_max=10)
    with pytest.raises(RegionDown, match="502"):
        await http.get(upstream.url)
    assert len(upstream.calls) == 4
    assert len(naps) == 3


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404])
async def test_an_ordinary_answer_is_not_retried(
    upstream: Upstream, open_door: OpenDoor, status: int
) -> None:
    """It is returned as it is, for its plugin to judge."""
    upstream.answers(upstream.says(status=status))
    http = await open_door()
    assert (await http.get(upstream.url)).status_code == status
    assert len(upstream.calls) == 1


@pytest.mark.parametrize(("status", "error"), [(500, RegionDown), (429, RegionBusy), (433, RegionBusy)])
async def test_a_refusal_is_not_retried(
    upstream: Upstream, open_door: OpenDoor, status: int, error: type[TryLater]
) -> None:
    """A fault of the server is not passing, and who asks us to slow down is not asked again at once."""
    upstream.answers(upstream.says(b"", status=status, headers={"Retry-After": "7"}))
    http = await open_door()
    with pytest.raises(error) as caught:
        await http.get(upstream.url)
    assert caught.value.retry_after == timedelta(seconds=7)
    assert len(upstream.calls) == 1


async def test_a_slow_server_is_not_asked_again(upstream: Upstream, open_door: OpenDoor) -> None:
    """Repeating what timed out would only add to the server's load."""
    upstream.answers(upstream.drips(every_s=30))
    http = await open_door(read_timeout_s=0.05)
    with pytest.raises(RegionSlow):
        await http.get(upstream.url)
    assert len(upstream.calls) == 1


async def test_retry_after_is_kept_to(upstream: Upstream, open_door: OpenDoor) -> None:
    """The server's own wait comes before ours, which then spreads those who come back."""
    upstream.answers(upstream.says(b"", status=503, headers={"Retry-After": "3"}), upstream.says())
    naps: list[float] = []
    http = await open_door(naps=naps, hold_max_s=1e-9)
    assert (await http.get(upstream.url)).status_code == 200
    assert [3 < nap < 3.1 for nap in naps] == [True]


async def test_a_wait_longer_than_the_call_ends_it(upstream: Upstream, open_door: OpenDoor) -> None:
    """Nobody is kept waiting for what cannot come in time; the wait is told instead."""
    upstream.answers(upstream.says(b"", status=503, headers={"Retry-After": "600"}))
    naps: list[float] = []
    http = await open_door(naps=naps)
    with pytest.raises(RegionDown) as caught:
        await http.get(upstream.url)
    assert caught.value.retry_after == timedelta(minutes=10)
    assert naps == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5", 5),
        (" 5 ", 5),
        ("0", 0),
        ("99999999999999999999", 86400),
        ("Wed, 16 Sep 2026 09:01:00 GMT", 60),
        ("Wed, 16 Sep 2026 08:00:00 GMT", 0),
        ("Wed, 16 Sep 9999 08:00:00 GMT", 86400),
    ],
)
def test_retry_after_in_both_its_forms(written: str, seconds: int) -> None:
    """Seconds or a date against the server's own clock; never negative, never longer than a day."""
    headers = {"Retry-After": written, "Date": "Wed, 16 Sep 2026 09:00:00 GMT"}
    assert retry_after(httpx2.Response(503, headers=headers)) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "soon", "-5", "5.5", "٥", "Wed, 99 Sep 2026 08:00:00 GMT"])
def test_nonsense_in_retry_after_is_no_wait(written: str) -> None:
    """It is as if the header were not there."""
    assert retry_after(httpx2.Response(503, headers=[(b"Retry-After", written.encode())])) is None
