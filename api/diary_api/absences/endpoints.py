"""Routes of notices of absence."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from diary_api.absences.schemas import NewAbsence, Notice, Notices, ReasonAnswer, ToldNotices
from diary_api.absences.states import NoticeState
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.idempotency import OnceOnly
from diary_api.school import readings
from diary_api.school.asking import ANSWERS, READ_CODES, AboutChild, Asking, InSpan, OfChild

router = APIRouter(prefix="/v1", tags=["absence notices"])

_DOOR = ("not_signed_in", "scope_missing", "child_unknown", "right_missing", "invalid_input")
_ONE = (*_DOOR, "absence_notice_unknown")
_WRITTEN = (
    "parent_must_act",
    "login_required",
    "not_permitted",
    "not_supported",
    "absence_in_past",
    "conflict",
)


@router.get(
    "/children/{child_id}/absence-notices/reasons",
    summary="Read the reasons for an absence",
    response_model=ReasonAnswer,
    responses=ANSWERS,
)
async def read_absence_reasons(asking: Asking) -> Response:
    """Read the reasons a parent may give, in the diary's order."""
    return await asking.answer(readings.absence_reasons())


@router.get(
    "/children/{child_id}/absence-notices",
    summary="List notices of absence",
    responses=problems(*READ_CODES),
)
async def list_absence_notices(gateway: Running, asked: OfChild, span: InSpan) -> Notices:
    """List what was told about days of a span, and how far each has come; also while the diary is down.

    What was told on the diary's own site, or by another parent, stands in `elsewhere`.
    """
    return await gateway.absences.list(asked, span)


@router.post(
    "/children/{child_id}/absence-notices",
    status_code=202,
    summary="Tell of an absence",
    responses=problems(
        *_DOOR,
        *_WRITTEN,
        "absence_overlaps",
        "absence_reason_unknown",
        "absence_refused",
        "lesson_unknown",
        "span_reversed",
    )
    | {201: {"model": ToldNotices, "description": "The diary has all of it"}},
)
async def tell_absence(
    new: NewAbsence, gateway: Running, asked: AboutChild, once: OnceOnly, response: Response
) -> ToldNotices:
    """Tell the school that the child will be away: for whole days, or for lessons of one day.

    What is accepted is delivered exactly once, whatever breaks in between.
    When the diary answers in time, the answer is 201 and each notice `delivered`; otherwise 202, and the
    gateway goes on by itself: `GET` the notice to see how far it has come.
    Days of a span without lessons are left out.
    """
    told = await gateway.absences.tell(asked, new, once)
    if all(notice.state is NoticeState.DELIVERED for notice in told.items):
        response.status_code = 201
    return told


@router.get(
    "/children/{child_id}/absence-notices/{notice_id}",
    summary="Show a notice of absence",
    responses=problems(*_ONE),
)
async def show_absence_notice(notice_id: str, gateway: Running, asked: OfChild) -> Notice:
    """Show how far a notice has come, with the diary's receipt, or why it was refused."""
    return await gateway.absences.one(asked, notice_id)


@router.delete(
    "/children/{child_id}/absence-notices/{notice_id}",
    status_code=202,
    summary="Withdraw a notice of absence",
    responses=problems(*_ONE, *_WRITTEN, "absence_refused")
    | {200: {"model": Notice, "description": "It is taken back"}},
)
async def withdraw_absence_notice(
    notice_id: str, gateway: Running, asked: AboutChild, response: Response
) -> Notice:
    """Take a notice back; one that has not reached the diary yet never will.

    What was told on the diary's own site is taken back by the id it has in `elsewhere`.

    The answer is 200 when it is done, and 202 while the diary has not confirmed it.
    """
    notice = await gateway.absences.withdraw(asked, notice_id)
    if notice.state is NoticeState.WITHDRAWN:
        response.status_code = 200
    return notice
