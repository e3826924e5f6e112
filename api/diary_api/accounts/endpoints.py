"""Routes of accounts, sessions and tokens."""

from __future__ import annotations

from fastapi import APIRouter, Request

from diary_api.accounts.door import AccountManager, SignedIn
from diary_api.accounts.schemas import (
    AccessKeys,
    Account,
    ChangedPassword,
    IssuedKey,
    NewAccount,
    NewToken,
    SignIn,
)
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.idempotency import OnceOnly
from diary_api.middleware.client_address import client_of

router = APIRouter(prefix="/v1")


@router.post(
    "/accounts",
    status_code=201,
    tags=["accounts"],
    summary="Create an account",
    responses=problems("account_exists", "conflict", "too_many_requests"),
    openapi_extra={"security": []},
)
async def create_account(new: NewAccount, gateway: Running, once: OnceOnly, request: Request) -> Account:
    """Create the account of a parent; sign in next.

    The e-mail and the password are the gateway's own and open no diary.
    """
    client = client_of(request)
    return await gateway.replays.once(
        once, Account, lambda keep: gateway.accounts.create(new, client, keep), owner_of=lambda made: made.id
    )


@router.post(
    "/sessions",
    status_code=201,
    tags=["accounts"],
    summary="Sign in to the gateway",
    responses=problems("wrong_sign_in", "too_many_requests"),
)
async def create_session(given: SignIn, gateway: Running, request: Request) -> IssuedKey:
    """Open a session; its `secret` goes into the `Authorization` header of every later call."""
    return await gateway.accounts.sign_in(given, client_of(request))


@router.get(
    "/sessions",
    tags=["accounts"],
    summary="List sessions",
    responses=problems("not_signed_in", "scope_missing"),
)
async def list_sessions(gateway: Running, caller: AccountManager) -> AccessKeys:
    """List the living sessions of your account."""
    return AccessKeys(items=await gateway.accounts.keys.listed(caller, "session"))


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    tags=["accounts"],
    summary="End a session",
    responses=problems("not_signed_in", "scope_missing", "not_found"),
)
async def end_session(session_id: str, gateway: Running, caller: AccountManager) -> None:
    """End one session; `current` ends the one this request uses."""
    await gateway.accounts.keys.withdraw(caller, "session", session_id)


@router.patch(
    "/me/password",
    status_code=204,
    tags=["accounts"],
    summary="Change your password",
    responses=problems("not_signed_in", "scope_missing", "wrong_sign_in", "too_many_requests", "conflict"),
)
async def change_password(
    changed: ChangedPassword, gateway: Running, caller: AccountManager, request: Request
) -> None:
    """Change the gateway's own password; every other session ends unless you say otherwise.

    An account that was made by an identity service gets its first password by `PUT`.
    """
    await gateway.accounts.change_password(caller, changed, client_of(request))


@router.post(
    "/tokens",
    status_code=201,
    tags=["accounts"],
    summary="Issue a token",
    responses=problems("not_signed_in", "scope_missing", "conflict"),
)
async def issue_token(new: NewToken, gateway: Running, caller: AccountManager) -> IssuedKey:
    """Issue a token for a script or an app: only the rights it needs, only for as long as it needs them."""
    return await gateway.accounts.keys.issue_token(caller, new)


@router.get(
    "/tokens", tags=["accounts"], summary="List tokens", responses=problems("not_signed_in", "scope_missing")
)
async def list_tokens(gateway: Running, caller: AccountManager) -> AccessKeys:
    """List the living tokens of your account; their secrets are not kept."""
    return AccessKeys(items=await gateway.accounts.keys.listed(caller, "token"))


@router.delete(
    "/tokens/{token_id}",
    status_code=204,
    tags=["accounts"],
    summary="Revoke a token",
    responses=problems("not_signed_in", "scope_missing", "not_found"),
)
async def revoke_token(token_id: str, gateway: Running, caller: AccountManager) -> None:
    """Revoke one token; it stops working at once."""
    await gateway.accounts.keys.withdraw(caller, "token", token_id)


@router.get("/me", tags=["accounts"], summary="Show your account", responses=problems("not_signed_in"))
async def show_me(gateway: Running, caller: SignedIn) -> Account:
    """Show whose session or token this is."""
    account = await gateway.accounts.me(caller.account_id)
    return account.model_copy(update={"identities": await gateway.identities.of(caller.account_id)})
