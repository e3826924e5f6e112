"""A gateway that is killed again and again delivers what it has accepted exactly once.

It is `diary serve`, or `diary worker`, killed by SIGKILL around deliveries; the sandbox is a process of its
own, and its control door tells what has reached the school.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from diary_api.cli.demo.browser import Browser
from diary_api.cli.demo.families import MOSCOW, OPTIONS
from diary_api.cli.demo.processes import running
from tests.api import databases
from tests.more import short_and_long
from tests.ports import free_ports
from tests.services import Postgres

KILLS = short_and_long(6, 200)

TODAY = date(2026, 11, 25)
NOW = f"{TODAY}T12:00:00+03:00"
WEEKS = 20
PATIENCE_S = 60
SETTINGS = {
    "DIARY_ABSENCES__EVERY": "PT0.1S",
    "DIARY_ABSENCES__CLAIM": "PT3S",
    "DIARY_ABSENCES__RETRY_FIRST": "PT0.2S",
    "DIARY_ABSENCES__RETRY_LONGEST": "PT1S",
    "DIARY_WATCH_EVERY": "PT0S",
    "DIARY_LOG_LEVEL": "warning",
    "DIARY_UPSTREAM__CALLS_PER_S": "1000",
    "DIARY_ACCOUNTS_PER_ADDRESS": "1000000",
    "DIARY_REQUESTS_PER_S_OF_ACCOUNT": "0",
    "DIARY_REQUESTS_PER_S_OF_ADDRESS": "0",
    "DIARY_SIGN_IN_ATTEMPTS_OF_ADDRESS": "1000000",
}
"""A minute of an operator's life in a second."""
FAULTS = [
    {"kind": "lost_answer", "path": "*/attendance/v2", "probability": 0.1},
    {"kind": "slow_drip", "path": "*/attendance/v2", "delay_s": 0.25},
]
"""Some answers to a notice are lost; the others take their time, so that many a kill falls in between."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", KILLS)
def test_each_accepted_notice_arrives_once(kills: int, tmp_path: Path) -> None:
    """Killed at random points around telling and taking back, started again: nothing is lost or doubled."""
    dice = random.Random(kills)
    with town(tmp_path) as family, ThreadPoolExecutor(1) as hands:
        family.link()
        typical_s = family.tell_first()
        for number in range(kills):
            errand = family.next_errand(number, dice)
            answer = hands.submit(family.try_once, errand)
            time.sleep(dice.uniform(0, 1.2 * typical_s))
            family.gateway.kill()
            family.gateway.start()
            if not answer.result():
                family.insist(errand)
        family.check()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", KILLS)
def test_what_a_killed_worker_leaves_another_delivers_once(
    kills: int, tmp_path: Path, postgres: Postgres, redis_url: str
) -> None:
    """Two workers share the work; one after the other is killed around deliveries, and starts again."""
    dice = random.Random(kills)
    address = databases.on_postgres(postgres)(tmp_path)
    shared = {"DIARY_REDIS_URL": redis_url, "DIARY_BACKGROUND": "worker"}
    try:
        with town(tmp_path, address, **shared) as family:
            workers = [family.gateway.another("worker") for _ in range(2)]
            family.link()
            family.tell_first()
            for number in range(kills):
                family.insist(family.next_errand(number, dice))
                time.sleep(dice.uniform(0, 0.6))
                killed(workers.pop(0))
                workers.append(family.gateway.another("worker"))
            family.check()
            for worker in workers:
                killed(worker)
    finally:
        databases.put_away(postgres, tmp_path)


@dataclass
class Killed:
    """One gateway after the other on one port."""

    zygote: subprocess.Popen[str]
    port: int
    process: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start a gateway, and wait until it answers."""
        self.process = self.another(f"serve --port {self.port}")
        until = time.monotonic() + PATIENCE_S
        with httpx2.Client(timeout=5) as http:
            while time.monotonic() < until:
                try:
                    if http.get(f"{self.url}/readyz").is_success:
                        return
                except httpx2.HTTPError:
                    time.sleep(0.02)
        raise AssertionError("the gateway did not come up; see gateway.log")

    def kill(self) -> None:
        """Kill it without a word, and wait until it is gone."""
        if self.process:  # to a signal, 0 would be all of us
            killed(self.process)

    def another(self, command: str) -> int:
        """Start `diary` with a command, with the same settings, and return the number of the process."""
        assert self.zygote.stdin is not None
        assert self.zygote.stdout is not None
        self.zygote.stdin.write(f"{command}\n")
        self.zygote.stdin.flush()
        return int(self.zygote.stdout.readline())


