"""As much of ЕСИА as a test of the client needs: it answers as it is told.

By default it signs tokens with RS256 and believes us, which is quick;
with `gost` it signs with GOST and checks our signatures.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.plugins.gosuslugi.parties import (
    NOW,
    OID,
    Party,
    access_claims,
    gost_token,
    header,
    id_claims,
    rsa_token,
    sample,
    unbase64url,
)

HOST = "https://esia.gosuslugi.ru"
CODE = "eyJhbGciOiJub25lIn0.a-code-canary.x"
STATE = "3c0f2a9e-6b1d-4f57-9a3e-1d2c4b6a8f90"
Body = dict[str, object] | str


@dataclass
class Esia:
    """One invented person behind the protocol, v2/ac and v3/te."""

    ours: Party
    key: Party
    """What it signs with, given `gost`."""
    gost: bool = False
    level: str | None = "PR"
    oid: object = OID
    granted: str | None = None
    """Scopes the person consented to; all that were asked unless set."""
    expires_in: object = 3600
    token_changes: dict[str, object] = field(default_factory=dict[str, object])
    """Replaced in the answer of the token endpoint; None leaves a field out."""
    answers: dict[str, tuple[int, Body]] = field(default_factory=dict[str, tuple[int, Body]])
    """Status and body by path, instead of the usual ones."""
    pages: dict[str, Body] = field(default_factory=dict[str, Body])
    """What REST shows, by the path below `/rs/prns/{oid}`."""
    calls: list[str] = field(default_factory=list[str])
    """Paths asked for, with their query, in order."""
    forms: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """What was posted."""
    tokens: set[str] = field(default_factory=set[str])
    now: datetime = NOW
    stuck_at: str = ""
    """A path that never answers."""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/aas/oauth2/v3/te", self._token, methods=["POST"]),
                Route("/aas/oauth2/te", self._token, methods=["POST"]),
                Route("/rs/prns/{path:path}", self._rest),
            ]
        )

    def authorized(self, url: str) -> dict[str, str]:
        """Check what a browser was sent with, and return the query it comes back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert self._signed(query, last="")
        return {"code": CODE, "state": query["state"]}

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), strict_parsing=True))
        self.forms.append(form)
        await self._hang(request)
        self.calls.append(request.url.path)
        if request.url.path in self.answers:
            return _answer(*self.answers[request.url.path])
        if not self._signed(form, last=form.get("code", "")):
            return _answer(400, {"error": "access_denied", "error_description": "ESIA-007053: x"})
        scope = self.granted or form["scope"]
        access = self._made("access", access_claims(self.now, scope=scope, oid=self.oid))
        self.tokens.add(access)
        claims = id_claims(self.now, level=self.level, oid=self.oid)
        body: dict[str, object] = {
            "access_token": access,
            "id_token": self._made("id", claims),
            "refresh_token": "a-refresh-canary",
            "state": form["state"],
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            **self.token_changes,
        }
        return JSONResponse({name: value for name, value in body.items() if value is not None})

    async def _rest(self, request: Request) -> Response:
        self.calls.append(f"{request.url.path}?{request.url.query}".rstrip("?"))
        await self._hang(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _answer(401, {"code": "ESIA-005011", "message": "x"})
        if request.url.path in self.answers:
            return _answer(*self.answers[request.url.path])
        path = request.url.path.removeprefix(f"/rs/prns/{self.oid}")
        if path not in self.pages:
            return _answer(403, {"code": "ESIA-005012", "message": "x"})
        return _answer(200, self.pages[path])

    async def _hang(self, request: Request) -> None:
        if request.url.path == self.stuck_at:
            await asyncio.sleep(3600)

    def _made(self, kind: str, claims: dict[str, object]) -> str:
        if self.gost:
            return gost_token(header(kind), claims, self.key.key)
        return rsa_token(header(kind, "RS256"), claims)

    def _signed(self, given: dict[str, str], *, last: str) -> bool:
        if not self.gost:
            return "client_secret" in given
        names = ("client_id", "scope", "timestamp", "state", "redirect_uri")
        text = "".join(given[name] for name in names) + last
        if given.get("client_certificate_hash") != self.ours.certificate.hash:
            return False
        return self.ours.certificate.verifies(text.encode(), unbase64url(given["client_secret"]))


def parent_pages() -> dict[str, Body]:
    """The published confirmed parent with two children."""
    return {
        "": sample("prns_parent_confirmed"),
        "/kids": sample("kids"),
        "/ctts": sample("ctts"),
        "/docs": sample("docs"),
    }


def _answer(status: int, body: Body) -> Response:
    if isinstance(body, str):
        return Response(body, status, media_type="text/html")
    return JSONResponse(body, status)
