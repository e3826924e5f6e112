"""Routes of children, and of what a paper diary holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import WithJsonSchema
from starlette.responses import Response

from diary_api.accounts.door import DiaryReader
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.school import readings
from diary_api.school.asking import ANSWERS, Asking, InSpan
from diary_api.school.readings import Kind
from diary_api.school.schemas import (
    AttendanceAnswer,
    BellAnswer,
    CalendarAnswer,
    Children,
    ChildShown,
    DayAnswer,
    HomeworkAnswer,
    MarkAnswer,
    ResultAnswer,
    TermAnswer,
)
from diary_api.school.spans import Day as SchoolDay
from diary_api.school.spans import week_of

router = APIRouter(prefix="/v1", tags=["children"])

_DOOR = ("not_signed_in", "scope_missing")

AnyDay = Annotated[SchoolDay | None, WithJsonSchema({"type": "string", "format": "date"})]


@router.get("/children", summary="List children", responses=problems(*_DOOR))
async def list_children(gateway: Running, caller: DiaryReader) -> Children:
    """List every child of the family, through every linked diary, then those other parents let you see.

    A child two diaries know is listed once for each: their ids differ.
    """
    own = await gateway.school.children(caller.account_id)
    return Children(items=(*own, *await gateway.school.granted(caller.account_id)))


@router.get("/children/{child_id}", summary="Show a child", responses=problems(*_DOOR, "child_unknown"))
async def show_child(child_id: str, gateway: Running, caller: DiaryReader) -> ChildShown:
    """Show one child and where it studies."""
    return await gateway.school.child(caller.account_id, child_id)


@router.get("/children/{child_id}/week", summary="Read a week", response_model=DayAnswer, responses=ANSWERS)
async def read_week(
    asking: Asking,
    of: Annotated[
        AnyDay,
        Query(
            description="Any day of the wanted week; the school's present day unless given.",
            examples=["2026-09-16"],
        ),
    ] = None,
) -> Response:
    """Read the week diary, Monday to Sunday of the school's own dates.

    Each day has its lessons with topics, homework, marks and absences.
    """
    day = of or await asking.school.today(asking.asked, Kind.DAYS)
    return await asking.answer(readings.days(week_of(day)))


@router.get("/children/{child_id}/days", summary="Read days", response_model=DayAnswer, responses=ANSWERS)
async def read_days(asking: Asking, span: InSpan) -> Response:
    """Read every day of a span, oldest first, also the empty ones."""
    return await asking.answer(readings.days(span))


@router.get("/children/{child_id}/marks", summary="Read marks", response_model=MarkAnswer, responses=ANSWERS)
async def read_marks(asking: Asking, span: InSpan) -> Response:
    """Read the marks of lessons in a span, oldest lesson first, as the school wrote them."""
    return await asking.answer(readings.marks(span))


@router.get(
    "/children/{child_id}/results", summary="Read results", response_model=ResultAnswer, responses=ANSWERS
)
async def read_results(asking: Asking) -> Response:
    """Read term, year and exam results of the present school year, by subject."""
    return await asking.answer(readings.results())


@router.get(
    "/children/{child_id}/homework", summary="Read homework", response_model=HomeworkAnswer, responses=ANSWERS
)
async def read_homework(asking: Asking, span: InSpan) -> Response:
    """Read what is due in a span, by due date."""
    return await asking.answer(readings.homework(span))


@router.get(
    "/children/{child_id}/attendance",
    summary="Read attendance",
    response_model=AttendanceAnswer,
    responses=ANSWERS,
)
async def read_attendance(asking: Asking, span: InSpan) -> Response:
    """Read what was missed or entered late in a span, oldest first; presence is not listed."""
    return await asking.answer(readings.attendance(span))


@router.get("/children/{child_id}/terms", summary="Read terms", response_model=TermAnswer, responses=ANSWERS)
async def read_terms(asking: Asking) -> Response:
    """Read how the school cuts the present school year."""
    return await asking.answer(readings.terms())


@router.get(
    "/children/{child_id}/calendar",
    summary="Read the calendar",
    response_model=CalendarAnswer,
    responses=ANSWERS,
)
async def read_calendar(asking: Asking, span: InSpan) -> Response:
    """Read holidays, vacations and moved days of a span, oldest first; ordinary days are not listed."""
    return await asking.answer(readings.calendar(span))


@router.get("/children/{child_id}/bells", summary="Read bells", response_model=BellAnswer, responses=ANSWERS)
async def read_bells(
    asking: Asking,
    on: Annotated[
        AnyDay,
        Query(description="The day; the school's present one unless given.", examples=["2026-09-16"]),
    ] = None,
) -> Response:
    """Read the bell times of one day, by number."""
    day = on or await asking.school.today(asking.asked, Kind.BELLS)
    return await asking.answer(readings.bells(day))
