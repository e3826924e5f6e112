"""The command that runs the gateway."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
import uvicorn

from diary_api.cli.ports import must_be_free
from diary_api.clock import system_clock
from diary_api.gateway import open_gateway
from diary_api.metrics import Metrics
from diary_api.settings import Settings, read_settings
from diary_core.plugins import installed, load

GRACE_S = 10
"""How long calls under way may take to end when the gateway is told to stop; streams never end otherwise."""


def command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Run the gateway; settings are environment variables with the prefix DIARY_."""
    must_be_free(host, port)
    asyncio.run(_try_out(read_settings()))
    uvicorn.run(
        "diary_api.app:from_environment",
        factory=True,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


async def _try_out(settings: Settings) -> None:
    """Open everything once and close it, so that what is wrong is said in a sentence and not by a server."""
    found = load(installed(), switched_off=settings.plugins_off)
    async with open_gateway(settings, found, system_clock, Metrics()):
        pass
