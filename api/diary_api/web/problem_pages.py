"""What each problem code means: the addresses that the `type` of a problem names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from diary_api.documentation import PAGE, problems
from diary_api.problems import PROBLEMS, status_of
from diary_api.web.pages import page, wants_page, who_can_mend
from diary_core.bilingual import Bilingual
from diary_core.errors import Actor, DiaryError, NotFound, Retry

router = APIRouter(tags=["service"])


class ProblemKind(BaseModel):
    """One problem code."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    code: str = Field(examples=["region_down"])
    status: int
    """The HTTP status it comes with."""
    title: Bilingual
    remedy: Bilingual
    actor: Actor
    """Who can mend it."""
    retry: Retry
    """Whether the same call may be made again, and when."""


class ProblemKinds(BaseModel):
    """Every problem code."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    items: tuple[ProblemKind, ...]
    """By code."""


@router.get("/problems", summary="List problem codes", responses=problems())
async def list_problems() -> ProblemKinds:
    """List every code the gateway may answer with; they are stable."""
    return ProblemKinds(items=tuple(_kind(error) for error in PROBLEMS.values()))


@router.get(
    "/problems/{code}",
    summary="Explain a problem code",
    response_class=Response,
    responses={
        200: {
            "description": "The code, for programs or for people",
            "model": ProblemKind,
            "content": dict(PAGE),
        }
    }
    | problems("not_found"),
)
async def explain_problem(
    code: Annotated[str, Path(description="As in a problem.", max_length=100, examples=["region_down"])],
    request: Request,
) -> Response:
    """Explain one code: as a page to whoever asks for HTML, as JSON to anyone else."""
    error = PROBLEMS.get(code)
    if error is None:
        raise NotFound(f"no problem has the code {code!r}", field="code")
    kind = _kind(error)
    if not wants_page(request):
        return JSONResponse(kind.model_dump(mode="json"))
    return page(
        "problem",
        title=kind.title.ru,
        remedy=kind.remedy.ru,
        who=who_can_mend(kind.actor),
        title_en=kind.title.en,
        remedy_en=kind.remedy.en,
        code=kind.code,
        http_status=kind.status,
    )


def _kind(error: type[DiaryError]) -> ProblemKind:
    return ProblemKind(
        code=error.code,
        status=status_of(error),
        title=error.title,
        remedy=error.remedy,
        actor=error.actor,
        retry=error.retry,
    )
