"""The command that runs the gateway."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from diary_api.cli.ports import must_be_free


def command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Run the gateway; settings are environment variables with the prefix DIARY_."""
    must_be_free(host, port)
    uvicorn.run(
        "diary_api.app:from_environment",
        factory=True,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
