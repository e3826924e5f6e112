"""Whether the gateway is alive, and whether it can work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.serving.drain import Draining
from diary_core.errors import GatewayBusy

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """How the gateway is."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    status: Literal["ok", "not_ready", "draining"]
    """`draining`: it has been told to stop, still answers, and wants the next request elsewhere."""
    database: Literal["ok", "down"] | None = None
    """Null where it was not asked."""
    plugins: tuple[str, ...] = ()
    """Names of the loaded plugins."""


@router.get("/healthz", summary="Is it alive", responses=problems())
async def healthz() -> Health:
    """Tell that the process answers; nothing else is asked."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Can it work",
    responses={503: {"model": Health, "description": "Not ready"}} | problems(),
)
async def readyz(gateway: Running, drain: Draining, response: Response) -> Health:
    """Tell whether the database answers, and which plugins are loaded."""
    if drain.begun:
        response.status_code = 503
        return Health(status="draining", plugins=gateway.plugins.names)
    try:
        database: Literal["ok", "down"] = "ok" if await gateway.storage.ready() else "down"
    except (GatewayBusy, SQLAlchemyError, OSError):
        database = "down"
    response.status_code = 200 if database == "ok" else 503
    return Health(
        status="ok" if database == "ok" else "not_ready", database=database, plugins=gateway.plugins.names
    )
