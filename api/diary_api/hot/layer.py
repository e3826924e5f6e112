"""The layer that answers from memory, in front of the router, as plain ASGI."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diary_api.hot.answers import HotAnswer, HotAnswers, Key, Lasting
from diary_api.hot.makers import Makers
from diary_api.middleware.rates import GOOD_KEY
from diary_api.school.tags import is_known

if TYPE_CHECKING:
    from diary_api.gateway import Gateway

_LASTING = "diary.lasting"
_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding"})
_BODY_HEADERS = frozenset({b"content-length", b"content-type"})


def mark_lasting(scope: Scope, lasting: Lasting) -> None:
    """Let the answer to this request be given again to the same request."""
    scope[_LASTING] = lasting


class HotLayer:
    """Answers a request that was answered a moment ago, if nothing has been touched since.

    It stands inside whatever logs, counts and dresses, so that its answers are treated like all others, and
    before whatever a request that costs nothing does not need: a busy process gives them too.
    Of many who ask for what has just ended one makes it anew, and the others wait for that.
    A request it does not understand in full goes on to the router, which is always right.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._makers = Makers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        asked = _asked(scope)
        if asked is None:
            await self._app(scope, receive, send)
            return
        key, if_none_match = asked
        gateway: Gateway = scope["app"].state.gateway
        hot = gateway.hot
        until = self._makers.patience()
        while (found := hot.get(key, renewing=key in self._makers)) is None:
            if not await self._makers.made(key, until):
                break
        if found is not None:
            gateway.metrics.hot_hits.inc()
            scope["route"] = found.route
            scope[GOOD_KEY] = True
            await _give(found, if_none_match, send)
            return
        if self._makers.has_lasted(key):
            # the whole answer is wanted for memory, whatever this asker knows already
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"if-none-match"]
        else:
            if_none_match = None
        with self._makers.making(key):
            keeping = _Keeping(hot, self._makers, key, if_none_match=if_none_match, scope=scope, send=send)
            await self._app(scope, receive, keeping.send)


class _Keeping:
    """Passes an answer on, and keeps it when its maker has marked it as lasting.

    Args:
        hot: Where it is kept.
        makers: Told whether it lasts.
        key: The request.
        if_none_match: What its asker knows already, if the maker was not told.
        scope: Where the maker has marked the answer.
        send: To the asker.
    """

    def __init__(
        self,
        hot: HotAnswers,
        makers: Makers,
        key: Key,
        *,
        if_none_match: str | None,
        scope: Scope,
        send: Send,
    ) -> None:
        self._hot, self._makers, self._key, self._scope, self._send = hot, makers, key, scope, send
        self._ticket = hot.ticket()
        self._if_none_match = if_none_match
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._unchanged = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(self._begin(message))
            return
        if self._headers is not None:
            if not message.get("more_body"):
                self._keep(self._headers, message.get("body", b""))
            self._headers = None  # what comes in pieces is not kept
        await self._send({**message, "body": b""} if self._unchanged else message)

    def _begin(self, message: Message) -> Message:
        """Return the beginning of the answer, of one that its asker knows that it is unchanged."""
        if message["status"] != 200:
            if message["status"] != 304:
                self._makers.lasts_no_more(self._key)
            return message
        self._headers = list(message["headers"])
        etag = dict(self._headers).get(b"etag")
        self._unchanged = etag is not None and is_known(etag.decode(), self._if_none_match)
        return _unchanged(self._headers) if self._unchanged else message

    def _keep(self, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        lasting: Lasting | None = self._scope.get(_LASTING)
        etag = dict(headers).get(b"etag")
        if lasting is None or etag is None:
            self._makers.lasts_no_more(self._key)
            return
        answer = HotAnswer(body, etag.decode(), tuple(headers), self._scope.get("route"), lasting)
        if self._hot.put(self._key, self._ticket, answer):
            self._makers.lasts(self._key)
        elif not self._hot.has_room(answer):
            self._makers.lasts_no_more(self._key)  # whatever else kept it out passes


def _asked(scope: Scope) -> tuple[Key, str | None] | None:
    """Return what is asked by whom, and what is known already; None for whatever is not plainly a read."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    opened_by = if_none_match = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            if opened_by is not None:
                return None
            opened_by = value
        elif name == b"if-none-match":
            if if_none_match is not None:
                return None
            if_none_match = value.decode("latin-1")
        elif name in _OF_A_BODY:
            return None
    if opened_by is None:
        return None
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return (hashlib.sha256(opened_by).digest(), path, scope["query_string"]), if_none_match


async def _give(answer: HotAnswer, if_none_match: str | None, send: Send) -> None:
    if is_known(answer.etag, if_none_match):
        await send(_unchanged(answer.headers))
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


def _unchanged(headers: Iterable[tuple[bytes, bytes]]) -> Message:
    """Return the beginning of an answer whose asker has the body already."""
    kept = [header for header in headers if header[0] not in _BODY_HEADERS]
    return {"type": "http.response.start", "status": 304, "headers": kept}
