"""Browser sessions of the sign-in site, and consents once given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST

SESSION_COOKIE = "DnevnikAuth_a"
SESSION_LIFE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    parent_id: int
    expires_at: datetime


class Sessions:
    """The sessions, kept in the store."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._sessions = state.store.bucket("dnevnik.sessions", Session)
        self._consents = state.store.bucket("dnevnik.consents", bool)

    def open(self, response: Response, parent_id: int) -> None:
        """Sign a browser in: set the four cookies the real site sets."""
        key = self._state.store.secret(32)
        self._sessions[key] = Session(parent_id, self._state.clock.now() + SESSION_LIFE)
        children = self._state.world.children_of(parent_id, DNEVNIK_HOST)
        school = str(wire_id(Space.SCHOOL, children[0].school_id)) if children else ""
        cookies = {SESSION_COOKIE: key, "DnevnikAuth_l": self._state.store.secret(24), "t0": school}
        for name, value in {**cookies, "dnevnik_sst": self._state.store.secret(24)}.items():
            response.set_cookie(name, value, httponly=True, samesite="lax")

    def close(self, request: Request, response: Response) -> None:
        """Sign a browser out."""
        self._sessions.pop(request.cookies.get(SESSION_COOKIE, ""), None)
        for name in (SESSION_COOKIE, "DnevnikAuth_l", "t0", "dnevnik_sst"):
            response.delete_cookie(name)

    def parent_id(self, request: Request) -> int | None:
        """Return who is signed in, None when nobody is."""
        session = self._sessions.get(request.cookies.get(SESSION_COOKIE, ""))
        return session.parent_id if session and session.expires_at > self._state.clock.now() else None

    def consent(self, parent_id: int, client_id: str, scopes: tuple[str, ...]) -> None:
        """Remember that a parent allowed an application these scopes."""
        self._consents[_consent_key(parent_id, client_id, scopes)] = True

    def has_consent(self, parent_id: int, client_id: str, scopes: tuple[str, ...]) -> bool:
        """Say whether the same has been allowed before."""
        return _consent_key(parent_id, client_id, scopes) in self._consents


def _consent_key(parent_id: int, client_id: str, scopes: tuple[str, ...]) -> str:
    return f"{parent_id} {client_id} {','.join(sorted(scopes))}"
