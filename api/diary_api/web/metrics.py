"""The figures, to whoever watches the gateway."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated

from fastapi import APIRouter, Header
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.pool import QueuePool
from starlette.responses import Response

from diary_api.absences.repository import waiting
from diary_api.gateway import Gateway, Running
from diary_core.errors import GatewayBusy, NotFound, NotSignedIn

router = APIRouter(tags=["service"])


@router.get("/metrics", include_in_schema=False)
async def metrics(gateway: Running, authorization: Annotated[str, Header()] = "") -> Response:
    """Give every figure of this process in Prometheus' text format.

    Raises:
        NotFound: The operator has set no token for it.
        NotSignedIn: Another token was sent, or none.
    """
    _check(gateway, authorization)
    await _measure(gateway)
    return Response(gateway.metrics.written(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _check(gateway: Gateway, authorization: str) -> None:
    token = gateway.settings.metrics_token
    if token is None:
        raise NotFound("there is nothing here")
    wanted = f"Bearer {token.get_secret_value()}"
    if not hmac.compare_digest(wanted.encode(), authorization.encode()):
        raise NotSignedIn("the token of the metrics was not sent")


async def _measure(gateway: Gateway) -> None:
    """Read what is not counted as it happens; a database in trouble leaves its figures as they were."""
    figures, storage = gateway.metrics, gateway.storage
    figures.under_way.labels("streams").set(gateway.changes.streams.under_way)
    figures.under_way.labels("tasks").set(len(asyncio.all_tasks()))
    pools = {engine.pool for engine in (storage.engine, storage.readers)}
    figures.database_connections.set(sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool)))
    try:
        async with storage.reading() as session:
            figures.waiting.labels("absences").set(await waiting(session))
    except GatewayBusy:  # told by the log and by readyz
        return
