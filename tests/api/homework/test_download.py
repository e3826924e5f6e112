"""A file on its way out ends with its client, with its time, and under a name that harms nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from diary_api.homework.download import Download, as_attachment
from diary_core.bilingual import Bilingual
from diary_core.errors import ChildUnknown
from diary_core.http import DoorLimits, download, open_client
from diary_core.provider import Channel, Instance
from diary_core.testing import fixed_clock
from tests.api.listening import listening
from tests.core.http.upstream import Upstream, running_upstream

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7\n" + b"invented " * 1000


async def always() -> None:
    """Let a file go on."""


@asynccontextmanager
async def serving(
    upstream: Upstream, longest: timedelta, may_go_on: Callable[[], Awaitable[object]] = always
) -> AsyncGenerator[str]:
    """Serve the upstream's file on a real socket; give its address."""
    instance = Instance(
        slug="town",
        provider="invented",
        title=Bilingual("Город", "Town"),
        regions=("77",),
        zone="Europe/Moscow",
        hosts={"school": upstream.url},
    )

    async def fetch(request: Request) -> Response:
        http = request.app.state.http
        channel = Channel(instance=instance, http=http, now=fixed_clock())
        file = await download(channel, "/files/1", name="a.pdf", home=upstream.url, headers={})
        return Download(file, longest, lambda: None, may_go_on)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with open_client([upstream.url], limits=DoorLimits(), name="invented/town") as http:
            app.state.http = http
            yield

    app = Starlette(routes=[Route("/file", fetch)], lifespan=lifespan)
    with listening(app) as url:
        yield f"{url}/file"


async def test_a_client_that_leaves_takes_the_upstream_along() -> None:
    """Though nothing more comes from the diary that could be sent to it."""
    gone = asyncio.Event()
    async with running_upstream() as upstream, serving(upstream, timedelta(minutes=1)) as url:
        upstream.answers(upstream.stalls_after(PDF, gone=gone))
        with capture_logs() as lines:
            async with httpx2.AsyncClient() as client, client.stream("GET", url) as answer:
                assert answer.headers["content-length"] == "100000"
                async for _ in answer.aiter_bytes():
                    break
            await asyncio.wait_for(gone.wait(), 5)
        told = [(line["status"], line["bytes"]) for line in lines if line["event"] == "upstream call"]
        assert told == [(200, len(PDF))]


async def test_sending_has_its_time() -> None:
    """A file that does not come to an end is cut, and the client knows that it is not whole."""
    async with running_upstream() as upstream, serving(upstream, timedelta(seconds=0.3)) as url:
        upstream.answers(upstream.drips_after(PDF))
        async with httpx2.AsyncClient() as client:
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.get(url)


async def test_a_file_the_diary_breaks_off_is_never_whole() -> None:
    """The connection is cut here as it was there."""
    async with running_upstream() as upstream, serving(upstream, timedelta(minutes=1)) as url:
        upstream.answers(upstream.says(PDF, length=len(PDF) + 1))
        async with httpx2.AsyncClient() as client:
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.get(url)


async def test_whoever_may_read_no_more_gets_no_more() -> None:
    """Revoked means at once: also of a file that is under way."""

    async def revoked() -> None:
        raise ChildUnknown("the grant has ended")

    async with running_upstream() as upstream, serving(upstream, timedelta(minutes=1), revoked) as url:
        upstream.answers(upstream.says(PDF, length=len(PDF)))
        with capture_logs() as lines:
            async with httpx2.AsyncClient() as client:
                with pytest.raises(httpx2.RemoteProtocolError):
                    await client.get(url)
        cut = [line["outcome"] for line in lines if line["event"] == "a file was cut short"]
        assert cut == ["child_unknown"]


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("a.pdf", "a.pdf", "a.pdf"),
        ("Схема 1.png", "_____ 1.png", "%D0%A1%D1%85%D0%B5%D0%BC%D0%B0%201.png"),
        ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
        ('a"; filename="b.exe', "a_; filename=_b.exe", "a_%3B%20filename%3D_b.exe"),
        ("a\r\nSet-Cookie: b", "a__Set-Cookie_ b", "a__Set-Cookie_%20b"),
        (" .. ", "file", "file"),
    ],
)
def test_a_name_cannot_leave_its_header(name: str, plain: str, encoded: str) -> None:
    """Neither quotes nor line ends nor folders of a teacher's making go through."""
    assert as_attachment(name) == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


@pytest.mark.parametrize("name", ["я" * 20_000, "я" * 20_000 + ".pdf", "." + "я" * 20_000, "a." * 10_000])
def test_an_endless_name_fits_a_header(name: str) -> None:
    """What a teacher has pasted as a name does not keep the file from arriving; its extension stays."""
    header = as_attachment(name)
    assert len(header) < 1_000
    assert header.endswith(".pdf") == name.endswith(".pdf")
