"""Routes of what surrounds lessons: the school, its news and talks, gates, meals and signatures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.school import readings
from diary_api.school.asking import ANSWERS, READ_CODES, AboutChild, Asking, InSpan
from diary_api.school.schemas import (
    AnnouncementAnswer,
    EventAnswer,
    MealAccountAnswer,
    MealAnswer,
    MessageAnswer,
    RemarkAnswer,
    SchoolAnswer,
    SignatureAnswer,
    StudyPlanAnswer,
    ThreadAnswer,
    VisitAnswer,
)
from diary_api.school.spans import Day
from diary_core.model import WeekSignature

router = APIRouter(prefix="/v1", tags=["children"])


@router.get(
    "/children/{child_id}/school", summary="Read the school", response_model=SchoolAnswer, responses=ANSWERS
)
async def read_school(asking: Asking) -> Response:
    """Read the one school of the enrolment, with its people."""
    return await asking.answer(readings.school())


@router.get(
    "/children/{child_id}/study-plan",
    summary="Read the study plan",
    response_model=StudyPlanAnswer,
    responses=ANSWERS,
)
async def read_study_plan(asking: Asking) -> Response:
    """Read the study plan of the child's class: subjects, hours, the profile of the senior years."""
    return await asking.answer(readings.study_plan())


@router.get(
    "/children/{child_id}/announcements",
    summary="Read announcements",
    response_model=AnnouncementAnswer,
    responses=ANSWERS,
)
async def read_announcements(asking: Asking, span: InSpan) -> Response:
    """Read news of the class, the school and the city in a span, newest first."""
    return await asking.answer(readings.announcements(span))


@router.get(
    "/children/{child_id}/events", summary="Read events", response_model=EventAnswer, responses=ANSWERS
)
async def read_events(asking: Asking, span: InSpan) -> Response:
    """Read parents' meetings, competitions and other events of a span, by start."""
    return await asking.answer(readings.events(span))


@router.get(
    "/children/{child_id}/remarks", summary="Read remarks", response_model=RemarkAnswer, responses=ANSWERS
)
async def read_remarks(asking: Asking, span: InSpan) -> Response:
    """Read teachers' remarks of a span, oldest first.

    A diary that tells them lesson by lesson keeps to the last weeks of a long span: `partial` names `older`.
    """
    return await asking.answer(readings.remarks(span))


@router.get(
    "/children/{child_id}/threads",
    summary="List conversations",
    response_model=ThreadAnswer,
    responses=ANSWERS,
)
async def read_threads(asking: Asking) -> Response:
    """List conversations with school staff and other parents, the latest first."""
    return await asking.answer(readings.threads())


@router.get(
    "/children/{child_id}/threads/{thread_id}/messages",
    summary="Read a conversation",
    response_model=MessageAnswer,
    responses=ANSWERS,
)
async def read_messages(
    asking: Asking,
    thread_id: Annotated[
        str, Path(description="From `GET /v1/children/{child_id}/threads`.", max_length=128)
    ],
) -> Response:
    """Read one conversation, oldest message first."""
    return await asking.answer(readings.messages(thread_id))


@router.get(
    "/children/{child_id}/visits", summary="Read visits", response_model=VisitAnswer, responses=ANSWERS
)
async def read_visits(asking: Asking, span: InSpan) -> Response:
    """Read passes through the school's turnstiles in a span, oldest first."""
    return await asking.answer(readings.visits(span))


@router.get("/children/{child_id}/meals", summary="Read meals", response_model=MealAnswer, responses=ANSWERS)
async def read_meals(asking: Asking, span: InSpan) -> Response:
    """Read movements on the canteen account in a span, oldest first."""
    return await asking.answer(readings.meals(span))


@router.get(
    "/children/{child_id}/meals/account",
    summary="Read the canteen account",
    response_model=MealAccountAnswer,
    responses=ANSWERS,
)
async def read_meal_account(asking: Asking) -> Response:
    """Read the balance; there are no items when the child has no canteen account."""
    return await asking.answer(readings.meal_account())


@router.get(
    "/children/{child_id}/signatures",
    summary="Read signatures",
    response_model=SignatureAnswer,
    responses=ANSWERS,
)
async def read_signatures(asking: Asking, span: InSpan) -> Response:
    """Read which weeks of a span the parent has signed, oldest first."""
    return await asking.answer(readings.signatures(span))


@router.put(
    "/children/{child_id}/signatures/{week}",
    summary="Sign a week",
    responses=problems(*READ_CODES, "week_ahead"),
)
async def sign_week(
    week: Annotated[Day, Path(description="Its Monday.", examples=["2026-09-14"])],
    gateway: Running,
    asked: AboutChild,
) -> WeekSignature:
    """Confirm that a parent has read a week; signing twice is signing once.

    Only the child's own parent may, never by a grant; a diary takes it from legal representatives alone.
    """
    return await gateway.signing.sign(asked, week)
