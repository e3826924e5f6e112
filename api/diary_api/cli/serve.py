"""The command that runs the gateway."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Annotated

import typer

from diary_api.clock import system_clock
from diary_api.gateway import open_gateway
from diary_api.metrics import Metrics
from diary_api.serving import sockets
from diary_api.serving.server import serve
from diary_api.settings import Settings, read_settings
from diary_core.plugins import installed, load


def command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; DIARY_PUBLIC_URL is to name it too.", min=1, max=65535)
    ] = 8000,
    uds: Annotated[Path | None, typer.Option(help="Listen on a Unix socket instead.")] = None,
    fd: Annotated[int | None, typer.Option(help="Listen on a socket opened before: 3 under systemd.")] = None,
    workers: Annotated[int, typer.Option(help="Processes side by side.", min=1)] = 1,
) -> None:
    """Run the gateway; settings are environment variables with the prefix DIARY_.

    SIGTERM ends it once everybody is answered; SIGHUP replaces several workers one by one.
    """
    settings = read_settings()
    with _listening(host, port, uds, fd) as listening:
        asyncio.run(_try_out(settings))
        serve(listening, settings, workers)


def _listening(host: str, port: int, uds: Path | None, fd: int | None) -> socket.socket:
    if fd is not None:
        return sockets.inherited(fd)
    return sockets.at_address(host, port) if uds is None else sockets.in_file_system(uds)


async def _try_out(settings: Settings) -> None:
    """Open everything once and close it, so that what is wrong is said in a sentence and not by a server."""
    found = load(installed(), switched_off=settings.plugins_off)
    async with open_gateway(settings, found, system_clock, Metrics()):
        pass
