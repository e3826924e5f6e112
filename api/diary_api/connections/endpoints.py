"""Routes of connections and of their sign-ins."""

from __future__ import annotations

from fastapi import APIRouter

from diary_api.accounts.door import ConnectionManager, ConnectionReader
from diary_api.connections.schemas import Connection, Connections, NewConnection, SignInAgain, StepReply
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.idempotency import OnceOnly

router = APIRouter(prefix="/v1", tags=["connections"])

_DOOR = ("not_signed_in", "scope_missing")
_DIARY = ("region_down", "region_slow", "region_busy", "region_maintenance", "region_changed")
_SIGN_IN = (
    "wrong_credentials",
    "wrong_code",
    "code_expired",
    "sign_in_locked",
    "captcha_required",
    "second_factor_required",
    "not_enough_data",
    "no_diary_account",
    "sign_in_expired",
    "sign_in_mismatch",
    "token_refused",
)


@router.post(
    "/connections",
    status_code=201,
    summary="Link a diary",
    responses=problems(
        *_DOOR,
        "invalid_input",
        "region_unknown",
        "provider_unknown",
        "instance_unknown",
        "method_unknown",
        "region_not_served",
        "instance_retired",
        "conflict",
        *_DIARY,
    ),
)
async def link_diary(
    new: NewConnection, gateway: Running, caller: ConnectionManager, once: OnceOnly
) -> Connection:
    """Link a diary: begin to sign in to it.

    Go on with the `pending` step until there is none: fill in a form, type a code, make a choice through
    `POST /v1/connections/{connection_id}/steps`, or open a `redirect` in the parent's browser and read the
    connection again when it has come back. The state is then `active` and the children are there.
    Diary passwords and codes pass through and are not stored.
    """
    return await gateway.replays.once(
        once,
        Connection,
        lambda keep: gateway.linked.create(caller.account_id, new, keep),
        account_id=caller.account_id,
    )


@router.get("/connections", summary="List linked diaries", responses=problems(*_DOOR))
async def list_connections(gateway: Running, caller: ConnectionReader) -> Connections:
    """List the diaries of your account, each with its state and how its last run went."""
    return Connections(items=await gateway.linked.list(caller.account_id))


@router.get(
    "/connections/{connection_id}",
    summary="Show a linked diary",
    responses=problems(*_DOOR, "connection_unknown"),
)
async def show_connection(connection_id: str, gateway: Running, caller: ConnectionReader) -> Connection:
    """Show one linked diary, and the step its sign-in waits for."""
    return await gateway.linked.show(caller.account_id, connection_id)


@router.post(
    "/connections/{connection_id}/steps",
    summary="Answer a step",
    responses=problems(*_DOOR, "invalid_input", "connection_unknown", "conflict", *_SIGN_IN, *_DIARY),
)
async def answer_step(
    connection_id: str, reply: StepReply, gateway: Running, caller: ConnectionManager
) -> Connection:
    """Answer the step that waits, and get the connection with the next one.

    When the diary is in trouble the same step waits again. After any other failure this sign-in is over:
    do what the remedy says and begin anew with `POST /v1/connections/{connection_id}/sign-in`.
    """
    return await gateway.linked.answer(caller.account_id, connection_id, reply)


@router.post(
    "/connections/{connection_id}/sign-in",
    summary="Sign in again",
    responses=problems(
        *_DOOR, "connection_unknown", "method_unknown", "instance_retired", "conflict", *_DIARY
    ),
)
async def sign_in_again(
    connection_id: str, again: SignInAgain, gateway: Running, caller: ConnectionManager
) -> Connection:
    """Begin a new sign-in to the same diary, after the old session has ended, a sign-in failed, or by wish.

    The connection, its children and their ids stay as they are; an unfinished sign-in is dropped.
    """
    return await gateway.linked.sign_in_again(caller.account_id, connection_id, again.method)


@router.delete(
    "/connections/{connection_id}/sign-in",
    status_code=204,
    summary="Drop an unfinished sign-in",
    responses=problems(*_DOOR, "connection_unknown"),
)
async def drop_sign_in(connection_id: str, gateway: Running, caller: ConnectionManager) -> None:
    """Drop a half-finished sign-in; what was linked before goes on working."""
    await gateway.linked.drop_sign_in(caller.account_id, connection_id)


@router.post(
    "/connections/{connection_id}/refresh",
    summary="Ask the diary anew",
    responses=problems(*_DOOR, "connection_unknown", "login_required", "connection_revoked", *_DIARY),
)
async def refresh_connection(connection_id: str, gateway: Running, caller: ConnectionManager) -> Connection:
    """Ask the diary who is there, also when the last run has failed: new children appear, left ones go."""
    return await gateway.linked.refresh(caller.account_id, connection_id)


@router.delete(
    "/connections/{connection_id}",
    status_code=204,
    summary="Unlink a diary",
    responses=problems(*_DOOR, "connection_unknown"),
)
async def unlink_diary(connection_id: str, gateway: Running, caller: ConnectionManager) -> None:
    """Withdraw the link: secrets, names and all that was read are erased, the session upstream is ended.

    The connection stays in the list as `revoked`; linking it again gives its children their old ids.
    """
    await gateway.linked.revoke(caller.account_id, connection_id)