def killed(process: int) -> None:
    """Kill a process without a word, and wait until it is gone."""
    with suppress(ProcessLookupError):  # it has ended by itself
        os.kill(process, signal.SIGKILL)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)
    raise AssertionError("a killed process lives")


@dataclass(frozen=True)
class Errand:
    """Something to ask of the gateway, and the name it goes by: the comment of a notice."""

    name: str
    recall: bool
    day: str = ""
    lessons: tuple[str, ...] = ()


@dataclass
class Family:
    """A mother of Moscow and one of her children."""

    gateway: Killed
    control: str
    key: str = ""
    child_id: str = ""
    pupil_id: int = 0
    free: list[tuple[str, tuple[str, ...]]] = field(default_factory=list[tuple[str, tuple[str, ...]]])
    """Days, and the lessons of each."""
    told: dict[str, tuple[str, tuple[str, ...]]] = field(
        default_factory=dict[str, tuple[str, tuple[str, ...]]]
    )
    recalled: set[str] = field(default_factory=set[str])

    def link(self) -> None:
        """Make an account, sign in to the diary through its own page, and read which lessons there are."""
        who = {"email": "anna@example.test", "password": "three quiet sparrows"}
        with httpx2.Client(base_url=self.gateway.url, timeout=PATIENCE_S) as http:
            http.post("/v1/accounts", json=who)
            self.key = http.post("/v1/sessions", json=who).json()["secret"]
            http.headers["Authorization"] = f"Bearer {self.key}"
            new = {"region": MOSCOW.region, "method": MOSCOW.method}
            step = http.post("/v1/connections", json=new).json()["pending"]["step"]
            with Browser() as browser:
                browser.walk(step["url"], MOSCOW.typed)
            child = http.get("/v1/children").json()["items"][0]
            self.child_id = child["id"]
            span = {"since": str(TODAY + timedelta(days=1)), "until": str(TODAY + timedelta(weeks=WEEKS))}
            days = http.get(f"/v1/children/{self.child_id}/days", params=span).json()["items"]
            taken = {one["date"] for one in http.get(self._address, params=span).json()["elsewhere"]}
        personas = httpx2.get(f"{self.control}/_sandbox/personas").json()
        pupils = next(one["children"] for one in personas if one["key"] == "moscow_mother")
        name = f"{child['name']['last']} {child['name']['first']}"
        self.pupil_id = next(one["id"] for one in pupils if one["name"].startswith(name))
        for day in days:
            lessons = tuple(one["id"] for one in day["lessons"] if one["actual"] and one["slot"])
            if day["date"] not in taken and len(lessons) >= 4:
                self.free.append((day["date"], lessons))

    def tell_first(self) -> float:
        """Tell of one notice while nobody is killed; return how long that takes, in seconds."""
        errand, began = self._new("first", random.Random(0)), time.monotonic()
        assert self.try_once(errand)
        return time.monotonic() - began

    def next_errand(self, number: int, dice: random.Random) -> Errand:
        """Tell of something new; every fifth time take something back instead."""
        standing = sorted(self.told.keys() - self.recalled)
        if number % 5 == 4:
            name = dice.choice(standing)
            self.recalled.add(name)
            return Errand(name, recall=True)
        return self._new(f"notice {number}", dice)

    def _new(self, name: str, dice: random.Random) -> Errand:
        """Take a whole day, or two lessons of one whose others may be told of later."""
        day, lessons = self.free.pop(dice.randrange(len(self.free)))
        untouched = all(day != other for other, _ in self.told.values())
        whole = untouched and dice.random() < 0.2
        chosen = () if whole else lessons[:2]
        if not whole and len(lessons) >= 4:
            self.free.append((day, lessons[2:]))
        self.told[name] = (day, chosen)
        return Errand(name, recall=False, day=day, lessons=chosen)

    def try_once(self, errand: Errand) -> bool:
        """Ask once; tell whether the gateway has answered before it died."""
        try:
            answer = self._ask(errand)
        except httpx2.HTTPError:
            return False
        assert answer.is_success, answer.text
        return True

    def insist(self, errand: Errand) -> None:
        """Ask as a client does that got no answer: the same, with the same key."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.try_once(errand):
                return
        raise AssertionError(f"the gateway does not answer to {errand.name!r}")

    def _ask(self, errand: Errand) -> httpx2.Response:
        with self._http() as http:
            if errand.recall:
                notice = next(one for one in self._notices(http) if one["comment"] == errand.name)
                return http.delete(f"{self._address}/{notice['id']}")
            body = {
                "since": errand.day,
                "lesson_ids": errand.lessons,
                "reason_code": "3",
                "comment": errand.name,
            }
            headers = {"Idempotency-Key": errand.name.replace(" ", "-")}
            return http.post(self._address, json=body, headers=headers)

    def settled(self) -> dict[str, str]:
        """Return the state of every notice, once nothing is under way."""
        until, states = time.monotonic() + PATIENCE_S, dict[str, str]()
        with self._http() as http:
            while time.monotonic() < until:
                states = {one["comment"]: one["state"] for one in self._notices(http)}
                if set(states.values()) <= {"delivered", "withdrawn", "refused"}:
                    return states
                time.sleep(0.2)
        raise AssertionError(f"something is under way for ever: {Counter(states.values())}")

    def check(self) -> None:
        """See that all that was accepted has come to its end, and that the school knows each notice once."""
        states = self.settled()
        assert Counter(states.values()) == {
            "delivered": len(self.told) - len(self.recalled),
            "withdrawn": len(self.recalled),
        }
        assert {name for name, state in states.items() if state == "withdrawn"} == self.recalled
        once = {name: max(1, len(lessons)) for name, (_, lessons) in self.told.items()}
        reached = self.reached_the_school("notices_told")
        assert {name: times for name, times in reached.items() if times != once[name]} == {}
        assert {name for name in once if name not in reached} <= self.recalled
        standing = self.reached_the_school("notices")
        assert standing == Counter({name: once[name] for name in once if name not in self.recalled})

    def reached_the_school(self, what: str) -> Counter[str]:
        """Return how often each of our notices is among what the sandbox knows, told ever or standing."""
        span = {"since": str(TODAY), "until": str(TODAY + timedelta(weeks=WEEKS))}
        truth = httpx2.get(f"{self.control}/_sandbox/children/{self.pupil_id}", params=span).json()
        return Counter(one["comment"] for one in truth[what] if one["comment"] in self.told)

    def _notices(self, http: httpx2.Client) -> list[dict[str, Any]]:
        span = {"since": str(TODAY), "until": str(TODAY + timedelta(weeks=WEEKS))}
        return http.get(self._address, params=span).json()["items"]

    @property
    def _address(self) -> str:
        return f"/v1/children/{self.child_id}/absence-notices"

    def _http(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx2.Client(base_url=self.gateway.url, headers=headers, timeout=PATIENCE_S)


@contextmanager
def town(folder: Path, database: str | None = None, **changed: str) -> Generator[Family]:
    """Run a sandbox and a gateway, each a process of its own.

    Args:
        folder: Of logs and keys.
        database: Address of an empty one; a file in the folder unless given.
        changed: More settings of the gateway.
    """
    ports = free_ports(10)
    control, port = f"http://127.0.0.1:{ports}", ports + 9
    sandbox = ["diary_sandbox", "--port-base", str(ports), "--families", "10", "--today", str(TODAY)]
    settings = {
        "DIARY_DATABASE_URL": database or f"sqlite+aiosqlite:///{folder}/diary.db",
        "DIARY_KEY_FILE": f"{folder}/diary.keys",
        "DIARY_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DIARY_SANDBOX_URL": control,
        **OPTIONS,
        **SETTINGS,
        **changed,
    }
    zygote = [sys.executable, "-m", "tests.api.zygote", str(folder / "gateway.log"), NOW]
    with (
        running(sandbox, ready_at=f"{control}/_sandbox", log=folder / "sandbox.log"),
        subprocess.Popen(
            zygote, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings}
        ) as mother,
    ):
        gateway = Killed(mother, port)
        try:
            gateway.start()
            httpx2.post(f"{control}/_sandbox/faults", json=FAULTS).raise_for_status()
            yield Family(gateway, control)
        finally:
            gateway.kill()
            assert mother.stdin is not None
            mother.stdin.close()
