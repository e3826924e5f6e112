"""Routes of one's own data."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from diary_api.accounts.door import AccountManager
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.own_data.marks_csv import marks_csv
from diary_api.own_data.schemas import ErasureReceipt, Export

router = APIRouter(prefix="/v1", tags=["accounts"])

_DOOR = ("not_signed_in", "scope_missing")


@router.get("/me/export", summary="Export your data", responses=problems(*_DOOR))
async def export_me(gateway: Running, caller: AccountManager) -> Export:
    """Export everything the gateway holds of you: account, links, children, last known answers, changes.

    Secrets are left out: passwords, tokens, and what opens your diaries. No diary is asked.
    """
    return await gateway.own_data.export(caller)


@router.get(
    "/me/export/marks.csv",
    summary="Export marks as a table",
    response_class=Response,
    responses=problems(*_DOOR)
    | {200: {"description": "A table of marks", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_marks(gateway: Running, caller: AccountManager) -> Response:
    """Export every mark the gateway knows as a table for a spreadsheet, one line a mark."""
    table = marks_csv(await gateway.own_data.export(caller))
    headers = {"Content-Disposition": 'attachment; filename="marks.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.delete("/me", summary="Erase your account", responses=problems(*_DOOR))
async def erase_me(gateway: Running, caller: AccountManager) -> ErasureReceipt:
    """Erase the account and everything in it: links, children, diaries, sessions, tokens.

    There is no way back. The receipt says what was erased; no copy of it is kept.
    """
    return await gateway.own_data.erase(caller.account_id)
