"""Runs the sandbox: one loop, one small server a host, on loopback only."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.control import build_control
from diary_sandbox.fault_middleware import CONNECTION, FaultMiddleware
from diary_sandbox.faults import FaultRegistry
from diary_sandbox.hosts import CONTROL_OFFSET, HOSTS, EmulatedHost
from diary_sandbox.state import SandboxState, Store
from diary_sandbox.world import AcademicYear, World

LOOPBACK = "127.0.0.1"


class SandboxError(Exception):
    """The sandbox cannot start; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    state: SandboxState
    control_url: str
    """Where the control door listens, without a trailing slash."""

    @property
    def world(self) -> World:
        """Return the world."""
        return self.state.world

    @property
    def clock(self) -> Clock:
        """Return the clock."""
        return self.state.clock

    @property
    def faults(self) -> FaultRegistry:
        """Return the faults."""
        return self.state.faults

    @property
    def hosts(self) -> dict[str, str]:
        """Return where each emulated host listens: `https://school.mos.ru` → `http://127.0.0.1:8702`."""
        return self.state.hosts

    def url(self, host: str) -> str:
        """Return where an emulated host listens; KeyError when it is not emulated."""
        return self.state.url(host)


def found(*, seed: int, families: int, year: int | None, now: datetime | None, running: bool) -> SandboxState:
    """Found a town and what its servers share.

    Args:
        seed: Of everything invented.
        families: How many families live there.
        year: Calendar year of the 1 September; None: the school year `now` is in.
        now: Present moment in the town, aware; None: the real one, or 25 November of a given year.
        running: Whether the town's clock goes on by itself.

    Raises:
        SandboxError: The moment is not of that school year, or the number of families is out of range.
    """
    if now is None:
        now = datetime.now(MOSCOW) if year is None else datetime(year, 11, 25, 12, tzinfo=MOSCOW)
    if year is None:
        year = now.year if now.month >= 9 else now.year - 1
    span = AcademicYear(year)
    if not span.since <= now.date() <= span.until:
        raise SandboxError(f"{now.date()} is not a day of the school year {span.name}")
    clock = Clock(now, running=running)
    try:
        world = World(seed=seed, families=families, year=year, clock=clock)
    except ValueError as error:
        raise SandboxError(str(error)) from error
    return SandboxState(world, clock, FaultRegistry(seed, time.monotonic), Store(seed))


@asynccontextmanager
async def running_sandbox(
    *,
    port_base: int = 0,
    seed: int = 1,
    families: int = 12,
    year: int | None = 2026,
    now: datetime | None = None,
    running: bool = False,
    address: str = LOOPBACK,
    hosts: Sequence[EmulatedHost] = HOSTS,
) -> AsyncGenerator[Sandbox]:
    """Run the sandbox while the block runs.

    Args:
        port_base: Port of the control door, the hosts on the ones after it; 0 takes free ports.
        seed: Of everything invented.
        families: How many families live in the town; the personas are among the first.
        year: Calendar year of the 1 September; None: the one `now` is in.
        now: Present moment in the town, aware; None: 25 November of the year, noon in Moscow.
        running: Whether the town's clock goes on by itself.
        address: Where to listen: a loopback address.
        hosts: What to emulate; everything there is unless told.

    Raises:
        SandboxError: The address is not loopback, a port is taken, or the town cannot be founded.
    """
    state = found(seed=seed, families=families, year=year, now=now, running=running)
    with _bound(address, port_base, [CONTROL_OFFSET, *(host.offset for host in hosts)]) as sockets:
        for host in hosts:
            for name in host.names:
                state.hosts[f"https://{name}"] = _url(sockets[host.offset])
        control_url = _url(sockets[CONTROL_OFFSET])
        apps: dict[int, ASGIApp] = {CONTROL_OFFSET: build_control(state)}
        for host in hosts:
            apps[host.offset] = FaultMiddleware(host.build(state, host.names[0]), state, host.names[0])
        servers = {offset: _server(app) for offset, app in apps.items()}
        tasks = [asyncio.create_task(server.run_on(sockets[offset])) for offset, server in servers.items()]
        try:
            for server in servers.values():
                await server.up.wait()
            yield Sandbox(state, control_url)
        finally:
            for server in servers.values():
                server.should_exit = True
            await asyncio.gather(*tasks)


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to the program it runs in."""

    def __init__(self, config: uvicorn.Config) -> None:
        """Make a server that says when it is up."""
        super().__init__(config)
        self.up = asyncio.Event()

    async def run_on(self, listener: socket.socket) -> None:
        """Serve one bound socket until told to exit."""
        try:
            await self._serve([listener])
        finally:
            self.up.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.up.set()


class _Protocol(HttpToolsProtocol):
    """Leaves the transport in reach of the fault that cuts connections."""

    def on_headers_complete(self) -> None:
        """Hand the connection over with the request."""
        self.scope.setdefault("state", {})[CONNECTION] = self.transport
        super().on_headers_complete()


def _server(app: ASGIApp) -> _Server:
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


@contextmanager
def _bound(address: str, port_base: int, offsets: Sequence[int]) -> Generator[dict[int, socket.socket]]:
    """Bind a port for every host before anything is served; all are closed at the end."""
    try:
        loopback = ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise SandboxError(f"the sandbox listens on loopback only, not on {address!r}")
    sockets: dict[int, socket.socket] = {}
    try:
        for offset in offsets:
            sockets[offset] = _listener(address, port_base + offset if port_base else 0)
        yield sockets
    finally:
        for listener in sockets.values():
            listener.close()


def _listener(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except (OSError, OverflowError) as error:
        listener.close()
        why = f"port {port} is taken or not allowed: choose another --port-base"
        raise SandboxError(why) from error
    listener.setblocking(False)
    return listener


def _url(listener: socket.socket) -> str:
    name: tuple[str, int] = listener.getsockname()[:2]
    shown = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{shown}:{name[1]}"


def noon(on: date) -> datetime:
    """Return midday of a date in Moscow."""
    return datetime(on.year, on.month, on.day, 12, tzinfo=MOSCOW)
