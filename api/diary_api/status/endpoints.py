"""Routes of the status; open to anyone."""

from __future__ import annotations

from fastapi import APIRouter

from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.status.schemas import Status

router = APIRouter(tags=["service"])


@router.get("/v1/status", summary="See whose trouble it is", responses=problems())
async def show_status(gateway: Running) -> Status:
    """Tell how the gateway, Gosuslugi and every diary that was called lately do, since when, with figures.

    Needs no account; the same answer serves everybody for a few seconds.
    """
    return await gateway.statuses.tell()
