"""What every measurement stands on: the sandbox, its diaries far away, and gateways in front of them."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from pydantic import TypeAdapter
from tests.ports import free_ports

from diary_api.accounts.schemas import Account, IssuedKey
from diary_api.cli.client import Gateway
from diary_api.cli.demo.browser import Browser
from diary_api.cli.demo.families import ARKHANGELSK, GATEWAY_PASSWORD, MOSCOW, OPTIONS, Family
from diary_api.cli.demo.processes import running
from diary_api.connections.schemas import Connection
from diary_api.school.schemas import Children
from diary_core.sign_in import Redirect

DIARIES: Mapping[str, str] = {"mrko": "https://school.mos.ru", "dnevnik_ru": "https://api.dnevnik.ru"}
"""The host that reads go to, by provider."""
FAMILIES: Mapping[str, Family] = {"mrko": MOSCOW, "dnevnik_ru": ARKHANGELSK}
"""The family that is read, by provider: two children each."""
IMPOLITE: Mapping[str, str] = {
    "DIARY_UPSTREAM__CALLS_PER_S": "1000000",
    "DIARY_UPSTREAM__CALLS_BURST": "1000000",
    "DIARY_UPSTREAM__CALLS_AT_ONCE": "200",
    "DIARY_UPSTREAM__CALLS_WAITING_MAX": "1000000",
    "DIARY_UPSTREAM__BUCKET_WAIT_MAX_S": "60",
    "DIARY_UPSTREAM__CONNECTIONS_IDLE_MAX": "1000000",
    "DIARY_UPSTREAM__POOL_TIMEOUT_S": "60",
    "DIARY_UPSTREAM__CALL_TIMEOUT_S": "60",
    "DIARY_UPSTREAM__ATTEMPT_TIMEOUT_S": "60",
    "DIARY_REQUEST_TIMEOUT": "PT120S",
    "DIARY_REQUESTS_AT_ONCE": "1000000",
    "DIARY_REQUESTS_PER_S_OF_ACCOUNT": "0",
    "DIARY_QUEUE_PATIENCE": "PT60S",
    "DIARY_DATABASE__PATIENCE": "PT60S",
}
"""Settings without politeness and without refusals: what the gateway can do, not what it lets itself do."""
STILL: Mapping[str, str] = {"DIARY_WATCH_EVERY": "PT0S"}
"""Settings without the look at every diary that the gateway takes by itself."""

_CALLS = TypeAdapter(dict[str, list[tuple[float, float, str]]])
_HOSTS = TypeAdapter(dict[str, str])


@dataclass(frozen=True)
class Call:
    """One call as the far diary saw it."""

    came: float
    left: float
    """Both in seconds of the machine's own clock."""
    line: str


@dataclass(frozen=True)
class Far:
    """One far diary's own door."""

    url: str

    def forget(self) -> None:
        """Count from zero again."""
        httpx2.delete(f"{self.url}/_far").raise_for_status()

    def delay(self, ms: float) -> None:
        """Let every answer take so long."""
        httpx2.post(f"{self.url}/_far/{ms:g}").raise_for_status()

    def calls(self) -> Sequence[Call]:
        """Return the calls since they were last forgotten, as they ended."""
        answer = httpx2.get(f"{self.url}/_far").raise_for_status()
        return [Call(*one) for one in _CALLS.validate_json(answer.content)["calls"]]


@dataclass(frozen=True)
class Parent:
    """A family linked to a gateway."""

    key: str
    child_ids: tuple[str, ...]

    @property
    def headers(self) -> Mapping[str, str]:
        """What opens the gateway's door."""
        return {"Authorization": f"Bearer {self.key}"}


@dataclass(frozen=True)
class Town:
    """A running sandbox with its diaries far away."""

    folder: Path
    """Where everything is kept; it goes with the town."""
    control: str
    far: Mapping[str, Far]
    """By provider."""
    hosts: Mapping[str, str]
    """Where every emulated host listens, by its real address; those of `far` included."""

    def settings(self, name: str, **more: str) -> dict[str, str]:
        """Return the environment of a gateway of this town with an SQLite of its own.

        Args:
            name: Of the gateway.
            more: Settings besides, or instead.
        """
        return {
            "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / name}.db",
            "DIARY_KEY_FILE": str(self.folder / f"{name}.keys"),
            "DIARY_UPSTREAM_HOSTS": json.dumps(dict(self.hosts)),
            "DIARY_LOG_LEVEL": "error",
            **OPTIONS,
            **more,
        }

    @contextmanager
    def gateway(self, name: str, settings: Mapping[str, str]) -> Generator[Served]:
        """Run a gateway while the block runs."""
        port = free_ports(1)
        url = f"http://127.0.0.1:{port}"
        serve = ["diary_api", "serve", "--port", str(port)]
        told = {"DIARY_PUBLIC_URL": url, **settings}
        log = self.folder / f"{name}-{port}.log"
        with running(serve, ready_at=f"{url}/readyz", log=log, environment=told) as process:
            yield Served(url, process.pid)


@dataclass(frozen=True)
class Served:
    """A running gateway."""

    url: str
    pid: int

    def family(self, provider: str) -> Parent:
        """Make an account and link the family of a system to it."""
        family = FAMILIES[provider]
        who = {"email": f"{provider}@example.test", "password": GATEWAY_PASSWORD}
        with Gateway(self.url) as gateway:
            gateway.post("/v1/accounts", who, Account)
            key = gateway.post("/v1/sessions", who, IssuedKey).secret
            gateway.use(key)
            asked = {"region": family.region, "method": family.method}
            begun = gateway.post("/v1/connections", asked, Connection)
            if begun.pending and isinstance(begun.pending.step, Redirect):
                with Browser() as browser:
                    browser.walk(begun.pending.step.url, family.typed)
            elif begun.pending:
                reply = {"values": dict(family.typed), "turn": begun.pending.turn}
                gateway.post(f"/v1/connections/{begun.id}/steps", reply, Connection)
            children = gateway.get("/v1/children", Children).items
        return Parent(key, tuple(child.id for child in children))


@contextmanager
def town(families: int = 12) -> Generator[Town]:
    """Run a sandbox, its diaries answering at once until told otherwise, while the block runs.

    Args:
        families: How many live there; the personas are among the first dozen.
    """
    ports = free_ports(8 + len(DIARIES))
    control = f"http://127.0.0.1:{ports}"
    sandbox = ["diary_sandbox", "--port-base", str(ports), "--families", str(families)]
    with TemporaryDirectory(prefix="diary-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        log = folder / "sandbox.log"
        stack.enter_context(running(sandbox, ready_at=f"{control}/_sandbox", log=log))
        hosts = _HOSTS.validate_json(httpx2.get(f"{control}/_sandbox/hosts").content)
        far: dict[str, Far] = {}
        for number, (provider, host) in enumerate(DIARIES.items()):
            port = ports + 8 + number
            url = f"http://127.0.0.1:{port}"
            started = ["benchmarks.far_diary", str(port), hosts[host]]
            stack.enter_context(running(started, ready_at=f"{url}/_far", log=folder / f"{provider}.log"))
            far[provider] = Far(url)
            hosts[host] = url
        yield Town(folder, control, far, hosts)
