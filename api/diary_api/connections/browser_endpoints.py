"""Routes a parent's browser takes to the diary and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import JSONResponse, RedirectResponse, Response

from diary_api.connections.browser import Invitation
from diary_api.connections.flow import new_secret
from diary_api.connections.schemas import CameBack
from diary_api.documentation import PAGE, problems
from diary_api.gateway import Gateway, Running
from diary_api.identities.schemas import IdentityCameBack
from diary_api.problems import problem_response
from diary_api.school.schemas import ChildShown
from diary_api.web.pages import failure_page, page, wants_data, wants_page
from diary_core.errors import DiaryError, SignInMismatch
from diary_core.model import known

router = APIRouter(prefix="/v1", tags=["connections"])

Ticket = Annotated[str, Path(description="As given in a `redirect` step.")]
Confirmation = Annotated[str, Query(description="Given by the page before.")]
_SENT_ON = {"description": "Sent on", "headers": {"Location": {"schema": {"type": "string"}}}}


@router.get(
    "/sign-ins/{ticket}",
    summary="Open a redirect step",
    response_class=Response,
    responses={200: {"description": "A page that asks to confirm", "content": dict(PAGE)}, 303: _SENT_ON}
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
        answer = await _confirm_page(gateway, invitation)
    except DiaryError as error:
        return _failure(request, error)
    return _remembered(answer, browser, gateway)


@router.get(
    "/sign-ins/{ticket}/go",
    summary="Go to the diary",
    status_code=303,
    response_class=Response,
    responses={303: _SENT_ON} | problems("sign_in_expired", "sign_in_mismatch", pages=True),
)
async def go_to_diary(
    ticket: Ticket, request: Request, gateway: Running, confirmation: Confirmation = ""
) -> Response:
    """Bind the sign-in to this browser and send it to the diary; only the page before can lead here."""
    try:
        browser = _expected_browser(request, gateway)
        url = await gateway.browsers.go(ticket, browser, confirmation)
    except DiaryError as error:
        return _failure(request, error)
    return _remembered(RedirectResponse(url, 303), browser, gateway)


@router.get(
    "/sign-ins/{ticket}/again",
    summary="Try a failed sign-in again",
    status_code=303,
    response_class=Response,
    responses={303: _SENT_ON} | problems("sign_in_expired", "sign_in_mismatch", pages=True),
)
async def try_again(
    ticket: Ticket, request: Request, gateway: Running, confirmation: Confirmation = ""
) -> Response:
    """Begin a sign-in anew in the browser it has failed in; only the page that said so can lead here."""
    try:
        browser = _expected_browser(request, gateway)
        again = await gateway.browsers.again(ticket, browser, confirmation)
    except DiaryError as error:
        return _failure(request, error)
    if again is None:
        return page("one_more_step")
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
        }
    }
    | problems(
        "invalid_input",
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
    Answers with a page to whoever asks for HTML, with JSON to anyone else.
    """
    browser = _browser_of(request, gateway)
    try:
        came_back = await gateway.browsers.come_back(dict(request.query_params), browser)
        if isinstance(came_back, IdentityCameBack):
            return _identity_page(request, gateway, came_back)
        connection = came_back
        shown = await gateway.linked.show(connection.account_id, connection.id)
    except DiaryError as error:
        return _failure(request, error, await _again_url(gateway, state, browser))
    next_step = None if shown.pending is None else shown.pending.step.step
    if not wants_page(request):
        done = CameBack(connection_id=shown.id, state=shown.state, next_step=next_step)
        return JSONResponse(done.model_dump(mode="json"))
    if next_step is not None:
        return page("one_more_step")
    children = await gateway.school.children(connection.account_id)
    return page(
        "linked",
        diary=shown.title.ru if shown.title else shown.provider,
        children=[_spoken(child) for child in children if child.connection_id == connection.id],
    )


def _spoken(child: ChildShown) -> str:
    """Return a child the way a parent knows it: first name, class, school."""
    place = child.enrolments[0]
    name, group, school = known(child.name), known(place.group), known(place.school)
    words = (
        name.first if name else child.label,
        group.name if group else None,
        (school.short_name or school.name) if school else None,
    )
    return ", ".join(word for word in words if word)


async def _again_url(gateway: Gateway, state: str | None, browser: str | None) -> str | None:
    ticket = await gateway.browsers.ticket_of(state, browser)
    if ticket is None or browser is None:
        return None
    return f"/v1/sign-ins/{ticket}/again?confirmation={gateway.browsers.confirmation(browser, ticket)}"


def _failure(request: Request, error: DiaryError, again_url: str | None = None) -> Response:
    if wants_page(request):
        return failure_page(request, error, again_url)
    return problem_response(request, error)


async def _confirm_page(gateway: Gateway, invitation: Invitation) -> Response:
    """Return the page that says what is about to happen to whose account."""
    row, connection = invitation.row, invitation.connection
    go_url = f"/v1/sign-ins/{invitation.ticket}/go?confirmation={invitation.confirmation}"
    if connection is None and row.account_id is None:
        return page("confirm_entry", service=gateway.proofs.title(row.method), go_url=go_url)
    account_id = connection.account_id if connection else row.account_id or ""
    account = await gateway.accounts.me(account_id)
    veiled = _veiled(account.email) if account.email else f"без почты, создан {account.created_at:%d.%m.%Y}"
    if connection is None:
        return page("confirm_proof", service=gateway.proofs.title(row.method), account=veiled, go_url=go_url)
    diary = gateway.diaries.server(connection).instance.title.ru
    return page("confirm", diary=diary, account=veiled, go_url=go_url)


def _identity_page(request: Request, gateway: Gateway, done: IdentityCameBack) -> Response:
    if not wants_page(request):
        return JSONResponse(done.model_dump(mode="json"))
    if done.code is None:
        return page("proven")
    minutes = int(gateway.settings.sign_in_lifetime.total_seconds() // 60)
    return page("entered", code=done.code, minutes=minutes)


def _veiled(email: str) -> str:
    """Return an e-mail its owner knows again and nobody else learns."""
    name, _, host = email.partition("@")
    return f"{name[:2] if len(name) > 3 else name[:1]}•••@{host}"


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
    """Give the browser a secret of its own, for as long as a sign-in may take."""
    answer.set_cookie(
        _cookie(gateway),
        browser,
        max_age=int(gateway.settings.sign_in_lifetime.total_seconds()),
        path="/",
        httponly=True,
        secure=gateway.settings.browser_is_safe,
        samesite="lax",  # the way back from the diary is a navigation from another site
    )
    return answer
