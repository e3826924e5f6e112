"""Route of the requests that were sent for a parent."""

from __future__ import annotations

from fastapi import APIRouter

from diary_api.accounts.door import SignedIn
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.upstream_calls.schemas import CallsOfDay

router = APIRouter(prefix="/v1/me", tags=["accounts"])


@router.get(
    "/upstream-calls",
    summary="See how many requests were sent for you today",
    responses=problems("not_signed_in"),
)
async def show_upstream_calls(gateway: Running, caller: SignedIn) -> CallsOfDay:
    """Tell how many requests to diaries were sent for you today, by Moscow's clock, diary by diary.

    Each attempt counts: your own reading, what trusted people read, and what the gateway looks at by itself.
    What other processes of the gateway have sent is told a second later at most.
    """
    return await gateway.upstream_calls.today(caller.account_id)
