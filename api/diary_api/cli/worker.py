"""The command that does the background work."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import nullcontext
from typing import Annotated

import structlog
import typer

from diary_api import logs
from diary_api.clock import system_clock
from diary_api.gateway import open_gateway
from diary_api.metrics import Metrics
from diary_api.misspelt import warn_of_misspelt
from diary_api.serving.ready import tell_ready
from diary_api.serving.sockets import at_address
from diary_api.serving.watching import watched
from diary_api.settings import Settings, read_settings
from diary_core.plugins import installed, load

log = structlog.stdlib.get_logger()


def command(
    host: Annotated[str, typer.Option(help="Address of the port.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(help="Answer /metrics, with DIARY_METRICS_TOKEN, and /healthz here.", min=1, max=65535),
    ] = None,
) -> None:
    """Look into diaries, renew, deliver and forget, so that the processes that serve need not.

    Those are told to leave it alone by DIARY_BACKGROUND=worker. Any number of workers share the work over
    DIARY_REDIS_URL. SIGTERM lets a worker finish what it has begun; what it has not is left to the others.
    """
    settings = read_settings()
    logs.configure(settings)
    warn_of_misspelt(os.environ)
    with nullcontext() if port is None else at_address(host, port) as listening:
        asyncio.run(_work(settings, listening))


async def _work(settings: Settings, listening: socket.socket | None) -> None:
    told = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, told.set)
    found = load(installed(), switched_off=settings.plugins_off)
    async with (
        open_gateway(settings, found, system_clock, Metrics(), worker=True) as gateway,
        nullcontext() if listening is None else watched(gateway, listening),
    ):
        tell_ready()
        log.info("at work", watched_at=None if listening is None else listening.getsockname())
        await told.wait()
