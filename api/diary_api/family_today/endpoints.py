"""The route of a family's day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from diary_api.accounts.door import DiaryReader
from diary_api.changes.endpoints import Cursor
from diary_api.documentation import problems
from diary_api.family_today.schemas import FamilyDay
from diary_api.gateway import Running

router = APIRouter(prefix="/v1", tags=["children"])


@router.get(
    "/family/today",
    summary="Look at the family's day",
    responses=problems("not_signed_in", "scope_missing", "invalid_input"),
)
async def look_at_today(
    gateway: Running,
    caller: DiaryReader,
    after: Annotated[
        Cursor, Query(description="The `cursor` of the last look: what changed since then is told.")
    ] = None,
) -> FamilyDay:
    """Look at every child of the family through every linked diary, with what needs a parent now.

    Lessons of today and the next school day, homework, debts, absences to explain, weeks to sign, meetings,
    and what changed since the last look. Each part comes or fails by itself: a diary that is slow or down
    delays and hides nothing of the others.
    """
    return await gateway.family_today.of(caller.account_id, None if after is None else int(after))
