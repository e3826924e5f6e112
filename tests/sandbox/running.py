"""A running sandbox with one small host of its own, and a client for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from diary_sandbox.faults import FaultKind
from diary_sandbox.hosts import EmulatedHost
from diary_sandbox.serve import Sandbox, running_sandbox
from diary_sandbox.state import SandboxState

HOST = "diary.example"
BODY = {"marks": [{"value": "5"}] * 40, "note": "как есть"}


def build(state: SandboxState, host: str) -> Starlette:
    """Build a host that answers with one JSON body, counts what it is sent, and asks about a captcha."""
    received = 0

    async def marks(_: Request) -> Response:
        return JSONResponse(BODY)

    async def sign_in(request: Request) -> Response:
        who = request.query_params.get("who")
        return JSONResponse({"captcha": state.faults.asked(FaultKind.CAPTCHA, host, who)})

    async def echo(request: Request) -> Response:
        nonlocal received
        before, size = received, len(await request.body())
        received += size
        return JSONResponse({"bytes": size, "before": before})

    return Starlette(
        routes=[
            Route("/marks", marks),
            Route("/other/marks", marks),
            Route("/sign-in", sign_in),
            Route("/echo", echo, methods=["POST"]),
        ]
    )


HOSTS = (EmulatedHost(1, (HOST, f"www.{HOST}"), build),)


@asynccontextmanager
async def small_sandbox() -> AsyncGenerator[tuple[Sandbox, httpx2.AsyncClient]]:
    """Run a sandbox of the small host and yield it with a client of its control door."""
    async with (
        running_sandbox(hosts=HOSTS) as sandbox,
        httpx2.AsyncClient(base_url=sandbox.control_url, timeout=10) as client,
    ):
        yield sandbox, client
