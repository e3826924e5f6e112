"""Logins under way: one per browser, from the authorization request to the code that ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from diary_sandbox.mesh.sudir.one_time_code import OneTimeCode
from diary_sandbox.mesh.sudir.proof_of_work import new_stamp_header
from diary_sandbox.state import Store

LOGIN_LIFE = timedelta(minutes=10)
SSO_LIFE = timedelta(hours=3, minutes=50)
QR_LIFE = timedelta(minutes=3)
FAILURES_BEFORE_LOCK = 5
LOCK_LIFE = timedelta(minutes=10)

Stage = Literal["password", "code", "trust"]
QrState = Literal["shown", "scanned", "confirmed"]


@dataclass(frozen=True)
class AuthorizeRequest:
    """What a client asked for at the authorization page, already checked."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str | None
    challenge: str | None
    nonce: str | None
    offline: bool

    def answer(self, **parameters: str) -> str:
        """Return the redirect address with an answer (`code` or `error`) and the client's state."""
        given = parameters if self.state is None else {**parameters, "state": self.state}
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(given)}"


@dataclass
class QrCode:
    """A code on the screen that a signed-in phone may scan and confirm."""

    key: str
    expires_at: datetime
    state: QrState = "shown"
    parent_id: int | None = None


@dataclass
class PendingLogin:
    """A login that has begun and not ended.

    Attributes:
        back: The authorization address, which pages carry along as `bo`.
        stage: What the person is asked for now.
        parent_id: Who it is; known once the password or the QR code was right.
        captcha: What the person must type from a picture before the password is looked at.
    """

    id: str
    request: AuthorizeRequest
    back: str
    stamp_header: str
    started_at: datetime
    qr: QrCode
    stage: Stage = "password"
    parent_id: int | None = None
    code: OneTimeCode | None = None
    captcha: str | None = None


@dataclass(frozen=True)
class CitySession:
    """A browser that is signed in to the city."""

    parent_id: int
    expires_at: datetime


@dataclass
class Failures:
    """Wrong passwords of one account, and until when its password method is shut."""

    count: int = 0
    locked_until: datetime | None = None


class Logins:
    """Everything the provider remembers about browsers: logins, sessions, trusted devices, failures."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending = store.bucket("mesh.logins", PendingLogin)
        self._sessions = store.bucket("mesh.city_sessions", CitySession)
        self._devices = store.bucket("mesh.devices", set[int])
        self._failures = store.bucket("mesh.failures", Failures)

    def begin(self, request: AuthorizeRequest, back: str, now: datetime) -> PendingLogin:
        """Start a login and remember it."""
        login_id = self._store.secret()
        login = PendingLogin(
            id=login_id,
            request=request,
            back=back,
            stamp_header=new_stamp_header(login_id, self._store.secret(22), now),
            started_at=now,
            qr=self.new_qr(now),
        )
        self._pending[login_id] = login
        return login

    def new_qr(self, now: datetime) -> QrCode:
        """Make a QR code that lives three minutes."""
        return QrCode(self._store.secret(16), now + QR_LIFE)

    def find(self, login_id: str | None, now: datetime) -> PendingLogin | None:
        """Return a login under way, unless it is too old."""
        login = self._pending.get(login_id or "")
        return login if login is not None and now < login.started_at + LOGIN_LIFE else None

    def by_qr(self, key: str) -> PendingLogin | None:
        """Return the login whose screen shows this QR code."""
        return next((login for login in self._pending.values() if login.qr.key == key), None)

    def drop(self, login: PendingLogin) -> None:
        """Forget a login: it ended or was killed."""
        self._pending.pop(login.id, None)

    def open_session(self, parent_id: int, now: datetime) -> str:
        """Start a city session and return its cookie value."""
        cookie = self._store.secret()
        self._sessions[cookie] = CitySession(parent_id, now + SSO_LIFE)
        return cookie

    def session_holder(self, cookie: str | None, now: datetime) -> int | None:
        """Return whose city session a cookie opens."""
        session = self._sessions.get(cookie or "")
        return session.parent_id if session is not None and now < session.expires_at else None

    def close_session(self, cookie: str | None) -> None:
        """End a city session; an unknown one is fine."""
        self._sessions.pop(cookie or "", None)

    def trust(self, device: str | None, parent_id: int) -> str:
        """Remember that a person trusts this browser and return its cookie value."""
        known = device if device is not None and device in self._devices else self._store.secret()
        self._devices.setdefault(known, set()).add(parent_id)
        return known

    def is_trusted(self, device: str | None, parent_id: int) -> bool:
        """Tell whether a person trusts this browser."""
        return parent_id in self._devices.get(device or "", set())

    def is_locked(self, parent_id: int, now: datetime) -> bool:
        """Tell whether the password method is shut for a person after too many failures."""
        failures = self._failures.get(str(parent_id))
        return failures is not None and failures.locked_until is not None and now < failures.locked_until

    def failed(self, parent_id: int, now: datetime) -> None:
        """Count a wrong password; the last one allowed shuts the method for a while."""
        failures = self._failures.setdefault(str(parent_id), Failures())
        failures.count += 1
        if failures.count >= FAILURES_BEFORE_LOCK:
            failures.count, failures.locked_until = 0, now + LOCK_LIFE

    def succeeded(self, parent_id: int) -> None:
        """Forget the failures of a person."""
        self._failures.pop(str(parent_id), None)
