"""A gateway killed again and again under mixed load keeps all it has acknowledged, and doubles nothing.

The pattern is that of the outbox (`tests/api/absences/test_crashes.py`), under several clients at once:
accounts, tokens, ticks, links, invitations and reads, on either database.
"""

from __future__ import annotations

import random
import sqlite3
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest

from diary_api.cli.demo.families import ARKHANGELSK
from tests.api import databases
from tests.api.absences.test_crashes import TODAY, Family, town
from tests.more import short_and_long
from tests.services import Postgres

PATIENCE_S = 60
"""For one answer."""
INSISTENCE_S = 600
"""For any answer at all: on a busy machine many a life of the gateway is too short for one."""
PASSWORD = "three quiet sparrows"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Made once: it would take longer than the request it is made for, and is not used."""
INVITED_MOST = 2
"""Of one client at a time: five of them and their lost tries share the room of a child."""
SPAN = {"since": str(TODAY - timedelta(days=13)), "until": str(TODAY)}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kills", short_and_long(3, 200))
@pytest.mark.parametrize("base", ["sqlite", "postgres"])
def test_what_was_acknowledged_is_there(
    kills: int, base: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Killed at random under five busy clients, started again: nothing is lost, doubled or spoilt."""
    dice = random.Random(kills)
    with _database(base, tmp_path, request) as address, town(tmp_path, address) as family:
        family.link()
        clients = [Client(family, number) for number in range(5)]
        with busy(clients):
            for _ in range(kills):
                time.sleep(dice.uniform(0.05, 0.7))
                family.gateway.kill()
                family.gateway.start()
            time.sleep(0.5)
        assert [wrong for client in clients for wrong in client.wrong] == []
        assert [client.number for client in clients if not client.acknowledged] == []
        assert [missing for client in clients for missing in client.missing()] == []
    if base == "sqlite":
        with closing(sqlite3.connect(tmp_path / "diary.db")) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert opened.execute("PRAGMA foreign_key_check").fetchall() == []


@contextmanager
def _database(base: str, folder: Path, request: pytest.FixtureRequest) -> Generator[str | None]:
    """Give the address of a PostgreSQL database of the newest shape; None is an SQLite file."""
    if base == "sqlite":
        yield None
        return
    server: Postgres = request.getfixturevalue("postgres")
    try:
        yield databases.on_postgres(server)(folder)
    finally:
        databases.put_away(server, folder)


