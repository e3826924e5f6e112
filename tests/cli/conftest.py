"""A gateway for commands to talk to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from tests.api.running import MovableClock, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

from diary_api.app import create_app
from diary_api.cli.screen import aside, screen


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def town(clock: MovableClock) -> TinyTown:
    return TinyTown(clock)


@pytest.fixture
def url(tmp_path: Path, town: TinyTown, clock: MovableClock) -> Iterator[str]:
    """A gateway on a real socket that serves the tests' own diary."""
    port_free = uvicorn.Config(app="x", port=0).bind_socket()
    address = f"http://127.0.0.1:{port_free.getsockname()[1]}"
    app = create_app(settings_for(tmp_path, public_url=address), plugins=tiny_plugins(town), clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([port_free],), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield address
    server.should_exit = True
    thread.join()
    port_free.close()


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print 200 characters wide, whatever terminal the tests were started from."""
    for console in (screen, aside):
        monkeypatch.setattr(console, "_width", 200)
