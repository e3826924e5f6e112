"""The gateway as an ASGI application."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from diary_api import documentation, logs, problems
from diary_api.absences.examples import ABSENCES
from diary_api.averages.examples import AVERAGES
from diary_api.class_standing.examples import CLASS_STANDING
from diary_api.clock import Clock, system_clock
from diary_api.connections.examples import LINKING
from diary_api.family_today.examples import EXAMPLES as FAMILY_TODAY
from diary_api.gateway import open_gateway
from diary_api.grants.examples import GRANTS
from diary_api.hot.layer import HotLayer
from diary_api.metrics import Metrics
from diary_api.middleware.admission import Admission
from diary_api.middleware.edge import AddressLimit, Edge, WholeBody
from diary_api.middleware.rates import RequestRates
from diary_api.middleware.waiting import Waiting
from diary_api.misspelt import warn_of_misspelt
from diary_api.routes import ROUTES, by_name
from diary_api.school.examples import EXAMPLES
from diary_api.settings import Settings, read_settings
from diary_api.status.examples import STATUS
from diary_api.traces import Traced, sending, traces_of
from diary_api.web.plugin_routes import include_plugin_routes
from diary_core.plugins import Plugins, installed, load

_EXAMPLES = {
    **EXAMPLES,
    **FAMILY_TODAY,
    **AVERAGES,
    **CLASS_STANDING,
    **ABSENCES,
    **GRANTS,
    **LINKING,
    **STATUS,
}
"""Good answers of every package, by the name of the operation."""


def create_app(settings: Settings, *, plugins: Plugins | None = None, clock: Clock | None = None) -> FastAPI:
    """Build the application; nothing is opened before its lifespan begins.

    Args:
        settings: Everything an operator can set.
        plugins: What to serve; the installed ones, less those switched off, unless given.
        clock: What time it is; the system's unless given.

    Raises:
        PluginBroken: An installed plugin cannot be loaded.
        Misconfigured: Traces are wanted, and the package for them is not installed.
    """
    metrics, traces = Metrics(), traces_of(settings)
    brought = plugins or load(installed(), switched_off=settings.plugins_off)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        observers = () if traces is None else (traces.call,)
        async with (
            sending(traces),
            open_gateway(settings, brought, clock or system_clock, metrics, observers=observers) as gateway,
        ):
            app.state.gateway = gateway
            yield

    app = FastAPI(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=by_name,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # its spans would hold addresses
    )
    app.state.settings = settings
    app.openapi = documentation.describe(app, _EXAMPLES)
    problems.install(app)
    app.add_middleware(AddressLimit, limit_bytes=settings.address_limit_bytes)
    app.add_middleware(Waiting, limit=settings.request_timeout)
    app.add_middleware(Admission, places=settings.requests_at_once, patience=settings.queue_patience)
    app.add_middleware(WholeBody, limit_bytes=settings.body_limit_bytes)
    app.add_middleware(HotLayer)
    app.add_middleware(
        RequestRates,
        per_s_of_account=settings.requests_per_s_of_account,
        per_s_of_address=settings.requests_per_s_of_address,
    )
    app.add_middleware(Edge, metrics=metrics, https=settings.browser_is_safe)
    if traces is not None:
        app.add_middleware(Traced, traces=traces)
    app.router.routes.extend(ROUTES.routes)
    include_plugin_routes(app, brought)
    return app


def from_environment() -> FastAPI:
    """Build the application from environment variables.

    For servers that start several processes: `uvicorn --factory diary_api.app:from_environment`.
    """
    settings = read_settings()
    logs.configure(settings)
    warn_of_misspelt(os.environ)
    return create_app(settings)
