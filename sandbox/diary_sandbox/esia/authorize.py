"""`/aas/oauth2/v2/ac` and the legacy `/aas/oauth2/ac`: where a system sends a person."""

import base64
import binascii
import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from diary_sandbox.esia.consents import consented_scopes
from diary_sandbox.esia.pages import Pages
from diary_sandbox.esia.refusals import REFUSALS, Refused
from diary_sandbox.esia.settings import ordered_refusal
from diary_sandbox.esia.sign_ins import BROWSER_COOKIE, SESSION_LIFE, Asked, SignIns, with_query
from diary_sandbox.esia.signed_request import Generation, Parameters, Proof, once, posted, prove, scopes_of
from diary_sandbox.esia.systems import System, Systems
from diary_sandbox.state import SandboxState

_PERSON, _EMPLOYEE = "P", "E"
"""Values of `obj_type` and `roles`: the real ones are not known."""
_MANDATORY = ("client_secret", "response_type", "state", "timestamp", "access_type")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class Authorize:
    """The two authorization endpoints.

    A request whose sender or return address is not known ends on a page, never in a redirect: what the real
    service does there is not known. Everything else that is wrong goes back to the system.
    """

    def __init__(self, state: SandboxState, pages: Pages) -> None:
        """Serve a sandbox."""
        self._state = state
        self._pages = pages
        self._systems = Systems(state)
        self._sign_ins = SignIns(state)

    async def current(self, request: Request) -> Response:
        """Answer `/aas/oauth2/v2/ac`, asked by GET or by a form."""
        return await self._serve(request, Generation.CURRENT)

    async def legacy(self, request: Request) -> Response:
        """Answer `/aas/oauth2/ac`."""
        return await self._serve(request, Generation.LEGACY)

    async def _serve(self, request: Request, generation: Generation) -> Response:
        try:
            given = (
                once(request.query_params.multi_items()) if request.method == "GET" else await posted(request)
            )
            system = self._sender(given)
        except Refused as refused:
            return self._stop(refused)
        try:
            asked = await self._checked(system, given, generation)
        except Refused as refused:
            back = with_query(given["redirect_uri"], refused.fields(given.get("state")))
            return RedirectResponse(back, 302)
        browser = request.cookies.get(BROWSER_COOKIE) or self._state.store.secret(32)
        started = self._sign_ins.begin(asked, browser)
        response = RedirectResponse(f"/login?sign_in={started.id}", 302)
        max_age = int(SESSION_LIFE.total_seconds())
        response.set_cookie(BROWSER_COOKIE, browser, max_age=max_age, httponly=True, samesite="lax")
        return response

    def _sender(self, given: Parameters) -> System:
        given.need("client_id", "redirect_uri")
        system = self._systems.find(given["client_id"])
        if system is None:
            raise Refused("007005")
        if not system.allows(given["redirect_uri"]):
            raise Refused("007023")
        return system

    async def _checked(self, system: System, given: Parameters, generation: Generation) -> Asked:
        if code := ordered_refusal(self._state, "authorize"):
            raise Refused(code)
        if not given.get("scope"):
            raise Refused("007013")
        given.need(*_MANDATORY)
        if generation is Generation.CURRENT:
            given.need("client_certificate_hash")
        if given["response_type"] != "code":
            raise Refused("007009")
        if given["access_type"] not in ("online", "offline"):
            raise Refused("007003", "[access_type].")
        await prove(self._state, system, given, Proof(generation, (given["redirect_uri"],)))
        asked = _asked(system, given)
        if self._sign_ins.is_used(system.mnemonic, asked.state):
            raise Refused("007003", "[state].")
        return asked

    def _stop(self, refused: Refused) -> Response:
        line = f"ESIA-{refused.code}: {REFUSALS[refused.code][1]} {refused.detail}".strip()
        return self._pages.notice(
            "Вход невозможен", "Система, которая прислала вас сюда, ошиблась.", line, status=400
        )


def _asked(system: System, given: Parameters) -> Asked:
    if given.get("obj_type", _PERSON) not in (_PERSON, _EMPLOYEE):
        raise Refused("007061")
    if given.get("roles", _PERSON) not in (_PERSON, _EMPLOYEE):
        raise Refused("007060")
    challenge = given.get("code_challenge")
    if challenge is not None and not _CHALLENGE.fullmatch(challenge):
        raise Refused("007003", "[code_challenge].")
    if given.get("code_challenge_method", "S256") != "S256":
        raise Refused("007003", "[code_challenge_method].")
    return Asked(
        mnemonic=system.mnemonic,
        redirect_uri=given["redirect_uri"],
        scopes=scopes_of(system, given),
        scope=given["scope"],
        state=given["state"],
        offline=given["access_type"] == "offline",
        challenge=challenge,
        confirmed_only=_filter(given) == "conf_acc",
        employee=_EMPLOYEE in (given.get("obj_type"), given.get("roles")),
        consents=consented_scopes(given["permissions"]) if "permissions" in given else (),
    )


def _filter(given: Parameters) -> str:
    try:
        word = given.get("person_filter", "").rstrip("=")
        return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise Refused("007003", "[person_filter].") from error
