"""The web server: uvicorn's, with an end that no client notices."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess, multiprocess

from diary_api.serving.drain import STATE, Drain
from diary_api.serving.patience import PatientProtocol
from diary_api.serving.ready import tell_ready
from diary_api.settings import Settings, read_settings

_LINGER = timedelta(seconds=1)
"""Whoever was let in last has so long to say what it wants."""
_KEEP_ALIVE_S = 75
"""Longer than a proxy keeps an idle connection (nginx: 60 s): who closes first must be the one who sends."""
_WORKER_STARTS_S = 120
"""How long a successor may take to begin on a busy machine before its predecessor is kept instead."""
_TICK_S = 0.05


def serve(listening: socket.socket, settings: Settings, workers: int) -> None:
    """Serve until a signal ends it.

    SIGTERM drains first, SIGINT does not, SIGHUP replaces several workers one by one.

    Args:
        listening: A listening socket; other processes may listen on it too.
        settings: For how long to drain, and how long calls under way may take.
        workers: Processes that serve side by side.
    """
    config = uvicorn.Config(
        "diary_api.app:from_environment",
        factory=True,
        http=PatientProtocol,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=round(settings.grace.total_seconds()),
        timeout_worker_healthcheck=_WORKER_STARTS_S,
    )
    with suppress(KeyboardInterrupt):
        if workers == 1:
            DrainingServer(config, settings.drain).run([listening])
            return
        # uvicorn's supervisor has no parameter for what it starts
        multiprocess.Process = _Worker
        Multiprocess(config, [listening]).run()


class DrainingServer(uvicorn.Server):
    """Ends in three steps: wants other connections, lets nobody in any more, finishes what is under way."""

    def __init__(self, config: uvicorn.Config, pause: timedelta) -> None:
        super().__init__(config)
        self._drain = Drain()
        self._pause = pause
        self._drains = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note the signal that ends it."""
        self._drains = self._drains or sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        self.lifespan.state[STATE] = self._drain
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # what start has made lasts: no collection under load need walk through it again
            tell_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End without breaking anything off that ends in time."""
        self._drain.begun = True
        self.server_state.default_headers.append((b"connection", b"close"))
        pause = self._pause if self._drains else timedelta()
        await self._wait(pause, lambda: False)
        for server in self.servers:
            server.close()
        self._drain.ending.set()
        await self._wait(min(pause, _LINGER), lambda: not self.server_state.connections)
        await super().shutdown(sockets)

    async def _wait(self, at_most: timedelta, enough: Callable[[], bool]) -> None:
        until = time.monotonic() + at_most.total_seconds()
        while time.monotonic() < until and not self.force_exit and not enough():  # noqa: ASYNC110  uvicorn has no events
            await asyncio.sleep(_TICK_S)


class _Worker(multiprocess.Process):
    """One of several processes on one socket."""

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve in the new process; the server is made before anybody asks whether it has started."""
        self._server = DrainingServer(self.config, read_settings().drain)
        super().target(sockets)
