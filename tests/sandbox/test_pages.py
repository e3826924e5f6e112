"""Whatever page the sandbox shows to a person, it says what it is."""

from __future__ import annotations

import time
from datetime import datetime

import httpx2
import pytest
from starlette.routing import BaseRoute, Mount, Route

from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.faults import FaultRegistry
from diary_sandbox.hosts import HOSTS, EmulatedHost
from diary_sandbox.state import SandboxState, Store
from diary_sandbox.world import World

pytestmark = pytest.mark.anyio


def paths(routes: list[BaseRoute], prefix: str = "") -> list[str]:
    """Return the paths of routes that need no parameter."""
    found: list[str] = []
    for route in routes:
        if isinstance(route, Mount):
            found += paths(list(route.routes), prefix + route.path)
        elif isinstance(route, Route) and "{" not in route.path:
            found.append(prefix + route.path)
    return found


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.names[0])
async def test_every_page_says_sandbox(host: EmulatedHost) -> None:
    """Asked as a browser asks, every path that answers with a page names itself SANDBOX."""
    clock = Clock(datetime(2026, 11, 25, 12, tzinfo=MOSCOW))
    world = World(seed=1, families=12, year=2026, clock=clock)
    state = SandboxState(world, clock, FaultRegistry(1, time.monotonic), Store(1))
    app = host.build(state, host.names[0])
    silent: list[str] = []
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=f"https://{host.names[0]}") as browser:
        for path in [*paths(app.routes), "/no-such-page"]:
            page = await browser.get(path, headers={"accept": "text/html"})
            is_page = page.headers.get("content-type", "").startswith("text/html")
            if is_page and page.content and "SANDBOX" not in page.text:
                silent.append(path)
    assert silent == []


def test_ports_and_names_are_each_used_once() -> None:
    """No two hosts share a port or a name, and none sits on the control door's."""
    offsets = [host.offset for host in HOSTS]
    names = [name for host in HOSTS for name in host.names]
    assert len({0, *offsets}) == len(offsets) + 1
    assert len(set(names)) == len(names)
