"""Sign-ins under way and signed-in browsers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from diary_sandbox.esia.refusals import Refused
from diary_sandbox.state import SandboxState

SESSION_COOKIE = "ESIA_SESSION"
BROWSER_COOKIE = "bs"
SESSION_LIFE = timedelta(seconds=10_800)
SIGN_IN_LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request, checked."""

    mnemonic: str
    redirect_uri: str
    scopes: tuple[str, ...]
    """Those of `scope`, then of `scope_org`."""
    scope: str
    """As it was written: the token request must repeat it."""
    state: str
    offline: bool
    challenge: str | None = None
    confirmed_only: bool = False
    employee: bool = False
    """Asked for somebody acting for an organisation, whom this town has none of."""
    consents: tuple[str, ...] = ()
    """Scopes asked for through `permissions`."""

    @property
    def granted(self) -> tuple[str, ...]:
        """Return every scope the person is asked to grant."""
        return tuple(dict.fromkeys((*self.scopes, *self.consents)))

    def answer(self, **fields: str) -> str:
        """Return where the browser goes with an answer and the system's state."""
        return with_query(self.redirect_uri, {**fields, "state": self.state})

    def refusal(self, refused: Refused) -> str:
        """Return where the browser goes with a refusal."""
        return with_query(self.redirect_uri, refused.fields(self.state))


@dataclass
class SignIn:
    """One request on its way through the pages, in one tab of one browser."""

    id: str
    browser: str
    asked: Asked
    started_at: datetime
    username: str = ""
    oid: int | None = None
    """Known once the password was right."""
    code: str | None = None
    """Of the second factor, when one is awaited."""
    tries_left: int = 3


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    sid: str
    oid: int
    signed_in_at: int
    second_factor: bool
    expires_at: datetime


class SignIns:
    """What ЕСИА remembers of browsers."""

    def __init__(self, state: SandboxState) -> None:
        """Use a sandbox's store."""
        self._state = state
        self._under_way = state.store.bucket("esia.sign_ins", SignIn)
        self._sessions = state.store.bucket("esia.sessions", Session)
        self._granted = state.store.bucket("esia.granted", bool)
        self._used = state.store.bucket("esia.used_states", bool)

    def begin(self, asked: Asked, browser: str) -> SignIn:
        """Start a sign-in."""
        started = SignIn(self._state.store.secret(32), browser, asked, self._state.clock.now())
        self._under_way[started.id] = started
        return started

    def find(self, sign_in_id: str, browser: str | None) -> SignIn | None:
        """Return a sign-in of this browser, unless it is over or too old."""
        found = self._under_way.get(sign_in_id)
        if found is None or found.browser != browser:
            return None
        return found if self._state.clock.now() < found.started_at + SIGN_IN_LIFE else None

    def end(self, sign_in: SignIn) -> None:
        """Forget a sign-in: its answer is given."""
        self._under_way.pop(sign_in.id, None)

    def open(self, oid: int, *, second_factor: bool) -> tuple[str, Session]:
        """Sign a browser in; return its cookie and the session."""
        cookie, now = self._state.store.secret(40), self._state.clock.now()
        session = Session(
            self.new_uuid(), oid, self._state.clock.timestamp(), second_factor, now + SESSION_LIFE
        )
        self._sessions[cookie] = session
        return cookie, session

    def session(self, cookie: str | None) -> Session | None:
        """Return a living session."""
        found = self._sessions.get(cookie or "")
        return found if found and self._state.clock.now() < found.expires_at else None

    def close(self, cookie: str | None) -> None:
        """Sign a browser out."""
        self._sessions.pop(cookie or "", None)

    def grant(self, oid: int, asked: Asked) -> None:
        """Remember what a person allowed a system."""
        for scope in asked.granted:
            self._granted[f"{oid} {asked.mnemonic} {scope}"] = True

    def has_granted(self, oid: int, asked: Asked) -> bool:
        """Say whether all of it has been allowed before."""
        return all(f"{oid} {asked.mnemonic} {scope}" in self._granted for scope in asked.granted)

    def withdraw(self, oid: int) -> None:
        """Forget everything a person allowed."""
        for key in [key for key in self._granted if key.startswith(f"{oid} ")]:
            del self._granted[key]

    def is_used(self, mnemonic: str, state: str) -> bool:
        """Say whether a system has had an answer under this state."""
        return f"{mnemonic} {state}" in self._used

    def use(self, mnemonic: str, state: str) -> None:
        """Remember that an answer was given; how long the real service does is not known."""
        self._used[f"{mnemonic} {state}"] = True

    def new_uuid(self) -> str:
        """Return a fresh UUID."""
        return str(UUID(self._state.store.secret(32, "0123456789abcdef"), version=4))


def with_query(url: str, values: dict[str, str]) -> str:
    """Return an address with values added to its query."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(values)}"