@dataclass
class Client:
    """One program that does this and that, insists on an answer to each, and remembers what it was told."""

    family: Family
    number: int
    acknowledged: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    accounts: list[str] = field(default_factory=list[str])
    tokens: list[str] = field(default_factory=list[str])
    invited: list[str] = field(default_factory=list[str])
    ticked: dict[str, bool] = field(default_factory=dict[str, bool])
    linked: int = 0

    def live(self, stop: threading.Event) -> None:
        """Do one thing after the other until told to stop."""
        dice = random.Random(self.number)
        for turn in count():
            if stop.is_set():
                return
            deed = dice.choice(self.deeds())
            getattr(self, deed)(f"c{self.number}-{turn}")
            self.acknowledged[deed] += 1

    def deeds(self) -> Sequence[str]:
        """Return what may be done next, the commoner the more often."""
        return ("account", "token", "invite", "tick", "read") * 5 + ("link",)

    def account(self, name: str) -> None:
        """Make an account; one that is there already has been made by the call that got no answer."""
        who = {"email": f"{name}@example.test", "password": PASSWORD}
        self._insist("POST", "/v1/accounts", {201, 409}, json=who)
        self.accounts.append(name)

    def token(self, name: str) -> None:
        """Issue a token; each try has a name of its own."""
        self.tokens.append(
            self._named(name, "/v1/tokens", lambda one: {"name": one, "scopes": ["diary:read"]})
        )

    def invite(self, name: str) -> None:
        """Invite somebody; each try has a name of its own. A child has room for so many at a time."""
        if len(self.invited) >= INVITED_MOST:
            self._take_back()
        ends_at = f"{TODAY + timedelta(days=9)}T12:00:00+03:00"
        address = f"/v1/children/{self.family.child_id}/grants"
        self.invited.append(
            self._named(name, address, lambda one: {"called": one, "rights": ["marks"], "ends_at": ends_at})
        )

    def _take_back(self) -> None:
        """Take back one's own invitations, those too that got no answer."""
        address = f"/v1/children/{self.family.child_id}/grants"
        for grant in self._items(address):
            if grant["called"].startswith(f"c{self.number}-") and grant["state"] == "invited":
                self._insist("DELETE", f"{address}/{grant['id']}", {204})
        self.invited.clear()

    def tick(self, name: str) -> None:
        """Tick a task of one's own, or clear its tick; clients do not share tasks."""
        tasks = [task["id"] for task in self._homework()][self.number :: 5]
        if not tasks:
            return
        task, done = random.Random(name).choice(tasks), not self.ticked.get(name)
        address = f"/v1/children/{self.family.child_id}/homework/{task}/done"
        self._insist("PUT" if done else "DELETE", address, {204})
        self.ticked[task] = done

    def read(self, name: str) -> None:
        """Read the week."""
        week = self._insist("GET", f"/v1/children/{self.family.child_id}/week", {200}).json()
        if week["stale"] and week["stale_reason"] not in {"refreshing", "region_down", "region_resting"}:
            self.wrong.append(f"stale because of {week['stale_reason']}")

    def link(self, name: str) -> None:
        """Link a diary to a new account, from the first step to the children."""
        who = {"email": f"{name}-linked@example.test", "password": PASSWORD}
        self._insist("POST", "/v1/accounts", {201, 409}, json=who)
        secret = self._insist("POST", "/v1/sessions", {201}, json=who).json()["secret"]
        own = {"Authorization": f"Bearer {secret}"}
        new = {"region": ARKHANGELSK.region, "method": ARKHANGELSK.method}
        begun = self._insist("POST", "/v1/connections", {201}, json=new, headers=own).json()
        address = f"/v1/connections/{begun['id']}"
        values = {"values": dict(ARKHANGELSK.typed)}
        while (told := self._insist("GET", address, {200}, headers=own).json())["state"] != "active":
            if told["state"] != "awaiting_user":
                self.wrong.append(f"link {name}: {told['state']} {told['outcome']}")
                return
            if told["pending"]:
                self.try_once("POST", f"{address}/steps", json=values, headers=own)
            else:  # its time was over
                self.try_once("POST", f"{address}/sign-in", json={}, headers=own)
            time.sleep(0.02)
        children = self._insist("GET", "/v1/children", {200}, headers=own).json()["items"]
        if len(children) != 2:
            self.wrong.append(f"link {name}: {len(children)} children")

    def missing(self) -> list[str]:
        """Return what was acknowledged and is not there, or is there twice."""
        tokens = Counter(one["name"] for one in self._items("/v1/tokens"))
        grants = Counter(one["called"] for one in self._items(f"/v1/children/{self.family.child_id}/grants"))
        wrong = [f"token {name}: {tokens[name]} times" for name in self.tokens if tokens[name] != 1]
        wrong += [f"invited {name}: {grants[name]} times" for name in self.invited if grants[name] != 1]
        done = {task["id"]: task["done"] for task in self._homework()}
        wrong += [
            f"tick {task}: {done[task]}" for task, told in self.ticked.items() if done[task] is not told
        ]
        for name in self.accounts:
            who = {"email": f"{name}@example.test", "password": PASSWORD}
            if self._insist("POST", "/v1/sessions", {201, 401}, json=who).status_code != 201:
                wrong.append(f"account {name} is gone")
        return wrong

    def _homework(self) -> list[dict[str, Any]]:
        address = f"/v1/children/{self.family.child_id}/homework"
        return self._insist("GET", address, {200}, params=SPAN).json()["items"]

    def _items(self, address: str) -> list[dict[str, Any]]:
        return self._insist("GET", address, {200}).json()["items"]

    def _named(self, name: str, address: str, body: Callable[[str], dict[str, Any]]) -> str:
        """Make something under a new name at each try, and return the name that was acknowledged."""
        for number in count():
            answer = self.try_once("POST", address, json=body(f"{name}-{number}"))
            if answer is not None:
                assert answer.status_code == 201, answer.text
                return f"{name}-{number}"
        raise AssertionError("names do not run out")

    def _insist(self, method: str, address: str, expected: set[int], **said: Any) -> httpx2.Response:
        """Ask until there is an answer, as a client does."""
        until = time.monotonic() + INSISTENCE_S
        while time.monotonic() < until:
            answer = self.try_once(method, address, **said)
            if answer is not None:
                assert answer.status_code in expected, (
                    f"{method} {address}: {answer.status_code} {answer.text}"
                )
                return answer
        raise AssertionError(f"{method} {address} is not answered")

    def try_once(self, method: str, address: str, **said: Any) -> httpx2.Response | None:
        """Ask once; None where there was no answer, or the gateway said to come again."""
        headers = {"Authorization": f"Bearer {self.family.key}", **said.pop("headers", {})}
        url = f"{self.family.gateway.url}{address}"
        try:
            answer = httpx2.request(method, url, headers=headers, timeout=PATIENCE_S, verify=NO_TLS, **said)
        except httpx2.HTTPError:
            time.sleep(0.02)
            return None
        if answer.status_code == 503:
            time.sleep(0.2)
            return None
        return answer


@contextmanager
def busy(clients: Sequence[Client]) -> Generator[None]:
    """Let clients live while the block lasts; what stops one of them is told."""
    stop = threading.Event()

    def living(live: Callable[[threading.Event], None], wrong: list[str]) -> None:
        try:
            live(stop)
        except Exception as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=living, args=(one.live, one.wrong)) for one in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
