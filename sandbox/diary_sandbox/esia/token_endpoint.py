"""`/aas/oauth2/v3/te` and the legacy `/aas/oauth2/te`: a code or a refresh token becomes tokens."""

import base64
import hashlib
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from diary_sandbox.esia.pages import Pages
from diary_sandbox.esia.refusals import Refused
from diary_sandbox.esia.settings import ordered_refusal, settings
from diary_sandbox.esia.sign_ins import SignIns
from diary_sandbox.esia.signed_request import Generation, Parameters, Proof, posted, prove
from diary_sandbox.esia.systems import System, Systems
from diary_sandbox.esia.tokens import Grant, Tokens
from diary_sandbox.state import SandboxState

_MANDATORY = ("client_id", "client_secret", "grant_type", "redirect_uri", "state", "timestamp", "token_type")


class TokenEndpoint:
    """The two token endpoints. A refusal is 400 with JSON, or a page when the settings say so."""

    def __init__(self, state: SandboxState, pages: Pages) -> None:
        """Serve a sandbox."""
        self._state = state
        self._pages = pages
        self._systems = Systems(state)
        self._sign_ins = SignIns(state)
        self._tokens = Tokens(state)

    async def current(self, request: Request) -> Response:
        """Answer `/aas/oauth2/v3/te`."""
        return await self._serve(request, Generation.CURRENT)

    async def legacy(self, request: Request) -> Response:
        """Answer `/aas/oauth2/te`."""
        return await self._serve(request, Generation.LEGACY)

    async def _serve(self, request: Request, generation: Generation) -> Response:
        given = Parameters()
        try:
            given = await posted(request)
            return JSONResponse(await self._answer(given, generation))
        except Refused as refused:
            if settings(self._state).html_errors:
                return self._pages.notice("Ошибка", "Сервис временно недоступен.", status=500)
            return JSONResponse(refused.fields(given.get("state")), status_code=400)

    async def _answer(self, given: Parameters, generation: Generation) -> dict[str, object]:
        if code := ordered_refusal(self._state, "token"):
            raise Refused(code)
        if not given.get("scope"):
            raise Refused("007013")
        given.need(*_MANDATORY)
        if generation is Generation.CURRENT:
            given.need("client_certificate_hash")
        system = self._systems.find(given["client_id"])
        if system is None:
            raise Refused("008010")
        secret = _traded(given)
        endings = (
            (given["redirect_uri"] + secret,)
            if given["grant_type"] == "authorization_code"
            else (given["redirect_uri"], secret)
        )
        await prove(self._state, system, given, Proof(generation, endings))
        if self._sign_ins.is_used(system.mnemonic, given["state"]):
            raise Refused("007003", "[state].")
        self._sign_ins.use(system.mnemonic, given["state"])
        return await self._tokens.answer(system, self._grant(system, given, secret), given["state"])

    def _grant(self, system: System, given: Parameters, secret: str) -> Grant:
        if given["grant_type"] == "refresh_token":
            grant = self._tokens.take_refresh_token(secret, system.mnemonic, given["redirect_uri"])
        else:
            grant = self._tokens.take_code(secret, system.mnemonic, given["redirect_uri"])
            _check_verifier(grant, given.get("code_verifier"))
        if grant.asked.scope.split() != given["scope"].split():
            raise Refused("007011")
        return grant


def _traded(given: Parameters) -> str:
    """Return the code or the refresh token."""
    names = {"authorization_code": "code", "refresh_token": "refresh_token"}
    name = names.get(given["grant_type"])
    if name is None:
        raise Refused("007012")
    given.need(name)
    return given[name]


def _check_verifier(grant: Grant, verifier: str | None) -> None:
    challenge = grant.asked.challenge
    if challenge is None:
        if verifier is not None:
            raise Refused("007039")
        return
    digest = hashlib.sha256((verifier or "").encode()).digest()
    if not compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge):
        raise Refused("007040")
