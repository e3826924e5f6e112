"""Whether the gateway is alive, and whether it can work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from diary_api.documentation import problems
from diary_api.gateway import Gateway, Running
from diary_api.serving.drain import Draining
from diary_core.errors import GatewayBusy

router = APIRouter(tags=["service"])


Standing = Literal["ok", "down"]


class Health(BaseModel):
    """How the gateway is."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    status: Literal["ok", "not_ready", "draining"]
    """`draining`: it has been told to stop, still answers, and wants the next request elsewhere."""
    database: Standing | None = None
    """Whether it answers; null where it was not asked, as the two below."""
    migrations: Standing | None = None
    """`down` while the database lacks a migration; one that a newer version has made is no trouble."""
    keys: Standing | None = None
    """Whether they open the database."""
    plugins: tuple[str, ...] = ()
    """Names of the loaded plugins."""


@router.get("/healthz", summary="Is it alive", responses=problems())
async def healthz() -> Health:
    """Tell that the process answers, and ask nothing else: restart it when this is silent for a minute."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Can it work",
    responses={503: {"model": Health, "description": "Not ready"}} | problems(),
)
async def readyz(gateway: Running, drain: Draining, response: Response) -> Health:
    """Tell whether the database answers and fits, and which plugins are loaded.

    While it is 503, send requests elsewhere; that is no reason to restart the process.
    """
    health = Health(status="draining") if drain.begun else await _looked_at(gateway)
    response.status_code = 200 if health.status == "ok" else 503
    return health.model_copy(update={"plugins": gateway.plugins.names})


async def _looked_at(gateway: Gateway) -> Health:
    try:
        found = await gateway.readiness.look()
    except (GatewayBusy, SQLAlchemyError, OSError):
        return Health(status="not_ready", database="down")
    return Health(
        status="ok" if found.shaped and found.opens else "not_ready",
        database="ok",
        migrations="ok" if found.shaped else "down",
        keys="ok" if found.opens else "down",
    )
