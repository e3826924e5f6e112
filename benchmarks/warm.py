"""A warm week: the gateway against bare Starlette with the same bytes on the same server, and nginx's cache.

The gateway's hits are of one session and one family, both checked on every one: what is written drops them.
The load comes from wrk, one thread in a process of its own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx2
from tests.ports import free_ports

from benchmarks.figures import Figure, Goal
from benchmarks.rounds import Effort, interleaved, median
from benchmarks.town import IMPOLITE, STILL, Parent, Town, town
from diary_api.cli.demo.processes import running

CROWDS = (1, 64)
ROUNDS = 3
SECONDS = 8
"""Of one run: all connections open at once, and their first answers would be the tail of a short one."""
RICH_BYTES = 15_000
"""A week larger than this has lessons in it, not vacation."""
FRESH = {"DIARY_FRESHNESS__DAYS": "86400", "DIARY_SCHOOL_HOURS__DAYS": "86400"}
_LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)\s*$", re.MULTILINE)
_PER_S = re.compile(r"^Requests/sec:\s+([\d.]+)$", re.MULTILINE)
_BROKEN = re.compile(r"Non-2xx")
_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Told:
    """What wrk says of one run."""

    per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Target:
    """What is asked for the week."""

    says: str
    url: str
    headers: Mapping[str, str]


def measure(effort: Effort) -> Sequence[Figure]:
    """Measure every server at each number of connections, in turns."""
    if shutil.which("wrk") is None:
        sys.stderr.write("wrk is not installed: `make bench` does it on Debian\n")
        return []
    found: list[Figure] = []
    with town() as place, _targets(place) as targets:
        for crowd in CROWDS:
            runs: dict[str, list[Told]] = {name: [] for name in targets}

            def run(name: str, crowd: int = crowd, runs: dict[str, list[Told]] = runs) -> float:
                runs[name].append(ask(targets[name], crowd, effort.of(SECONDS, 1)))
                return runs[name][-1].per_s

            interleaved({name: lambda name=name: run(name) for name in targets}, effort.of(ROUNDS, 1))
            found += _figures(targets, runs, crowd)
    return found


def _figures(
    targets: Mapping[str, Target], runs: Mapping[str, Sequence[Told]], crowd: int
) -> Sequence[Figure]:
    found: list[Figure] = []
    per_s = {name: median([one.per_s for one in told]) for name, told in runs.items()}
    for name, told in runs.items():
        p50, p99 = median([one.p50_ms for one in told]), median([one.p99_ms for one in told])
        key, says = f"{name}.{crowd}", f"{targets[name].says}, {crowd} at once"
        found += [
            Figure(key=f"{key}.per_s", says=says, value=per_s[name], unit="/s"),
            Figure(key=f"{key}.p50", says=f"{says}: p50", value=p50, unit="ms"),
            Figure(key=f"{key}.p99", says=f"{says}: p99", value=p99, unit="ms"),
        ]
        if name == "gateway" and crowd == CROWDS[-1]:
            goal = Goal(bound=4)
            found.append(
                Figure(key=f"{key}.tail", says=f"{says}: p99 / p50", value=p99 / p50, unit="", goal=goal)
            )
    for peer in ("bare", "nginx"):
        goal = Goal(bound=0.7, kind="at least") if peer == "bare" else None
        found.append(
            Figure(
                key=f"gateway/{peer}.{crowd}",
                says=f"gateway / {targets[peer].says}, {crowd} at once",
                value=per_s["gateway"] / per_s[peer],
                unit="",
                goal=goal,
            )
        )
    return found


@contextmanager
def _targets(place: Town) -> Generator[Mapping[str, Target]]:
    """Run every server there is to measure."""
    with ExitStack() as stack:
        warm = stack.enter_context(
            place.gateway("warm", place.settings("warm", **IMPOLITE, **STILL, **FRESH))
        )
        cool_settings = place.settings("cool", **IMPOLITE, **STILL, **FRESH, DIARY_HOT__LIMIT_BYTES="0")
        cool = stack.enter_context(place.gateway("cool", cool_settings))
        parent, other = warm.family("dnevnik_ru"), cool.family("dnevnik_ru")
        path, body = rich_week(warm.url, parent)
        etag = httpx2.get(f"{warm.url}{path}", headers=dict(parent.headers)).headers["etag"]
        other_path = path.replace(parent.child_ids[0], other.child_ids[0])
        httpx2.get(f"{cool.url}{other_path}", headers=dict(other.headers)).raise_for_status()
        file = place.folder / "week.json"
        file.write_bytes(body)
        port = free_ports(1)
        bare = f"http://127.0.0.1:{port}/"
        serve = ["benchmarks.bare", str(port), str(file)]
        stack.enter_context(running(serve, ready_at=bare, log=place.folder / "bare.log"))
        targets = {
            "gateway": Target("gateway", f"{warm.url}{path}", parent.headers),
            "unchanged": Target(
                "gateway, 304", f"{warm.url}{path}", {**parent.headers, "If-None-Match": etag}
            ),
            "database": Target("gateway without its memory", f"{cool.url}{other_path}", other.headers),
            "bare": Target("bare Starlette", bare, {}),
        }
        if shutil.which("nginx"):
            cached = stack.enter_context(_nginx(place.folder, bare))
            targets["nginx"] = Target("nginx's cache", cached, {})
        yield targets


def rich_week(url: str, parent: Parent) -> tuple[str, bytes]:
    """Return the path and the bytes of a week with lessons, as fresh from the database as it gets."""
    for weeks in range(60):
        day = date.today() - timedelta(weeks=weeks)  # noqa: DTZ011  the sandbox lives by the machine's day
        path = f"/v1/children/{parent.child_ids[0]}/week?of={day}"
        body = httpx2.get(f"{url}{path}", headers=dict(parent.headers)).raise_for_status().content
        if len(body) > RICH_BYTES:
            return path, body
    raise ValueError("the town has no week with lessons")


def ask(target: Target, connections: int, seconds: int) -> Told:
    """Ask as fast as is answered.

    Raises:
        ValueError: An answer was no success, or none.
    """
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    asking = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *headers, target.url]
    told = subprocess.run(asking, check=True, capture_output=True, text=True).stdout  # noqa: S603  a tool of ours
    found = _PER_S.search(told)
    times = {share: float(value) * _MS[unit] for share, value, unit in _LATENCY.findall(told)}
    broken = _BROKEN.search(told) and target.says != "gateway, 304"
    if found is None or broken or len(times) < 2:
        raise ValueError(f"{target.says} was not answered: {told}")
    return Told(float(found[1]), times["50"], times["99"])


@contextmanager
def _nginx(folder: Path, upstream: str) -> Generator[str]:
    """Run an nginx that keeps what an address answers, one worker, nothing logged."""
    port = free_ports(1)
    home = folder / "nginx"
    home.mkdir()
    (home / "nginx.conf").write_text(
        f"""
        worker_processes 1; daemon off; master_process off; pid {home}/pid; error_log {home}/error.log;
        events {{ worker_connections 1024; }}
        http {{
          access_log off; client_body_temp_path {home}/b; proxy_temp_path {home}/p;
          fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
          proxy_cache_path {home}/cache keys_zone=weeks:1m;
          keepalive_requests 1000000000;
          server {{
            listen 127.0.0.1:{port};
            location / {{
              proxy_pass {upstream}; proxy_cache weeks; proxy_cache_valid 200 10m;
              proxy_cache_key $uri$is_args$args$http_authorization;
            }}
          }}
        }}
        """,
        encoding="utf-8",
    )
    url = f"http://127.0.0.1:{port}/"
    with subprocess.Popen(["nginx", "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")]) as server:  # noqa: S603, S607  as installed
        try:
            transport = httpx2.HTTPTransport(retries=20)
            with httpx2.Client(transport=transport) as http:
                http.get(url).raise_for_status()
            yield url
        finally:
            server.terminate()
