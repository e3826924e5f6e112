"""The floor: Starlette returning bytes from memory."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def app(body: bytes) -> Starlette:
    """Return an application with one answer."""

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/", answer)])


if __name__ == "__main__":
    uvicorn.run(
        app(Path(sys.argv[2]).read_bytes()), port=int(sys.argv[1]), log_level="warning", access_log=False
    )
