"""Routes of children, and of what a paper diary holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from diary_api.accounts.door import DiaryReader
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.school import digests, readings
from diary_api.school.asking import ANSWERS, Asking, InSpan, answers
from diary_api.school.readings import Kind
from diary_api.school.schemas import (
    AttendanceAnswer,
    AttendanceSummaryAnswer,
    BellAnswer,
    CalendarAnswer,
    Children,
    ChildShown,
    DayAnswer,
    DebtAnswer,
    MarkAnswer,
    ResultAnswer,
    TermAnswer,
    YearAnswer,
)
from diary_api.school.spans import AnyDay, week_of
from diary_api.school.term_choice import OfTerm

router = APIRouter(prefix="/v1", tags=["children"])

_DOOR = ("not_signed_in", "scope_missing")


@router.get("/children", summary="List children", responses=problems(*_DOOR))
async def list_children(gateway: Running, caller: DiaryReader) -> Children:
    """List every child of the family, through every linked diary, then those other parents let you see.

    A child two diaries know is listed once for each: their ids differ. A diary that could not tell its
    children when it was linked is asked again.
    """
    await gateway.meetings.meet(caller.account_id)
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


@router.get(
    "/children/{child_id}/marks",
    summary="Read marks",
    response_model=MarkAnswer,
    responses=answers("subject_unknown"),
)
async def read_marks(
    asking: Asking,
    span: InSpan,
    subject: Annotated[
        str | SkipJsonSchema[None],
        Query(
            description="Only of this subject, by its id or its name in any letters; "
            "one without marks in the span is unknown.",
            min_length=1,
            max_length=200,
        ),
    ] = None,
) -> Response:
    """Read the marks of lessons in a span, oldest lesson first, as the school wrote them."""
    if subject is None:
        return await asking.answer(readings.marks(span))
    return asking.send(await digests.marks_of(asking.school, asking.asked, span, subject))


@router.get(
    "/children/{child_id}/marks/{mark_id}",
    summary="Read one mark",
    response_model=MarkAnswer,
    responses=answers("mark_unknown"),
)
async def read_mark(
    asking: Asking,
    mark_id: Annotated[
        str, Path(description="From `GET /v1/children/{child_id}/marks`, or of a lesson.", max_length=128)
    ],
) -> Response:
    """Read one mark with what lists leave out: who gave it and when, its comment, its earlier versions."""
    return await asking.answer(readings.mark(mark_id))


@router.get("/children/{child_id}/debts", summary="List debts", response_model=DebtAnswer, responses=ANSWERS)
async def read_debts(asking: Asking) -> Response:
    """List the marks still to be mended whose deadline has passed, the longest overdue first.

    Those of the last four months: what was owed before has become a mark.
    """
    return asking.send(await digests.debts(asking.school, asking.asked))


@router.get(
    "/children/{child_id}/years", summary="List school years", response_model=YearAnswer, responses=ANSWERS
)
async def read_years(asking: Asking) -> Response:
    """List the school years whose results the diary keeps, the latest first."""
    return await asking.answer(readings.years())


@router.get(
    "/children/{child_id}/results",
    summary="Read results",
    response_model=ResultAnswer,
    responses=answers("year_unknown"),
)
async def read_results(
    asking: Asking,
    year: Annotated[
        str | SkipJsonSchema[None],
        Query(
            description="Id of a school year, from `GET /v1/children/{child_id}/years`; "
            "the present one unless given.",
            min_length=1,
            max_length=100,
        ),
    ] = None,
) -> Response:
    """Read term, year and exam results of a school year, by subject."""
    return await asking.answer(readings.results(year))


@router.get(
    "/children/{child_id}/attendance",
    summary="Read attendance",
    response_model=AttendanceAnswer,
    responses=ANSWERS,
)
async def read_attendance(asking: Asking, span: InSpan) -> Response:
    """Read what was missed or entered late in a span, oldest first; presence is not listed."""
    return await asking.answer(readings.attendance(span))


@router.get(
    "/children/{child_id}/attendance/summary",
    summary="Sum up attendance",
    response_model=AttendanceSummaryAnswer,
    responses=answers("term_unknown"),
)
async def sum_up_attendance(asking: Asking, term: OfTerm = None) -> Response:
    """Read how many lessons were missed or entered late in a term: in all, and by subject."""
    return asking.send(await digests.attendance_summary(asking.school, asking.asked, term))


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
