"""Routes of the log of changes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic.json_schema import SkipJsonSchema

from diary_api.accounts.door import DiaryReader
from diary_api.accounts.keys import Caller
from diary_api.changes.schemas import ChangePage
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.serving.drain import Draining

router = APIRouter(prefix="/v1", tags=["changes"])

_DOOR = ("not_signed_in", "scope_missing", "invalid_input")
Cursor = Annotated[str | SkipJsonSchema[None], Query(pattern=r"^[0-9]{1,18}$", examples=["42"])]


@router.get("/changes", summary="List changes", responses=problems(*_DOOR, "child_unknown"))
async def list_changes(
    gateway: Running,
    caller: DiaryReader,
    after: Annotated[
        Cursor, Query(description="A `cursor` got before; from the beginning unless given.")
    ] = None,
    limit: Annotated[int, Query(description="So many at most.", ge=1, le=500)] = 100,
    child_id: Annotated[
        str | SkipJsonSchema[None], Query(description="Only of one child.", max_length=64)
    ] = None,
) -> ChangePage:
    """List what appeared, changed or vanished in the family's diaries, in the order it was seen.

    Marks, homework, lessons, absences and announcements, as they were before and as they are after.
    What a diary held when it was first read is no news. The log only grows: a cursor stays good.
    """
    if child_id is not None:
        await gateway.family.child(caller.account_id, child_id)
    return await gateway.changes.page(
        caller.account_id, after=int(after or 0), limit=limit, child_id=child_id
    )


async def follower(gateway: Running, caller: DiaryReader) -> AsyncGenerator[Caller]:
    """Return who follows; counted for as long as the stream lasts."""
    with gateway.changes.streams.one(caller.account_id):
        yield caller


@router.get(
    "/changes/stream",
    summary="Follow changes",
    responses=problems(*_DOOR, "too_many_requests"),
    response_class=EventSourceResponse,
)
async def follow_changes(
    gateway: Running,
    caller: Annotated[Caller, Depends(follower)],
    drain: Draining,
    after: Annotated[Cursor, Query(description="A `cursor` got before; from now on unless given.")] = None,
    last_event_id: Annotated[
        str | SkipJsonSchema[None],
        Header(
            description="What a browser sends when it comes back; wins over `after`.",
            pattern=r"^[0-9]{1,18}$",
        ),
    ] = None,
) -> AsyncGenerator[ServerSentEvent]:
    """Follow the log as server-sent events: each is a `change` whose id is a cursor.

    The stream ends when the session or token that opened it does, and when the server is restarted:
    come back with the last id. An account has ten of them at most.
    """
    known = last_event_id or after
    start = int(known) if known else await gateway.changes.latest(caller.account_id)
    async for changes in drain.until_ending(gateway.changes.follow(caller.account_id, start)):
        if not await gateway.accounts.keys.still_admits(caller):
            return
        for change in changes:
            yield ServerSentEvent(id=change.id, event="change", data=change)
