"""Traces of requests and of the calls they make, where an operator wants them; otherwise nothing is loaded.

A span has the route's template, the status and the code of the problem; of a call the server, the host and
how it went. Never a path, a query, a header, a body, an id or an error's text.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.settings import Settings
from diary_core.errors import Misconfigured
from diary_core.http import Call

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

_STANDARD: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Where the standard says that a collector is named."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLOSING_MS: Final = 5_000
"""How long the last spans may take to reach a collector when the gateway ends."""


class Traces:
    """The traces of one gateway.

    Args:
        provider: Where spans go.
        from_outside: Whether a caller's `traceparent` is gone on with.
    """

    def __init__(self, provider: TracerProvider, *, from_outside: bool) -> None:
        from opentelemetry import trace  # noqa: PLC0415  only who wants traces needs the package
        from opentelemetry.trace.propagation import tracecontext  # noqa: PLC0415  as above

        self._provider = provider
        self._tracer = provider.get_tracer("diary_api")
        self._trace = trace
        self._w3c = tracecontext.TraceContextTextMapPropagator() if from_outside else None

    def call(self, call: Call) -> None:
        """Write a span of a call to a server that has just ended."""
        ended = time.time_ns()
        told: dict[str, str | int] = {
            "diary.instance": call.instance,
            "diary.outcome": call.outcome,
            "diary.attempts": call.attempts,
            "http.request.method": call.method,
        }
        if call.host is not None:
            told["server.address"] = call.host
        if call.status is not None:
            told["http.response.status_code"] = call.status
        span = self._tracer.start_span(
            f"call {call.instance}",
            kind=self._trace.SpanKind.CLIENT,
            attributes=told,
            start_time=ended - round(call.seconds * 1e9),
        )
        if call.outcome != "ok":
            span.set_status(self._trace.StatusCode.ERROR)
        span.end(ended)

    async def request(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request be answered inside a span."""
        status = 0

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        span = self._tracer.start_span(
            "request", context=self._parent(scope), kind=self._trace.SpanKind.SERVER
        )
        trace_id = f"{span.get_span_context().trace_id:032x}"
        try:
            with (
                self._trace.use_span(span, record_exception=False, set_status_on_exception=False),
                structlog.contextvars.bound_contextvars(trace_id=trace_id),
            ):
                await app(scope, receive, send_and_see)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
            route = getattr(scope.get("route"), "path_format", None) or "unknown"
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": status,
                    "diary.outcome": scope.get("diary.outcome", "ok"),
                }
            )
            if status >= 500 or not status:
                span.set_status(self._trace.StatusCode.ERROR)
            span.end()

    async def close(self) -> None:
        """Send what is left, within some seconds."""
        await asyncio.to_thread(self._provider.force_flush, _CLOSING_MS)
        await asyncio.to_thread(self._provider.shutdown)

    def _parent(self, scope: Scope) -> Context:
        """Return what the span goes on with: nothing of a stranger's unless the operator trusts it."""
        from opentelemetry.context import Context  # noqa: PLC0415  as above

        headers = Headers(scope=scope)
        if self._w3c is None or "traceparent" not in headers:
            return Context()
        return self._w3c.extract({"traceparent": headers["traceparent"]}, Context())


class Traced:
    """Answers each request inside a span, whose id stands in the log lines."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app = app
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            await self._traces.request(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def traces_of(settings: Settings) -> Traces | None:
    """Return where traces go; None unless an operator has named a collector.

    Raises:
        Misconfigured: One is named, and the package that speaks to it is not installed.
    """
    if settings.traces_url is None and not any(os.environ.get(name) for name in _STANDARD):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415  only who names a collector needs the package
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415  as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "traces need the extra `traces`: pip install 'diary-api[traces]'", field="traces_url"
        ) from error
    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "diary-gateway")}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.traces_url)))
    return Traces(provider, from_outside=settings.traces_from_outside)


@asynccontextmanager
async def sending(traces: Traces | None) -> AsyncGenerator[None]:
    """Send spans while the block runs, and what is left at its end."""
    try:
        yield
    finally:
        if traces is not None:
            await traces.close()
