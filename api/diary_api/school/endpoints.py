"""Routes of children and their diaries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from diary_api.accounts.door import DiaryReader
from diary_api.connections.family import Asked
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.school.cache import Served
from diary_api.school.schemas import (
    Children,
    ChildShown,
    DayAnswer,
    HomeworkAnswer,
    MarkAnswer,
    SchoolAnswer,
    TermAnswer,
)
from diary_api.school.spans import Day as SchoolDay
from diary_api.school.spans import Span, span_of

router = APIRouter(prefix="/v1", tags=["children"])

_DOOR = ("not_signed_in", "scope_missing")
_ANSWERS = problems(
    *_DOOR,
    "child_unknown",
    "invalid_input",
    "span_reversed",
    "span_too_long",
    "login_required",
    "connection_revoked",
    "not_supported",
    "not_permitted",
    "disabled_by_school",
    "region_down",
    "region_slow",
    "region_busy",
    "region_maintenance",
    "region_resting",
    "region_changed",
) | {
    200: {
        "description": "What the diary said",
        "headers": {
            "ETag": {"description": "Strong; send it back as `If-None-Match`.", "schema": {"type": "string"}}
        },
    },
    304: {"description": "Unchanged since the answer with this `ETag`"},
}


async def asked_of(
    child_id: str,
    caller: DiaryReader,
    enrolment: Annotated[
        str | SkipJsonSchema[None],
        Query(description="Needed only where a child has several current enrolments.", max_length=64),
    ] = None,
) -> Asked:
    """Read whose diary is asked."""
    return Asked(caller.account_id, child_id, enrolment)


OfChild = Annotated[Asked, Depends(asked_of)]
InSpan = Annotated[Span, Depends(span_of)]
IfNoneMatch = Annotated[
    str | SkipJsonSchema[None],
    Header(description="An `ETag` got before: unchanged answers come back as 304, empty."),
]


@router.get("/children", summary="List children", responses=problems(*_DOOR))
async def list_children(gateway: Running, caller: DiaryReader) -> Children:
    """List every child of the family, through every linked diary.

    A child two diaries know is listed once for each: their ids differ.
    """
    return Children(items=await gateway.school.children(caller.account_id))


@router.get("/children/{child_id}", summary="Show a child", responses=problems(*_DOOR, "child_unknown"))
async def show_child(child_id: str, gateway: Running, caller: DiaryReader) -> ChildShown:
    """Show one child and where it studies."""
    return await gateway.school.child(caller.account_id, child_id)


@router.get(
    "/children/{child_id}/week",
    summary="Read a week",
    response_model=DayAnswer,
    responses=_ANSWERS,
)
async def read_week(
    gateway: Running,
    asked: OfChild,
    of: Annotated[
        SchoolDay | None,
        WithJsonSchema({"type": "string", "format": "date"}),
        Query(
            description="Any day of the wanted week; the school's present day unless given.",
            examples=["2026-09-16"],
        ),
    ] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Read the week diary, Monday to Sunday of the school's own dates.

    Each day has its lessons with topics, homework, marks and absences.
    """
    return _sent(await gateway.school.week(asked, of), if_none_match)


@router.get(
    "/children/{child_id}/days",
    summary="Read days",
    response_model=DayAnswer,
    responses=_ANSWERS,
)
async def read_days(
    gateway: Running, asked: OfChild, span: InSpan, if_none_match: IfNoneMatch = None
) -> Response:
    """Read every day of a span, oldest first, also the empty ones."""
    return _sent(await gateway.school.days(asked, span), if_none_match)


@router.get(
    "/children/{child_id}/marks",
    summary="Read marks",
    response_model=MarkAnswer,
    responses=_ANSWERS,
)
async def read_marks(
    gateway: Running, asked: OfChild, span: InSpan, if_none_match: IfNoneMatch = None
) -> Response:
    """Read the marks of lessons in a span, oldest lesson first, as the school wrote them."""
    return _sent(await gateway.school.marks(asked, span), if_none_match)


@router.get(
    "/children/{child_id}/homework",
    summary="Read homework",
    response_model=HomeworkAnswer,
    responses=_ANSWERS,
)
async def read_homework(
    gateway: Running, asked: OfChild, span: InSpan, if_none_match: IfNoneMatch = None
) -> Response:
    """Read what is due in a span, by due date."""
    return _sent(await gateway.school.homework(asked, span), if_none_match)


@router.get(
    "/children/{child_id}/terms",
    summary="Read terms",
    response_model=TermAnswer,
    responses=_ANSWERS,
)
async def read_terms(gateway: Running, asked: OfChild, if_none_match: IfNoneMatch = None) -> Response:
    """Read how the school cuts the present school year."""
    return _sent(await gateway.school.terms(asked), if_none_match)


@router.get(
    "/children/{child_id}/school",
    summary="Read the school",
    response_model=SchoolAnswer,
    responses=_ANSWERS,
)
async def read_school(gateway: Running, asked: OfChild, if_none_match: IfNoneMatch = None) -> Response:
    """Read the one school of the enrolment, with its people."""
    return _sent(await gateway.school.school(asked), if_none_match)


def _sent(served: Served, if_none_match: str | None) -> Response:
    """Send an answer, or tell that it has not changed.

    Source: RFC 9110, section 13.1.2.
    """
    headers = {"ETag": served.etag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None:
        known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        if served.etag in known or "*" in known:
            return Response(status_code=304, headers=headers)
    return Response(served.body, media_type="application/json", headers=headers)
