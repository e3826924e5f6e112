"""A diary as a system of ЕСИА: it sends browsers there and learns who came back.

The request to ЕСИА is signed and travels through the browser. The exchange of the code is a call inside
this process: nobody could see it on the wire.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from diary_sandbox.esia.accounts import Account, Accounts
from diary_sandbox.esia.hosts import esia_url
from diary_sandbox.esia.refusals import Refused
from diary_sandbox.esia.scopes import DIARY_SCOPES
from diary_sandbox.esia.sign_ins import SignIns
from diary_sandbox.esia.systems import OwnKey, Systems
from diary_sandbox.esia.tokens import Tokens
from diary_sandbox.state import SandboxState

ERRAND_LIFE = timedelta(minutes=30)
_SENTENCES = {"007004": "Вы не предоставили доступ к своим данным на Госуслугах."}
_REFUSED = "Госуслуги не подтвердили вход. Попробуйте позже."


@dataclass(frozen=True, slots=True)
class Errand:
    """A browser sent to ЕСИА and awaited back."""

    browser: str
    redirect_uri: str
    carry: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """A browser that came back."""

    carry: Mapping[str, str]
    """What the diary gave it to take along."""
    account: Account | None
    """Who it is; None: ЕСИА refused."""
    sentence: str = ""
    """Why, for the person."""


class DiaryAtEsia:
    """The Gosuslugi door of one diary."""

    def __init__(self, state: SandboxState, mnemonic: str) -> None:
        """Use the diary's registered system.

        Args:
            state: The sandbox.
            mnemonic: One of the systems that were always there.
        """
        self._state = state
        self._mnemonic = mnemonic
        self._cookie = f"{mnemonic.lower()}_errand"
        self._errands = state.store.bucket("esia.errands", Errand)

    async def send(self, request: Request, redirect_uri: str, carry: Mapping[str, str]) -> Response:
        """Send a browser to ЕСИА; it comes back to `redirect_uri` with what it carries along."""
        own = await run_in_threadpool(Systems(self._state).own_key, self._mnemonic)
        state = SignIns(self._state).new_uuid()
        browser = request.cookies.get(self._cookie) or self._state.store.secret(32)
        expires_at = self._state.clock.now() + ERRAND_LIFE
        self._errands[state] = Errand(browser, redirect_uri, dict(carry), expires_at)
        query = await run_in_threadpool(self._signed, own, state, redirect_uri)
        response = RedirectResponse(f"{esia_url(self._state)}/aas/oauth2/v2/ac?{urlencode(query)}", 302)
        response.set_cookie(self._cookie, browser, httponly=True, samesite="lax")
        return response

    def take(self, request: Request) -> Returned | None:
        """Return who came back; None for a return that is forged, late, repeated or of another browser."""
        query = request.query_params
        errand = self._errands.get(query.get("state", ""))
        if errand is None or errand.browser != request.cookies.get(self._cookie):
            return None
        del self._errands[query["state"]]
        if self._state.clock.now() >= errand.expires_at:
            return None
        if "code" not in query:
            code = query.get("error_description", "")[5:11]
            return Returned(errand.carry, None, _SENTENCES.get(code, _REFUSED))
        try:
            grant = Tokens(self._state).take_code(query["code"], self._mnemonic, errand.redirect_uri)
        except Refused:
            return Returned(errand.carry, None, _REFUSED)
        return Returned(errand.carry, Accounts(self._state).by_oid(grant.session.oid))

    def _signed(self, own: OwnKey, state: str, redirect_uri: str) -> dict[str, str]:
        scope = " ".join(DIARY_SCOPES)
        timestamp = f"{self._state.clock.now(UTC):%Y.%m.%d %H:%M:%S %z}"
        text = f"{self._mnemonic}{scope}{timestamp}{state}{redirect_uri}"
        secret = urlsafe_b64encode(own.key.sign(text.encode())).decode().rstrip("=")
        return {
            "client_id": self._mnemonic,
            "client_secret": secret,
            "client_certificate_hash": own.certificate.hash,
            "redirect_uri": redirect_uri,
            "scope": scope,
            "response_type": "code",
            "state": state,
            "timestamp": timestamp,
            "access_type": "offline",
        }
