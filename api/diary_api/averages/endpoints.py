"""Routes of averages, progress and forecasts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from diary_api.averages.schemas import (
    AverageAnswer,
    ForecastAnswer,
    ProgressAnswer,
    SubjectWord,
    UpFrom,
    Weight,
    WhatIfAnswer,
    WhatIfAsked,
)
from diary_api.averages.service import Aim, Within
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.school.asking import READ_CODES, Asking, OfChild, answers
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.term_choice import OfTerm
from diary_core.model import ForecastMark, WhatIf

router = APIRouter(prefix="/v1", tags=["children"])

_OF_SUBJECT = Query(description="Id of a subject, or its name in any letters.", examples=["Алгебра"])


async def within_of(
    term: OfTerm = None,
    rounds_up_from: Annotated[
        UpFrom,
        Query(
            description="The fraction from which the school rounds up, when you know better than the diary: "
            "with 0.6 an average of 4.6 makes a five.",
            examples=["0.6"],
        ),
    ] = None,
) -> Within:
    """Read over which term is averaged, and how it is rounded."""
    return Within(term, rounds_up_from)


WithinTerm = Annotated[Within, Depends(within_of)]


async def aim_of(
    *,
    subject: Annotated[SubjectWord, _OF_SUBJECT],
    target: Annotated[int, Query(ge=1, le=100, description="The wanted term mark.", examples=[5])],
    weights: Annotated[
        tuple[Weight, ...],
        Query(max_length=10, description="Weights of future marks, instead of those seen so far."),
    ] = (),
    lessons_left: Annotated[
        int | SkipJsonSchema[None],
        Query(ge=0, le=1000, description="How many marks may come, instead of the lessons in the timetable."),
    ] = None,
) -> Aim:
    """Read what a forecast is asked for."""
    return Aim(subject, Decimal(target), weights, lessons_left)


ForAim = Annotated[Aim, Depends(aim_of)]


@router.get(
    "/children/{child_id}/averages",
    summary="Read averages",
    response_model=AverageAnswer,
    responses=answers("term_unknown"),
)
async def read_averages(gateway: Running, asking: Asking, within: WithinTerm) -> Response:
    """Read the average of every subject in a term, by name of the subject.

    Reckoned exactly from the marks, with the rule, the marks that counted and the mark it would make;
    `upstream` is the diary's own figure, and `disagreement` says why they differ, when they do.
    """
    return asking.send(await gateway.averages.averages(asking.asked, within))


@router.get(
    "/children/{child_id}/progress",
    summary="Read progress",
    response_model=ProgressAnswer,
    responses=answers("term_unknown", "subject_unknown"),
)
async def read_progress(
    gateway: Running,
    asking: Asking,
    within: WithinTerm,
    subject: Annotated[SubjectWord | SkipJsonSchema[None], _OF_SUBJECT] = None,
) -> Response:
    """Read how the averages of a term came about, day by day, ready to plot: all subjects, or one.

    `trend` sets the last three marks against those before them.
    """
    return asking.send(await gateway.averages.progress(asking.asked, within, subject))


@router.get(
    "/children/{child_id}/forecast",
    summary="Ask for a forecast",
    response_model=ForecastAnswer,
    responses=answers("term_unknown", "subject_unknown", "scale_unknown"),
)
async def read_forecast(gateway: Running, asking: Asking, within: WithinTerm, aim: ForAim) -> Response:
    """Ask what is needed for a term mark: the cheapest sets of future marks, or that it is impossible.

    A set costs its number of marks, then their sum; each weight has ways of its own, and the first way is
    the cheapest of all. Each lesson left may bring one mark; where the diary does not tell its timetable to
    the end of the term, `lessons_left` is null and nothing bounds the ways.
    """
    return asking.send(await gateway.averages.forecast(asking.asked, within, aim))


@router.post(
    "/children/{child_id}/what-if",
    summary="Ask what if",
    response_model=WhatIfAnswer,
    responses=problems(*READ_CODES, "term_unknown", "subject_unknown", "scale_unknown"),
)
async def ask_what_if(asked: OfChild, gateway: Running, thought: WhatIfAsked) -> DiaryAnswer[WhatIf]:
    """Ask what an average becomes if such marks are given; nothing is stored."""
    return await gateway.averages.what_if(
        asked,
        Within(thought.term, thought.rounds_up_from),
        thought.subject,
        [ForecastMark(value=mark.value, weight=mark.weight, count=mark.count) for mark in thought.marks],
    )
