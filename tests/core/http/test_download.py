"""Files flow through the door within bounds, from the instance's own hosts, and as what they are."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from typing import TYPE_CHECKING

import httpx2
import pytest
from structlog.testing import capture_logs

from diary_core.bilingual import Bilingual
from diary_core.errors import (
    AttachmentElsewhere,
    AttachmentGone,
    AttachmentMistyped,
    AttachmentTooLarge,
    DiaryError,
    LoginRequired,
    NotPermitted,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    RegionSlow,
)
from diary_core.http import FileStream, download
from diary_core.provider import Channel, Instance
from diary_core.testing import fixed_clock

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream


pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
PDF = b"%PDF-1.7\n" + b"invented " * 1000
SECRET = {"Authorization": "Bearer never-sent-elsewhere"}


def _channel(upstream: Upstream, http: httpx2.AsyncClient, **more: str) -> Channel:
    instance = Instance(
        slug="town",
        provider="invented",
        title=Bilingual("Город", "Town"),
        regions=("77",),
        zone="Europe/Moscow",
        hosts={"school": upstream.url, **more},
    )
    return Channel(instance=instance, http=http, now=fixed_clock())


async def _open(
    upstream: Upstream, http: httpx2.AsyncClient, url: str = "/files/1", name: str = "a.pdf"
) -> FileStream:
    channel = _channel(upstream, http)
    return await download(channel, url, name=name, home=upstream.url, headers=SECRET)


async def _whole(file: FileStream) -> bytes:
    async with file:
        return b"".join([piece async for piece in file])


async def _count(upstream: Upstream, http: httpx2.AsyncClient, given: list[int]) -> None:
    """Read a file without keeping it."""
    async with await _open(upstream, http) as file:
        async for piece in file:
            given.append(len(piece))  # noqa: PERF401  what came before an error counts


async def test_a_file_comes_whole(upstream: Upstream, open_door: OpenDoor) -> None:
    """Byte by byte, with its length and the type of its content, and one line in the log."""
    upstream.answers(upstream.says(PDF, kind="application/octet-stream"))
    http = await open_door()
    with capture_logs() as lines:
        file = await _open(upstream, http)
        assert (file.name, file.media_type, file.size_bytes) == ("a.pdf", "application/pdf", len(PDF))
        assert await _whole(file) == PDF
    (line,) = [line for line in lines if line["event"] == "upstream call"]
    assert (line["path"], line["status"], line["bytes"]) == ("/files/{}", 200, len(PDF))
    assert "authorization: bearer never-sent-elsewhere" in upstream.headers[0].lower()


async def test_a_packed_file_comes_unpacked_and_without_a_length(
    upstream: Upstream, open_door: OpenDoor
) -> None:
    """A server may pack it though it was asked not to; its length is then that of something else."""
    upstream.answers(upstream.says(gzip.compress(PDF), headers={"Content-Encoding": "gzip"}))
    file = await _open(upstream, await open_door())
    assert file.size_bytes is None
    assert await _whole(file) == PDF


@pytest.mark.parametrize("told", [True, False], ids=["announced", "unannounced"])
async def test_a_file_over_the_limit_is_refused(upstream: Upstream, open_door: OpenDoor, told: bool) -> None:
    """Before a byte is read when its length is told, else at the limit."""
    head = b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: %d\r\n" % (2 * MIB) if told else b"")

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head + b"Connection: close\r\n\r\n" + PDF + b"x" * (2 * MIB - len(PDF)))

    upstream.answers(answer)
    http = await open_door(file_bytes_max=MIB)
    given: list[int] = []
    with pytest.raises(AttachmentTooLarge):
        await _count(upstream, http, given)
    assert given == [] if told else 0 < sum(given) <= MIB
    assert len(upstream.calls) == 1


async def test_a_file_of_exactly_the_limit_passes(upstream: Upstream, open_door: OpenDoor) -> None:
    """The limit itself is allowed, and is not the one of answers."""
    upstream.answers(upstream.says(PDF))
    http = await open_door(file_bytes_max=len(PDF), body_bytes_max=10)
    assert await _whole(await _open(upstream, http)) == PDF


async def test_a_bomb_is_dropped_at_the_limit(upstream: Upstream, open_door: OpenDoor) -> None:
    """A little that unpacks to a quarter of a gigabyte is cut, and never held."""
    bomb = gzip.compress(PDF + b"\0" * 256 * MIB)
    upstream.answers(upstream.says(bomb, headers={"Content-Encoding": "gzip"}))
    http = await open_door(file_bytes_max=4 * MIB)
    tracemalloc.start()
    try:
        with pytest.raises(AttachmentTooLarge):
            await _count(upstream, http, [])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * MIB


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (("", 404, "text/plain"), AttachmentGone),
        (("", 410, "text/plain"), AttachmentGone),
        (("", 401, "text/plain"), LoginRequired),
        (("", 403, "text/plain"), NotPermitted),
        (("<html><title>Работы", 503, "text/html"), RegionMaintenance),
        (("<html><title>Работы", 200, "text/html"), RegionMaintenance),
        (("words under the name of a document", 200, "application/pdf"), AttachmentMistyped),
    ],
)
async def test_what_is_no_file_has_a_name(
    upstream: Upstream, open_door: OpenDoor, answer: tuple[str, int, str], error: type[DiaryError]
) -> None:
    """Gone, refused, a page in its place, or another file under its name: never bytes."""
    body, status, kind = answer
    upstream.answers(upstream.says(body.encode(), status=status, kind=kind))
    with pytest.raises(error):
        await _open(upstream, await open_door())


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/files/1",
        "//evil.example.test/files/1",
        "https://evil.example.test/files/1",
        "file:///etc/passwd",
        "http://user:word@{host}/files/1",
        "ftp://{host}/files/1",
    ],
)
@pytest.mark.parametrize("how", ["listed", "redirected"])
async def test_only_the_instances_own_hosts_are_gone_to(
    upstream: Upstream, open_door: OpenDoor, url: str, how: str
) -> None:
    """Neither the diary's list nor a redirect leads anywhere else."""
    url = url.format(host=upstream.url.removeprefix("http://"))
    upstream.answers(upstream.says(b"", status=302, headers={"Location": url}))
    with pytest.raises(AttachmentElsewhere):
        await _open(upstream, await open_door(), url if how == "listed" else "/files/1")
    assert len(upstream.calls) == (0 if how == "listed" else 1)


