"""The first address anybody opens."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse, Response

from diary_api.documentation import PAGE, SUMMARY, TITLE, problems
from diary_api.web.pages import page, wants_page

router = APIRouter(tags=["service"])


class Welcome(BaseModel):
    """Where to go from here."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    name: str
    summary: str
    version: str
    description: str
    """The OpenAPI description."""
    regions: str
    """The catalogue, open to anyone."""
    problems: str
    """What each problem code means."""


@router.get(
    "/",
    summary="Find the way",
    response_class=Response,
    responses={200: {"description": "Where to go from here", "model": Welcome, "content": dict(PAGE)}}
    | problems(),
)
async def welcome(request: Request) -> Response:
    """Tell what this is, and where its description stands."""
    shown = Welcome(
        name=TITLE,
        summary=SUMMARY,
        version=version("diary-api"),
        description="/openapi.json",
        regions="/v1/regions",
        problems="/problems",
    )
    if wants_page(request):
        return page("welcome", links=shown)
    return JSONResponse(shown.model_dump())
