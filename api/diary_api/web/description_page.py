"""The description of the API as a page to read it on and try it: Swagger UI, every file of it served here.

The framework's own page fetches scripts from elsewhere; `fastapi-offline` brings the same files in its wheel.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from diary_core.errors import NotFound

router = APIRouter(include_in_schema=False)

_OURS = "diary_api", "web/description"
_SWAGGER_UI = "fastapi_offline", "static"
_PARTS = {
    "description.css": (*_OURS, "text/css"),
    "start.js": (*_OURS, "text/javascript"),
    "swagger-ui-bundle.js": (*_SWAGGER_UI, "text/javascript"),
    "swagger-ui.css": (*_SWAGGER_UI, "text/css"),
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src data:",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""The page runs our scripts and asks this gateway; it can reach nobody else."""


@router.get("/docs")
def read_description() -> HTMLResponse:
    """Show the page."""
    package, folder = _OURS
    page = files(package).joinpath(folder, "page.html").read_text("utf-8")
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/{part}")
def read_part(part: Annotated[str, Path(max_length=40)]) -> Response:
    """Give a file of the page; a browser keeps it for a day.

    Raises:
        NotFound: The page has no such file.
    """
    if part not in _PARTS:
        raise NotFound("the description has no such part", field="part")
    package, folder, kind = _PARTS[part]
    content = files(package).joinpath(folder, part).read_bytes()
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=86400"})
