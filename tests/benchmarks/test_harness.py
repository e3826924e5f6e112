"""What measures must itself be right: figures kept and shown, ranks of times, requests over a wire."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks.figures import Figure, Goal, Machine, Measured, Results, keep, kept
from benchmarks.load import all_at_once, asking, closed_loop
from benchmarks.rounds import interleaved, percentile
from benchmarks.table import BEGIN, END, markdown, render
from inline_snapshot import snapshot

MACHINE = Machine(cpu="Abacus", cores=2, python="3.11.7", load=0.5)
PART = Measured(
    at=datetime(2026, 11, 27, tzinfo=UTC),
    took_s=12,
    smoke=False,
    machine=MACHINE,
    figures=(
        Figure(key="own", says="own cost", value=4.25, unit="ms", goal=Goal(bound=5)),
        Figure(
            key="rate", says="of bare Starlette", value=0.5, unit="", goal=Goal(bound=0.7, kind="at least")
        ),
        Figure(key="all", says="answers", value=12_345.6, unit="/s"),
    ),
)


def test_kept_figures_come_back(tmp_path: Path) -> None:
    """What one part measured stays when another is measured anew."""
    file = tmp_path / "results.json"
    keep(Results(parts={"cold": PART}), file)
    keep(kept(file).with_part("warm", PART), file)
    assert kept(file) == Results(parts={"cold": PART, "warm": PART})
    assert kept(file).value("cold", "own") == 4.25
    with pytest.raises(KeyError):
        kept(file).value("cold", "nothing")


def test_a_missed_goal_is_said_aloud() -> None:
    """The table tells of each figure whether it is good enough."""
    assert markdown(Results(parts={"cold": PART})) == snapshot("""\
### cold

`make bench PART=cold`, 2026-11-27, 12 s; Abacus, 2 cores, Python 3.11.7, load 0.5 at the start.

| figure | value | goal |
| --- | ---: | --- |
| own cost | 4.25 ms | at most 5: met |
| of bare Starlette | 0.50 | at least 0.7: **missed** |
| answers | 12 346 /s |  |
""")


def test_the_page_keeps_its_words(tmp_path: Path) -> None:
    """Only what stands between the marks is written anew, and twice comes to the same."""
    page = tmp_path / "README.md"
    page.write_text(f"before\n{BEGIN}\nyesterday\n{END}\nafter\n", "utf-8")
    render(Results(parts={"cold": PART}), page)
    once = page.read_text("utf-8")
    render(Results(parts={"cold": PART}), page)
    assert page.read_text("utf-8") == once
    assert once.startswith("before\n")
    assert once.endswith(f"{END}\nafter\n")
    assert "yesterday" not in once


def test_rounds_go_in_turns() -> None:
    """Each round makes every call once, so that a busy moment hits all of them."""
    made: list[str] = []

    def call(name: str) -> float:
        made.append(name)
        return len(made)

    found = interleaved({"a": lambda: call("a"), "b": lambda: call("b")}, rounds=2)
    assert "".join(made) == "abab"
    assert found == {"a": [1, 3], "b": [2, 4]}


@pytest.mark.parametrize(("share", "value"), [(0.01, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1, 100)])
def test_a_percentile_is_a_time_somebody_waited(share: float, value: int) -> None:
    """The nearest rank: so many of the values are no larger."""
    assert percentile([*range(100, 0, -1)], share) == value


def test_a_request_tells_the_length_of_its_body() -> None:
    """A body without its length would never end."""
    assert asking("PUT", "/a", headers={"A": "b"}, body=b"{}").endswith(
        b"\r\nA: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )


@asynccontextmanager
async def server(*pieces: bytes) -> AsyncGenerator[str, None]:
    """Answer every request with the same pieces, one after the other."""
    visitors: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        visitors.add(task)
        async for line in reader:
            for piece in pieces if line == b"\r\n" else ():
                writer.write(piece)
                await writer.drain()
        writer.close()
        await writer.wait_closed()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        await asyncio.gather(*visitors)


@pytest.mark.anyio
async def test_the_load_counts_whole_answers() -> None:
    """However the network cuts them; and it stops when there is nothing more to ask."""
    left = itertools.count()
    pieces = (b"HTTP/1.1 200 OK\r\nConte", b"nt-Length: 4\r\nETag: x\r\n\r\n", b"ab", b"cd")
    async with server(*pieces) as url:
        run = await closed_loop(url, lambda: asking("GET", "/") if next(left) < 10 else None, connections=3)
        burst = await all_at_once(url, [asking("GET", "/")] * 5)
    assert run.statuses == {200: 10}
    assert run.bytes == 40
    assert burst.statuses == {200: 5}


@pytest.mark.anyio
async def test_an_unchanged_answer_has_no_body() -> None:
    """A 304 may tell the length of what it leaves out."""
    async with server(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n") as url:
        assert (await all_at_once(url, [asking("GET", "/")])).statuses == {304: 1}
