"""Breaks answers on their way out, as the faults in force say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.state import SandboxState

CONNECTION = "sandbox.connection"
"""Key of the scope's state under which the server leaves the transport, so that it can be cut."""

_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>SANDBOX</title></head>
<body><h1>SANDBOX</h1><div class="error__description"><h2>{title}</h2><p>{text}</p></div></body></html>
"""
_DRIPS = 20
_CHUNK = b" " * 65_536
_PROGRAM = (
    b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00SANDBOX: no program, it only begins like one"
)


class FaultMiddleware:
    """Counts the requests of one emulated host and lets faults strike them. Pure ASGI."""

    def __init__(self, app: ASGIApp, state: SandboxState, host: str) -> None:
        """Stand in front of a host's application."""
        self._app = app
        self._state = state
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, broken or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        self._state.count_request(self._host, f"{scope['method']} {path}")
        strikes = self._state.faults.strike(self._host, path)
        for fault in strikes:
            if fault.kind is FaultKind.LATENCY:
                await asyncio.sleep(fault.delay_s)
        fatal = next((fault for fault in strikes if fault.kind is not FaultKind.LATENCY), None)
        if fatal is None:
            await self._app(scope, receive, send)
        elif fatal.kind in _INSTEAD:
            await self._instead(fatal, scope, receive, send)
        else:
            answer = _Recorded()
            await self._app(scope, receive, answer)
            if fatal.kind is FaultKind.LOST_ANSWER:
                await _cut(scope, receive)
            elif fatal.kind is FaultKind.PADDED:
                await _send_padded(fatal.size, answer, send)
            else:
                await _spoil(fatal, answer, send)

    async def _instead(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer without asking the host at all."""
        if fault.kind is FaultKind.DROP:
            await _cut(scope, receive)
        elif fault.kind is FaultKind.OVERSIZE:
            await _send_oversize(fault.size, send)
        elif fault.kind is FaultKind.EMPTY:
            await _send_whole(send, 200, "application/json", b"")
        elif fault.kind is FaultKind.HTML:
            page = _PAGE.format(title="Технические работы", text="SANDBOX: мы скоро вернёмся")
            await _send_whole(send, 200, "text/html; charset=utf-8", page.encode())
        else:
            more = [(b"retry-after", fault.retry_after.encode())] if fault.retry_after else []
            body = fault.body
            if body is None:
                body = _PAGE.format(title=str(fault.status), text="SANDBOX: сбой по заказу")
            await _send_whole(send, fault.status, fault.content_type, body.encode(), more)


_INSTEAD = frozenset({FaultKind.STATUS, FaultKind.HTML, FaultKind.DROP, FaultKind.EMPTY, FaultKind.OVERSIZE})


@dataclass(slots=True)
class _Recorded:
    """Takes an application's answer instead of the client."""

    status: int = 500
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""

    async def __call__(self, message: Message) -> None:
        """Take one message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message.get("headers", ())
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


async def _cut(scope: Scope, receive: Receive) -> None:
    """Cut the connection without an answer."""
    transport: asyncio.Transport = scope["state"][CONNECTION]
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass  # whatever of the request had already arrived


async def _spoil(fault: Fault, answer: _Recorded, send: Send) -> None:
    body = answer.body
    if fault.kind is FaultKind.TRUNCATED_JSON:
        body = body[: len(body) // 2]
    elif fault.kind is FaultKind.MALFORMED_JSON:
        body = b"{," + body[1:]
    elif fault.kind is FaultKind.DISGUISED:
        body = _PROGRAM
    kept = _without_length(answer)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": answer.status, "headers": [*kept, length]})
    if fault.kind is not FaultKind.SLOW_DRIP:
        await send({"type": "http.response.body", "body": body})
        return
    step = max(1, -(-len(body) // _DRIPS))
    for start in range(0, len(body), step):
        await asyncio.sleep(fault.delay_s / _DRIPS)
        await send({"type": "http.response.body", "body": body[start : start + step], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send_whole(
    send: Send,
    status: int,
    content_type: str,
    body: bytes,
    more: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _without_length(answer: _Recorded) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]


async def _send_padded(size: int, answer: _Recorded, send: Send) -> None:
    """Send an answer and blanks after it up to a size, without telling the length first."""
    await send({"type": "http.response.start", "status": answer.status, "headers": _without_length(answer)})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    await _send_blanks(size - len(answer.body), send)
    await send({"type": "http.response.body", "body": b""})


async def _send_oversize(size: int, send: Send) -> None:
    """Send a JSON array that is whitespace for as long as asked, without telling the length first."""
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"[", "more_body": True})
    await _send_blanks(size - 2, send)
    await send({"type": "http.response.body", "body": b"]"})


async def _send_blanks(left: int, send: Send) -> None:
    while left > 0:
        chunk = _CHUNK[:left]
        left -= len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
