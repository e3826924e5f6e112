"""Routes of grants: the parent's side, and the trusted person's."""

from __future__ import annotations

from fastapi import APIRouter

from diary_api.accounts.door import DiaryReader, GrantGiver, GrantManager
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.grants.schemas import (
    Acceptance,
    Grant,
    Grants,
    GrantUses,
    HeldGrant,
    HeldGrants,
    InvitedGrant,
    NarrowedGrant,
    NewGrant,
)
from diary_api.idempotency import OnceOnly
from diary_api.paging import Cursor, Limit

router = APIRouter(prefix="/v1", tags=["grants"])

_DOOR = ("not_signed_in", "scope_missing")
_OF_CHILD = (*_DOOR, "child_unknown")
_OF_GRANT = (*_OF_CHILD, "grant_unknown")


@router.post(
    "/children/{child_id}/grants",
    status_code=201,
    summary="Invite a trusted person",
    responses=problems(*_OF_CHILD, "invalid_input", "conflict"),
)
async def invite(
    child_id: str, new: NewGrant, gateway: Running, caller: GrantGiver, once: OnceOnly
) -> InvitedGrant:
    """Invite a grandmother or a nanny to read about one child: only what you choose, only until you say.

    Send her the `link`, and tell her the `code` in another way; whoever has only one of them gets nowhere.
    The invitation is accepted once, lives for some days, and dies after a few wrong codes.
    """
    return await gateway.replays.once(
        once,
        InvitedGrant,
        lambda keep: gateway.grants.invite(caller.account_id, child_id, new, keep),
        account_id=caller.account_id,
    )


@router.get("/children/{child_id}/grants", summary="List whom you let read", responses=problems(*_OF_CHILD))
async def list_grants(child_id: str, gateway: Running, caller: GrantManager) -> Grants:
    """List the invitations and grants on one child of yours, newest first, each with its state."""
    return Grants(items=await gateway.grants.list(caller.account_id, child_id))


@router.patch(
    "/children/{child_id}/grants/{grant_id}",
    summary="Narrow a grant",
    responses=problems(*_OF_GRANT, "invalid_input", "grant_widened", "conflict"),
)
async def narrow_grant(
    child_id: str, grant_id: str, changed: NarrowedGrant, gateway: Running, caller: GrantManager
) -> Grant:
    """Shorten a grant, take rights from it, or rename it; it holds at once.

    To open more, or for longer, invite her anew: the new grant replaces this one when she accepts it.
    """
    return await gateway.grants.narrow(caller.account_id, child_id, grant_id, changed)


@router.delete(
    "/children/{child_id}/grants/{grant_id}",
    status_code=204,
    summary="Revoke a grant",
    responses=problems(*_OF_GRANT),
)
async def revoke_grant(child_id: str, grant_id: str, gateway: Running, caller: GrantManager) -> None:
    """Take a grant or an invitation back; nothing more is shown to her from this moment on.

    It stays in the list as `revoked`, with what it was used for.
    """
    await gateway.grants.revoke(caller.account_id, child_id, grant_id)


@router.get(
    "/children/{child_id}/grants/{grant_id}/uses",
    summary="See what was read",
    responses=problems(*_OF_GRANT, "invalid_input"),
)
async def list_uses(
    child_id: str,
    grant_id: str,
    gateway: Running,
    caller: GrantManager,
    *,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> GrantUses:
    """List what she has asked for, allowed or refused, newest first, counted by the hour.

    It tells which part of the diary and when, never what stood in it.
    """
    return await gateway.grants.uses(caller.account_id, child_id, grant_id, cursor=cursor, most=limit)


@router.post(
    "/grants/accept",
    summary="Accept an invitation",
    responses=problems(
        *_DOOR, "invalid_input", "invitation_refused", "own_invitation", "too_many_requests", "conflict"
    ),
)
async def accept_invitation(
    given: Acceptance, gateway: Running, caller: GrantManager, once: OnceOnly
) -> HeldGrant:
    """Accept an invitation into your own account; the child then stands among your children, as `granted`.

    The answer does not tell whether the link or the code was wrong.
    A newer grant to the same child replaces the one you had.
    """
    return await gateway.replays.once(
        once,
        HeldGrant,
        lambda keep: gateway.grants.accept(caller.account_id, given, keep),
        account_id=caller.account_id,
    )


@router.get("/me/grants", summary="List what you may read", responses=problems(*_DOOR))
async def list_held_grants(gateway: Running, caller: DiaryReader) -> HeldGrants:
    """List what parents let you see, of which child and until when."""
    return HeldGrants(items=await gateway.grants.held(caller.account_id))


@router.delete(
    "/me/grants/{grant_id}",
    status_code=204,
    summary="Give a grant back",
    responses=problems(*_DOOR, "grant_unknown"),
)
async def give_back_grant(grant_id: str, gateway: Running, caller: GrantManager) -> None:
    """Give back what a parent has let you see; a new invitation is needed to see it again."""
    await gateway.grants.give_back(caller.account_id, grant_id)
