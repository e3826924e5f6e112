"""Routes that prove who a parent is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from diary_api.accounts.door import AccountManager
from diary_api.accounts.schemas import Account, IssuedKey, NewAccount
from diary_api.documentation import PAGE, SENT_ON, problems
from diary_api.gateway import Running
from diary_api.identities.schemas import NewProof, OpenSession, ProofBegun, SignInBegun, SignOut
from diary_api.middleware.client_address import client_of
from diary_api.web.pages import failure_page, page, wants_page
from diary_core.errors import DiaryError

router = APIRouter(prefix="/v1", tags=["identities"])

Service = Annotated[str, Path(max_length=64, description="Such as `gosuslugi`.", examples=["gosuslugi"])]
_DOOR = ("not_signed_in", "scope_missing")
_SERVICE = ("provider_unknown", "identity_service_down", "misconfigured")


@router.post(
    "/sign-in/{service}",
    status_code=201,
    summary="Sign in through an identity service",
    responses=problems("too_many_requests", *_SERVICE),
    openapi_extra={"security": []},
)
async def begin_sign_in(service: Service, request: Request, gateway: Running) -> SignInBegun:
    """Begin to sign in to the gateway through Gosuslugi; a person without an account gets one.

    Open the `redirect` in the parent's browser. It ends with a short code:
    send it with the `key` to `POST /v1/sign-in/{service}/session`.
    An account is found by the person's id at the service, never by e-mail or name.
    """
    return await gateway.proofs.begin_to_enter(service, client_of(request))


@router.post(
    "/sign-in/{service}/session",
    status_code=201,
    summary="Open the session of such a sign-in",
    responses=problems("conflict", "wrong_code", "sign_in_expired"),
    openapi_extra={"security": []},
)
async def open_session(service: Service, given: OpenSession, request: Request, gateway: Running) -> IssuedKey:
    """Open a session with the key the sign-in was begun with and the code the browser has shown.

    Works once, for ten minutes, and takes five codes at most.
    """
    return await gateway.proofs.redeem(service, given, client_of(request))


@router.get(
    "/sign-in/{service}/sign-out",
    summary="Sign out of an identity service",
    response_class=Response,
    responses={200: {"description": "Where to send the browser", "model": SignOut}, 303: dict(SENT_ON)}
    | problems("provider_unknown", "misconfigured", "not_supported", pages=True),
    openapi_extra={"security": []},
)
async def sign_out(service: Service, request: Request, gateway: Running) -> Response:
    """Lead a browser to where its session at Gosuslugi ends; tell a program the address.

    Ending the session of the gateway leaves the one at the service open: whoever sits down at a shared
    computer next would be let in unasked. Afterwards the browser is shown a page that says it is done.
    """
    try:
        url = gateway.proofs.sign_out_url(service)
    except DiaryError as error:
        if not wants_page(request):
            raise
        return failure_page(request, error)
    if wants_page(request):
        return RedirectResponse(url, 303)
    return JSONResponse(SignOut(url=url).model_dump())


@router.get(
    "/sign-in/{service}/signed-out",
    summary="Come back signed out",
    response_class=HTMLResponse,
    responses={200: {"description": "A page that says so", "content": dict(PAGE)}}
    | problems("provider_unknown"),
    openapi_extra={"security": []},
)
async def signed_out(service: Service, gateway: Running) -> HTMLResponse:
    """Tell whoever comes back from the service that the computer may be left to the next one."""
    return page("signed_out", service=gateway.proofs.title(service))


@router.post(
    "/me/identities",
    status_code=201,
    summary="Prove who you are",
    responses=problems(*_DOOR, "too_many_requests", *_SERVICE),
)
async def prove_identity(new: NewProof, gateway: Running, caller: AccountManager) -> ProofBegun:
    """Begin to prove who owns your account; open the `redirect` in your browser.

    From then on a diary is linked only to the person it belongs to, and you may sign in by that service.
    Nobody is asked to: an account without a proven identity links diaries as before.
    """
    return await gateway.proofs.begin_to_prove(new.provider, caller.account_id)


@router.delete(
    "/me/identities/{identity_id}",
    status_code=204,
    summary="Remove an identity",
    responses=problems(*_DOOR, "not_found", "conflict"),
)
async def forget_identity(identity_id: str, gateway: Running, caller: AccountManager) -> None:
    """Remove an identity from your account; linked diaries stay, as `unproven`.

    The last way into an account cannot be removed.
    """
    await gateway.identities.forget(caller.account_id, identity_id)


@router.put(
    "/me/password",
    summary="Add an e-mail and a password",
    responses=problems(*_DOOR, "account_exists", "conflict"),
)
async def add_password(new: NewAccount, gateway: Running, caller: AccountManager) -> Account:
    """Give an account that was made by an identity service a second way in."""
    return await gateway.accounts.add_password(caller.account_id, new)