@pytest.mark.parametrize("how", ["listed", "redirected"])
async def test_what_is_no_address_is_told_without_it(
    upstream: Upstream, open_door: OpenDoor, how: str
) -> None:
    """It may hold a key that opens the file."""
    url = "http://127.0.0.1:never-told/files/1?key=never-told"
    upstream.answers(upstream.says(b"", status=302, headers={"Location": url}))
    with pytest.raises(RegionChanged) as refused:
        await _open(upstream, await open_door(), url if how == "listed" else "/files/1")
    error: BaseException | None = refused.value
    while error is not None:
        assert "never-told" not in str(error)
        error = error.__cause__ or error.__context__


async def test_a_file_that_is_left_has_its_line(upstream: Upstream, open_door: OpenDoor) -> None:
    """With as many bytes as came; one that breaks off has its reason, and no address is told."""
    http = await open_door()
    with capture_logs() as lines:
        upstream.answers(upstream.drips_after(PDF))
        async with await _open(upstream, http, "/files/1?key=never-told"):
            pass
        upstream.answers(upstream.says(PDF, length=len(PDF) + 1))
        with pytest.raises(RegionDown):
            await _whole(await _open(upstream, http, "/files/1?key=never-told"))
    told = [line for line in lines if line["event"] == "upstream call"]
    assert [(line["bytes"] >= 2048, line.get("error")) for line in told] == [
        (True, None),
        (True, "region_down"),
    ]
    assert "never-told" not in str(lines)


async def test_redirects_within_the_instance_are_followed(upstream: Upstream, open_door: OpenDoor) -> None:
    """From one of its addresses to another."""
    moved = upstream.says(b"", status=302, headers={"Location": "/moved/1"})
    upstream.answers(moved, upstream.says(PDF))
    assert await _whole(await _open(upstream, await open_door())) == PDF
    assert upstream.calls == ["GET /files/1", "GET /moved/1"]


async def test_redirects_without_end_are_not(upstream: Upstream, open_door: OpenDoor) -> None:
    """A circle is left after a few rounds."""
    upstream.answers(upstream.says(b"", status=302, headers={"Location": "/files/1"}))
    with pytest.raises(RegionChanged):
        await _open(upstream, await open_door())
    assert len(upstream.calls) == 4


async def test_the_token_stays_at_home(upstream: Upstream, open_door: OpenDoor) -> None:
    """Another host of the same instance is gone to without it."""
    upstream.answers(upstream.says(PDF))
    http = await open_door()
    channel = _channel(upstream, http, login="http://127.0.0.1:9")
    home = "http://127.0.0.1:9"
    async with await download(
        channel, f"{upstream.url}/files/1", name="a.pdf", home=home, headers=SECRET
    ) as file:
        assert file.media_type == "application/pdf"
    assert "never-sent-elsewhere" not in upstream.headers[0]


async def test_a_file_cut_short_is_never_whole(upstream: Upstream, open_door: OpenDoor) -> None:
    """The connection was dropped before the promised length."""
    upstream.answers(upstream.says(PDF, length=len(PDF) + 1))
    file = await _open(upstream, await open_door())
    with pytest.raises(RegionDown):
        await _whole(file)


async def test_a_file_has_its_time(upstream: Upstream, open_door: OpenDoor) -> None:
    """However slowly it comes, it ends; the time of ordinary answers is not its own."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + PDF)
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    upstream.answers(answer)
    http = await open_door(attempt_timeout_s=0.2, file_timeout_s=0.5)
    file = await _open(upstream, http)
    began = asyncio.get_running_loop().time()
    with pytest.raises(RegionSlow):
        await _whole(file)
    assert 0.25 < asyncio.get_running_loop().time() - began < 2


async def test_only_so_many_files_are_under_way(upstream: Upstream, open_door: OpenDoor) -> None:
    """One more is asked to wait; a closed one, read or not, makes room."""
    upstream.answers(upstream.drips_after(PDF))
    http = await open_door(files_at_once=2)
    first, second = await _open(upstream, http), await _open(upstream, http)
    with pytest.raises(RegionBusy):
        await _open(upstream, http)
    await first.aclose()
    await first.aclose()
    third = await _open(upstream, http)
    with pytest.raises(RegionBusy):
        await _open(upstream, http)
    await second.aclose()
    await third.aclose()


async def test_closing_hangs_up(upstream: Upstream, open_door: OpenDoor) -> None:
    """A reader that goes away takes the upstream connection along."""
    gone = asyncio.Event()
    upstream.answers(upstream.drips_after(PDF, gone=gone))
    async with await _open(upstream, await open_door()) as file:
        async for _ in file:
            break
    await asyncio.wait_for(gone.wait(), 2)
