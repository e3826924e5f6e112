"""Lets a process that serves nobody be watched: its figures, and that it is alive."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from diary_api import problems
from diary_api.gateway import Gateway
from diary_api.middleware.edge import Edge
from diary_api.serving.patience import PatientProtocol
from diary_api.web import health, metrics


@asynccontextmanager
async def watched(gateway: Gateway, listening: socket.socket) -> AsyncGenerator[None]:
    """Answer `/metrics`, with the operator's token, and `/healthz` for as long as the block lasts."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.gateway, app.state.settings = gateway, gateway.settings
    problems.install(app)
    app.add_middleware(Edge, metrics=gateway.metrics, https=False)
    app.include_router(metrics.router)
    app.add_api_route("/healthz", health.healthz)
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=round(gateway.settings.grace.total_seconds()),
    )
    server = _Beside(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Beside(uvicorn.Server):
    """A server that leaves the signals to the process it is part of."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield
