"""Routes a parent's browser takes to the diary and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_api.connections.browser import REMEMBERED, Standing
from diary_api.connections.browser_pages import confirm_page, one_more_step_page, outcome_page
from diary_api.connections.flow import new_secret
from diary_api.connections.schemas import CameBack
from diary_api.connections.states import State
from diary_api.documentation import PAGE, SENT_ON, problems
from diary_api.gateway import Gateway, Running
from diary_api.identities.schemas import IdentityCameBack
from diary_api.middleware.client_address import client_of
from diary_api.problems import problem_response
from diary_api.web.pages import failure_page, wants_data, wants_page
from diary_core.errors import CodeExpired, DiaryError, SignInExpired, SignInMismatch

router = APIRouter(prefix="/v1", tags=["connections"])

Ticket = Annotated[str, Path(description="As given in a `redirect` step.")]
Confirmation = Annotated[str, Query(description="Given by the page before.")]


@router.get(
    "/sign-ins/{ticket}",
    summary="Open a redirect step",
    response_class=Response,
    responses={200: {"description": "A page that asks to confirm", "content": dict(PAGE)}, 303: dict(SENT_ON)}
    | problems("sign_in_expired", "sign_in_mismatch", pages=True),
)
async def open_sign_in(ticket: Ticket, request: Request, gateway: Running) -> Response:
    """Show, in the parent's browser, which account is linking which diary; a click there goes to the diary.

    A program that plays the browser asks for `Accept: application/json` and no HTML:
    it gets the cookie and is sent to the diary at once. No link can make a browser ask so.
    """
    browser = _browser_of(request, gateway) or new_secret()
    try:
        invitation = await gateway.browsers.invite(ticket, browser)
        if wants_data(request):
            url = await gateway.browsers.go(ticket, browser, invitation.confirmation)
            return _remembered(RedirectResponse(url, 303), browser, gateway)
        answer = await confirm_page(gateway, invitation)
    except DiaryError as error:
        return await _refused(request, gateway, error, ticket)
    return _remembered(answer, browser, gateway)


@router.get(
    "/sign-ins/{ticket}/go",
    summary="Go to the diary",
    status_code=303,
    response_class=Response,
    responses={303: dict(SENT_ON)} | problems("sign_in_expired", "sign_in_mismatch", pages=True),
)
async def go_to_diary(
    ticket: Ticket, request: Request, gateway: Running, confirmation: Confirmation = ""
) -> Response:
    """Bind the sign-in to this browser and send it to the diary; only the page before can lead here."""
    try:
        browser = _expected_browser(request, gateway)
        url = await gateway.browsers.go(ticket, browser, confirmation)
    except DiaryError as error:
        return await _refused(request, gateway, error, ticket)
    return _remembered(RedirectResponse(url, 303), browser, gateway)


@router.get(
    "/sign-ins/{ticket}/again",
    summary="Try a failed sign-in again",
    status_code=303,
    response_class=Response,
    responses={303: dict(SENT_ON)}
    | problems("sign_in_expired", "sign_in_mismatch", "too_many_requests", pages=True),
)
async def try_again(
    ticket: Ticket, request: Request, gateway: Running, confirmation: Confirmation = ""
) -> Response:
    """Begin a sign-in anew in the browser it has failed in; only the page that said so can lead here."""
    try:
        browser = _expected_browser(request, gateway)
        client = client_of(request)
        again = await gateway.browsers.again(ticket, browser, confirmation, client)
    except DiaryError as error:
        return await _failed(request, gateway, error, ticket)
    if again is None:
        return one_more_step_page(())
    return _remembered(RedirectResponse(f"/v1/sign-ins/{again}", 303), browser, gateway)


@router.get(
    "/callback",
    summary="Come back from the diary",
    response_class=Response,
    responses={
        200: {
            "description": "Signed in, or one more step to take",
            "content": dict(PAGE),
            "model": CameBack | IdentityCameBack,
        },
        303: dict(SENT_ON),
    }
    | problems(
        "sign_in_mismatch",
        "sign_in_expired",
        "consent_refused",
        "code_expired",
        "not_enough_data",
        "no_diary_account",
        "region_down",
        pages=True,
    ),
)
async def callback(
    request: Request,
    gateway: Running,
    state: Annotated[
        str | SkipJsonSchema[None], Query(description="As the gateway has sent it along.")
    ] = None,
) -> Response:
    """Take the parent's browser back from the diary; the rest of the query is the diary's own.

    The state works once, for ten minutes, in the browser that was sent, and in no other.
    A browser is sent on to a page it may reload and come back to; anyone else is answered with JSON at once.
    """
    browser = _browser_of(request, gateway)
    try:
        standing = await gateway.browsers.come_back(dict(request.query_params), browser)
        if not wants_page(request):
            return await _told(gateway, standing)
    except DiaryError as error:
        return await _refused(request, gateway, error, await gateway.browsers.ticket_of(state, browser))
    if standing.goes_on_in_browser:
        return RedirectResponse(f"/v1/sign-ins/{standing.flow.ticket}", 303)
    return _to_outcome(standing.flow.ticket)


@router.get(
    "/sign-ins/{ticket}/outcome",
    summary="See what came of a redirect",
    response_class=Response,
    responses={
        200: {
            "description": "Signed in, or one more step to take",
            "content": dict(PAGE),
            "model": CameBack | IdentityCameBack,
        },
        303: dict(SENT_ON),
    }
    | problems("sign_in_expired", "sign_in_mismatch", "child_left_school", "conflict", pages=True),
)
async def outcome(ticket: Ticket, request: Request, gateway: Running) -> Response:
    """Tell the browser that came back how far its sign-in has come, as often as it asks within the hour."""
    browser = _browser_of(request, gateway)
    try:
        standing = await gateway.browsers.standing(ticket, browser)
        return await (outcome_page if wants_page(request) else _told)(gateway, standing)
    except DiaryError as error:
        return await _failed(request, gateway, error, ticket)


def _to_outcome(ticket: str) -> Response:
    return RedirectResponse(f"/v1/sign-ins/{ticket}/outcome", 303)


async def _refused(request: Request, gateway: Gateway, error: DiaryError, ticket: str | None) -> Response:
    """Answer a failure; a browser that comes too late for a step is sent to what came of it."""
    too_late = isinstance(error, SignInExpired) and wants_page(request)
    if ticket and too_late and await gateway.browsers.took_part(ticket, _browser_of(request, gateway)):
        return _to_outcome(ticket)
    return await _failed(request, gateway, error, ticket)


async def _failed(request: Request, gateway: Gateway, error: DiaryError, ticket: str | None) -> Response:
    """Answer a failure, with a button wherever the same browser may try again."""
    if not wants_page(request):
        return problem_response(request, error)
    browser = _browser_of(request, gateway)
    if ticket and browser and await gateway.browsers.may_try_again(ticket, browser):
        confirmation = gateway.browsers.confirmation(browser, ticket)
        again_url = f"/v1/sign-ins/{ticket}/again?confirmation={confirmation}"
        if isinstance(error, CodeExpired) and await gateway.browsers.is_spent(ticket, browser):
            return RedirectResponse(again_url, 303)
        return failure_page(request, error, again_url)
    return failure_page(request, error)


async def _told(gateway: Gateway, standing: Standing) -> Response:
    """Return the outcome for a program."""
    if standing.connection is None:
        told = await gateway.proofs.came_back(standing.row)
    else:
        told = CameBack(
            connection_id=standing.connection.id,
            state=State(standing.connection.state),
            next_step=standing.flow.step.step if standing.row.phase != "finished" else None,
        )
    return JSONResponse(told.model_dump(mode="json"))


def _cookie(gateway: Gateway) -> str:
    return "__Host-diary-browser" if gateway.settings.browser_is_safe else "diary-browser"


def _browser_of(request: Request, gateway: Gateway) -> str | None:
    secret = request.cookies.get(_cookie(gateway), "")
    return secret if len(secret) == 43 else None


def _expected_browser(request: Request, gateway: Gateway) -> str:
    browser = _browser_of(request, gateway)
    if browser is None:
        raise SignInMismatch("the browser has not kept our cookie")
    return browser


def _remembered(answer: Response, browser: str, gateway: Gateway) -> Response:
    """Give the browser a secret of its own, for as long as it is told what came of its sign-in."""
    answer.set_cookie(
        _cookie(gateway),
        browser,
        max_age=int((gateway.settings.sign_in_lifetime + REMEMBERED).total_seconds()),
        path="/",
        httponly=True,
        secure=gateway.settings.browser_is_safe,
        samesite="lax",  # the way back from the diary is a navigation from another site
    )
    return answer
