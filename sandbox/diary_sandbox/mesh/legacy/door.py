"""What the old portal and the old diary remember."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5

from diary_sandbox.state import SandboxState
from diary_sandbox.world import LoginKind, MrkoAccount

SESSION_LIFE = timedelta(hours=2)
PORTAL_COOKIE = "PD-H-SESSION-ID"
DIARY_COOKIE = "PHPSESSID"
_HEX = "0123456789abcdef"


@dataclass(frozen=True)
class PortalSession:
    """A browser signed in to the portal."""

    parent_id: int
    expires_at: datetime


@dataclass(frozen=True)
class DiarySession:
    """A browser signed in to МРКО: one child, as one login was for one child."""

    child_id: int
    expires_at: datetime


@dataclass(frozen=True)
class StorageNonce:
    """What the journal page shows so that the browser may ask for the personal storage."""

    parent_id: int
    signature: str


class Door:
    """The old portal and diary as their routes see them."""

    def __init__(self, state: SandboxState, host: str) -> None:
        self.state = state
        self.host = host
        self._portal = state.store.bucket("mesh.portal_sessions", PortalSession)
        self._diary = state.store.bucket("mesh.mrko_sessions", DiarySession)
        self._nonces = state.store.bucket("mesh.storage_nonces", StorageNonce)
        self._storage = state.store.bucket("mesh.storage_tokens", int)
        self._tokens = state.store.bucket("mesh.mrko_tokens", str)
        self._captchas = state.store.bucket("mesh.mrko_captchas", str)

    def open_portal(self, username: str, password: str) -> str | None:
        """Sign in to the portal and return the session cookie, nothing when the pair is wrong."""
        login = self.state.world.login(LoginKind.MOS_RU, username.strip()) if username.strip() else None
        if login is None or login.password != password:
            return None
        cookie = self.state.store.secret()
        self._portal[cookie] = PortalSession(login.parent_id, self._now() + SESSION_LIFE)
        return cookie

    def portal_holder(self, cookie: str | None) -> int | None:
        """Return who is signed in to the portal."""
        session = self._portal.get(cookie or "")
        return session.parent_id if session is not None and self._now() < session.expires_at else None

    def accounts(self, parent_id: int) -> tuple[MrkoAccount, ...]:
        """Return the saved diary accounts of an adult."""
        return self.state.world.parent(parent_id).mrko_accounts

    def new_nonce(self, parent_id: int) -> tuple[str, str]:
        """Return a nonce and a signature for the personal storage."""
        nonce, signature = self.state.store.secret(16, _HEX), self.state.store.secret(40, _HEX)
        self._nonces[nonce] = StorageNonce(parent_id, signature)
        return nonce, signature

    def storage_token(self, nonce: str, signature: str) -> str | None:
        """Exchange a nonce of the journal page for a storage token, once."""
        given = self._nonces.pop(nonce, None)
        if given is None or given.signature != signature:
            return None
        token = self.state.store.secret(32, _HEX)
        self._storage[token] = given.parent_id
        return token

    def storage_holder(self, token: str) -> int | None:
        """Return whose personal storage a token opens."""
        return self._storage.get(token)

    def account(self, login: str) -> MrkoAccount | None:
        """Return the МРКО account of a login."""
        return self.state.world.mrko_account(login.strip()) if login.strip() else None

    def new_token(self, account: MrkoAccount) -> str:
        """Return a token that stands in for the password of an account, once."""
        token = self.state.store.secret(32, _HEX)
        self._tokens[token] = account.login
        return token

    def judge(self, login: str, password: str, plain: str | None) -> MrkoAccount | None:
        """Return the account a login and a password, its MD5, or a portal token open."""
        account = self.account(login)
        if account is None:
            return None
        if self._tokens.get(password) == account.login:
            del self._tokens[password]
            return account
        digest = md5(account.password.encode(), usedforsecurity=False).hexdigest()
        return account if password == digest or plain == account.password else None

    def open_diary(self, account: MrkoAccount) -> str:
        """Sign in to МРКО and return the session cookie."""
        cookie = self.state.store.secret(26)
        self._diary[cookie] = DiarySession(account.child_id, self._now() + SESSION_LIFE)
        return cookie

    def diary_child(self, cookie: str | None) -> int | None:
        """Return whose diary a cookie opens."""
        session = self._diary.get(cookie or "")
        return session.child_id if session is not None and self._now() < session.expires_at else None

    def close_diary(self, cookie: str | None) -> None:
        """Sign out of МРКО; an unknown cookie is fine."""
        self._diary.pop(cookie or "", None)

    def captcha(self, key: str) -> str:
        """Return the digits of a captcha, made on first use."""
        if key not in self._captchas:
            self._captchas[key] = self.state.store.secret(5, "23456789")
        return self._captchas[key]

    def solved(self, key: str, answer: str) -> bool:
        """Check a captcha; a right answer uses it up."""
        if self._captchas.get(key) != answer.strip():
            return False
        del self._captchas[key]
        return True

    def captcha_stands(self, key: str) -> bool:
        """Say whether a captcha waits for its answer."""
        return key in self._captchas

    def _now(self) -> datetime:
        return self.state.clock.now()
