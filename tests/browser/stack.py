"""The servers a browser walks through: the town and the gateway, each a process of its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
from tests.ports import free_ports
from tests.tokens import TOKENS_BEGIN

from diary_api.cli.demo import gosuslugi
from diary_api.cli.demo.families import OPTIONS
from diary_api.cli.demo.processes import running

HOST: Final = "127.0.0.1"
PASSWORD: Final = "три тихих воробья у метро"
TYPED: Final = ("sandbox-esia", "sandbox-mos", "sandbox-node", "sandbox-dnevnik", PASSWORD)
"""Every password of the town and of the gateway's parents."""
_PORTS_OF_THE_TOWN: Final = 8


@dataclass(frozen=True)
class Town:
    """A running sandbox."""

    control: str
    told: Mapping[str, Any]
    """What it publishes of its Gosuslugi: accounts, and how to be its client."""
    settings: Mapping[str, str]
    """Of a gateway that is its client."""

    def freshen(self) -> None:
        """Forget every consent, session and link, and go on at the real time."""
        with httpx2.Client(base_url=self.control, trust_env=False) as http:
            http.post("/_sandbox/reset", json={}).raise_for_status()
            now = {"now": datetime.now(UTC).isoformat()}
            http.post("/_sandbox/clock", json=now).raise_for_status()

    def order(self, path: str, **body: object) -> None:
        """Change something through the control door."""
        answer = httpx2.post(f"{self.control}/_sandbox/{path}", json=body, trust_env=False)
        assert answer.is_success, answer.text

    def asked(self, host: str | None, call: str) -> int:
        """Return how often a host has had a call, such as `GET /v3/auth/logout`, since the last reset."""
        told = httpx2.get(f"{self.control}/_sandbox/requests", trust_env=False).json()
        return told[host]["calls"].get(call, 0) if host in told else 0


@dataclass(frozen=True)
class Stack:
    """A town, and a gateway that serves it."""

    town: Town
    url: str
    folder: Path
    """Holds the gateway's database, keys and log."""

    @contextmanager
    def served(self, program: str = "diary_api") -> Generator[subprocess.Popen[bytes]]:
        """Run the gateway on its own files, as often as it is asked.

        Args:
            program: Module that is the `diary` command.
        """
        environment = {
            "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/diary.db",
            "DIARY_KEY_FILE": str(self.folder / "diary.keys"),
            "DIARY_PUBLIC_URL": self.url,
            "DIARY_SANDBOX_URL": self.town.control,
            "DIARY_SIGN_IN_PAUSE": "PT1S",  # every walk comes from the same address
            **self.town.settings,
        }
        serve = [program, "serve", "--port", self.url.rpartition(":")[2]]
        log = self.folder / f"gateway-{len(list(self.folder.glob('*.log')))}.log"
        with running(serve, ready_at=f"{self.url}/readyz", log=log, environment=environment) as server:
            yield server

    def leaks(self, *shown: str) -> Sequence[tuple[str, str]]:
        """Return what is personal or secret and stands in clear where it must not, and where.

        Args:
            shown: Addresses and pages of the gateway.
        """
        files = {file.name: file.read_bytes() for file in self.folder.glob("gateway-*.log")}
        files |= {file.name: file.read_bytes() for file in self.folder.glob("diary.db*")}
        files |= {f"shown {number}": text.encode() for number, text in enumerate(shown)}
        return [
            (word, name) for word in self._secrets() for name, data in files.items() if word.encode() in data
        ]

    def _secrets(self) -> Sequence[str]:
        """Return names, numbers, ids and passwords of everyone at Gosuslugi, and how a token begins."""
        words = [*TYPED, *TOKENS_BEGIN, self.town.told["key"].splitlines()[1]]
        for person in self.town.told["accounts"]:
            words += [person["name"], person["name"].split()[0], str(person["oid"]), person["login"]]
            if person["snils"]:
                words += [person["snils"], re.sub(r"\D", "", person["snils"])]
        return words


@contextmanager
def a_town(folder: Path) -> Generator[Town]:
    """Run the sandbox at the real time, and write the files of its Gosuslugi client."""
    port = free_ports(_PORTS_OF_THE_TOWN)
    control = f"http://{HOST}:{port}"
    town = ["diary_sandbox", "--port-base", str(port), "--families", "12"]
    with running(town, ready_at=f"{control}/_sandbox", log=folder / "sandbox.log"):
        told = httpx2.get(f"{control}/_sandbox/esia", trust_env=False, timeout=30).json()
        yield Town(control, told, {**OPTIONS, **gosuslugi.configured(control, folder)})


def a_stack(town: Town, folder: Path) -> Stack:
    """Return a gateway yet to be served, on a port and files of its own."""
    return Stack(town, f"http://{HOST}:{free_ports(1)}", folder)
