"""The route of what was done with an account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic.json_schema import SkipJsonSchema

from diary_api.accounts.door import AccountManager
from diary_api.documentation import problems
from diary_api.events.schemas import Events
from diary_api.gateway import Running

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
    cursor: Annotated[
        str | SkipJsonSchema[None], Query(description="The `next` of the page before.", max_length=64)
    ] = None,
    limit: Annotated[int, Query(description="So many at most.", ge=1, le=500)] = 100,
) -> Events:
    """List sign-ins and failed ones, tokens, links, grants, exports and notices, newest first.

    Each is written together with what it tells of. Look here when something was not you.
    """
    return await gateway.events.page(caller.account_id, cursor=cursor, most=limit)
