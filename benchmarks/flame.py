"""Where the time of a week goes: `python -m benchmarks.flame` writes `benchmarks/profiles/*.txt`.

py-spy looks into the gateway two hundred times a second: while fifty parents ask for what nobody has asked
for, and while one week is asked for by 64 connections, from memory (`warm`) and from the database (`known`).
Each file tells the functions that were running, then those that were under way, most often first.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvloop

from benchmarks import warm
from benchmarks.copies import copy
from benchmarks.load import all_at_once
from benchmarks.town import DIARIES, IMPOLITE, STILL, Served, Town, town
from benchmarks.weeks import asked_week, monday

FOLDER = Path("benchmarks/profiles")
CROWD = 50
WEEK = monday(2)
SECONDS = 6
_OURS = ("diary_", "httpx2", "sqlalchemy", "aiosqlite", "fastapi/", "pydantic", "anyio", "uvicorn/protocols")
"""What is worth telling of what is under way: not the frames every request is inside of."""


def main() -> None:
    """Profile both systems."""
    FOLDER.mkdir(exist_ok=True)
    with town() as place:
        for provider in DIARIES:
            _write(f"cold-{provider}", _cold(place, provider))
        _write("warm", _asked_again(place, "warm"))
        _write("known", _asked_again(place, "known", DIARY_HOT__LIMIT_BYTES="0"))


def _cold(place: Town, provider: str) -> Path:
    """Look on while many ask for what nobody has asked for; return the stacks."""
    settings = place.settings(f"cold-{provider}", **IMPOLITE, **STILL)
    with place.gateway("cold", settings) as served:
        parents = copy(settings, served.family(provider), CROWD + 1)
        for parent in (parents[0], parents[1]):  # the far diary learns, the gateway gets warm
            uvloop.run(all_at_once(served.url, asked_week(parent, WEEK)))
        requests = [request for parent in parents[2:] for request in asked_week(parent, WEEK)]
        with _looking(served, place.folder / f"cold-{provider}.raw") as raw:
            uvloop.run(all_at_once(served.url, requests))
    return raw


def _asked_again(place: Town, name: str, **more: str) -> Path:
    """Look on while one week is asked for again and again; return the stacks."""
    settings = place.settings(name, **IMPOLITE, **STILL, **warm.FRESH, **more)
    with place.gateway(name, settings) as served:
        parent = served.family("dnevnik_ru")
        path, _ = warm.rich_week(served.url, parent)
        week = warm.Target(name, f"{served.url}{path}", parent.headers)
        with _looking(served, place.folder / f"{name}.raw") as raw:
            warm.ask(week, max(warm.CROWDS), SECONDS)
    return raw


def _write(name: str, raw: Path) -> None:
    (FOLDER / f"{name}.txt").write_text("\n".join(_top(raw.read_text("utf-8").splitlines())) + "\n", "utf-8")


@contextmanager
def _looking(served: Served, raw: Path) -> Generator[Path]:
    """Look into a gateway from the beginning of the block, for as long as is looked."""
    recorder = _recorder(served.pid, raw)
    yield raw
    recorder.wait()


def _recorder(pid: int, raw: Path) -> subprocess.Popen[bytes]:
    program = Path(sys.executable).with_name("py-spy")
    options = ["--gil", "--rate", "200", "--duration", str(SECONDS), "--format", "raw"]
    command = [program, "record", *options, "--output", raw, "--pid", str(pid)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own


def _top(stacks: Sequence[str]) -> Iterator[str]:
    """Yield the functions of collapsed stacks, `a;b;c 12`, by how often they were seen."""
    running: Counter[str] = Counter()
    under_way: Counter[str] = Counter()
    for stack in stacks:
        frames, _, seen = stack.rpartition(" ")
        names = [frame.rpartition(":")[0] + ")" for frame in frames.split(";")]
        running[names[-1]] += int(seen)
        told = {name for name in names if any(one in name for one in _OURS)}
        under_way.update(dict.fromkeys(told, int(seen)))
    whole = max(1, running.total())
    yield f"{whole} samples that held the interpreter"
    for title, counted, most in (("running", running, 20), ("under way", under_way, 40)):
        yield f"\n{title}"
        yield from (f"{100 * seen / whole:5.1f} %  {name}" for name, seen in counted.most_common(most))


if __name__ == "__main__":
    main()
