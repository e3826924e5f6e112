"""The edge of the gateway, as plain ASGI: request ids, the access log, security headers, limits of size."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.ids import new_id
from diary_api.logs import fault
from diary_api.metrics import Metrics
from diary_api.problems import AddressTooLong, BodyTooLarge, problem_response
from diary_api.web.pages import failure_page, wants_page
from diary_core.errors import DiaryError, Unexpected

log = structlog.stdlib.get_logger(__name__)
_access = logging.getLogger(__name__)
"""Below `log`: asked first whether anybody wants its lines, because every request writes one."""

_Header: TypeAlias = tuple[bytes, bytes]
_GUARDS: tuple[_Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""On every answer, unless it has its own."""
_GUARDS_OF_DOCUMENTS: tuple[_Header, ...] = (
    *_GUARDS,
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"x-permitted-cross-domain-policies", b"none"),
)
"""On whatever is not JSON, of which no browser makes a document with rights of its own.

Source: OWASP Secure Headers Project, "Best Practices"; OWASP REST Security Cheat Sheet, "Security Headers".
"""
_JSON = (b"application/json", b"application/problem+json")
_BODY = frozenset({b"content-length", b"transfer-encoding"})
_BY_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class Edge:
    """Gives each request an id, each answer its headers, each call a line in the log, each fault a problem.

    The log has the route's template, never the address: ids and queries stay out of it.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, https: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._always = (_BY_HTTPS_ONLY,) if https else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id("req")
        scope["diary.request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *_guards(message["headers"]),
                    *self._always,
                ]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            log.error("a fault of ours", **fault(error))  # noqa: TRY400  a traceback quotes data
            if status:
                raise
            await _refusal(Request(scope), Unexpected())(scope, receive, send_with_headers)
        finally:
            self._tell(scope, status, time.perf_counter() - started)
            structlog.contextvars.reset_contextvars(**bound)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        """Log and count a request that is over."""
        route = getattr(scope.get("route"), "path_format", None) or "unknown"
        method, outcome = scope["method"], scope.get("diary.outcome", "ok")
        self._metrics.request(route=route, method=method, status=status, outcome=outcome, seconds=seconds)
        if _access.isEnabledFor(logging.INFO):
            log.info(
                "request",
                route=route,
                method=method,
                status=status,
                outcome=outcome,
                ms=round(seconds * 1000, 1),
            )


def _guards(headers: Sequence[_Header]) -> Iterator[_Header]:
    """Yield the security headers that an answer with these headers lacks."""
    own = dict(headers)
    is_json = own.get(b"content-type", b"").startswith(_JSON)
    for guard in _GUARDS if is_json else _GUARDS_OF_DOCUMENTS:
        if guard[0] not in own:
            yield guard


def _refusal(request: Request, error: DiaryError) -> Response:
    """Answer before or after any route could, in the form its reader can read."""
    in_browser = request.url.path.startswith(("/v1/sign-ins/", "/v1/callback"))
    answer = failure_page if in_browser and wants_page(request) else problem_response
    return answer(request, error)


class AddressLimit:
    """Refuses a request whose address is longer than allowed, before anything reads it.

    Gosuslugi's codes alone have some 1300 characters, so the limit is a few times that.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            path: bytes = scope.get("raw_path") or scope["path"].encode()
            if len(path) + len(scope["query_string"]) > self._limit_bytes:
                await _refusal(Request(scope), AddressTooLong())(scope, receive, send)
                return
        await self._app(scope, receive, send)


class WholeBody:
    """Lets a request in when its body has come whole, and refuses one that is too large.

    By what it says and by what it sends. So a body that does not come holds no place of those who have said
    all, and one that comes late queues like everybody else.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or _has_no_body(scope):
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._limit_bytes:
            await problem_response(Request(scope), BodyTooLarge())(scope, receive, send)
            return
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                scope["diary.outcome"] = "left"
                return
            body += message.get("body", b"")
            if len(body) > self._limit_bytes:
                await problem_response(Request(scope), BodyTooLarge())(scope, receive, send)
                return
            more = message.get("more_body", False)
        await self._app(scope, _telling(bytes(body), receive), send)


def _has_no_body(scope: Scope) -> bool:
    return scope["method"] in {"GET", "HEAD"} and not any(name in _BODY for name, _ in scope["headers"])


def _telling(body: bytes, receive: Receive) -> Receive:
    """Tell a body at once, and then whatever comes after it."""
    told = False

    async def tell() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return tell


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
