"""The route of what was done with an account."""

from __future__ import annotations

from fastapi import APIRouter

from diary_api.accounts.door import AccountManager
from diary_api.documentation import problems
from diary_api.events.schemas import Events
from diary_api.gateway import Running
from diary_api.paging import Cursor, Limit

router = APIRouter(prefix="/v1", tags=["accounts"])


@router.get(
    "/me/events",
    summary="List what was done with your account",
    responses=problems("not_signed_in", "scope_missing", "invalid_input"),
)
async def list_events(
    gateway: Running,
    caller: AccountManager,
    *,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Events:
    """List sign-ins and failed ones, tokens, links, grants, exports and notices, newest first.

    Each is written together with what it tells of. Look here when something was not you.
    """
    return await gateway.events.page(caller.account_id, cursor=cursor, most=limit)
