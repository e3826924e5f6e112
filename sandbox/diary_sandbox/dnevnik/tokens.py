"""Access tokens, refresh tokens and authorization codes, kept in the sandbox's store."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from diary_sandbox.state import SandboxState

# How long the real ones live is not known: a month, and minutes for a code, are our choice.
TOKEN_LIFE = timedelta(days=30)
CODE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token of one parent for one application."""

    value: str
    """32 letters and digits."""
    parent_id: int
    client_id: str
    scopes: tuple[str, ...]
    expires_at: datetime
    refresh: str | None
    """Single use; None: issued through a browser's address, which never carries one."""


@dataclass(frozen=True, slots=True)
class Code:
    """A single-use authorization code."""

    value: str
    parent_id: int
    client_id: str
    scopes: tuple[str, ...]
    expires_at: datetime


class Tokens:
    """What has been issued. Cheap to make; everything it knows is in the store."""

    def __init__(self, state: SandboxState) -> None:
        self._store = state.store
        self._clock = state.clock
        self._tokens = state.store.bucket("dnevnik.tokens", Token)
        self._refreshes = state.store.bucket("dnevnik.refreshes", str)
        self._codes = state.store.bucket("dnevnik.codes", Code)

    def issue(self, parent_id: int, client_id: str, scopes: tuple[str, ...], *, refreshable: bool) -> Token:
        """Make and remember a token."""
        refresh = self._store.secret(48) if refreshable else None
        expires_at = self._clock.now() + TOKEN_LIFE
        token = Token(self._store.secret(32), parent_id, client_id, scopes, expires_at, refresh)
        self._tokens[token.value] = token
        if refresh is not None:
            self._refreshes[refresh] = token.value
        return token

    def find(self, value: str) -> Token | None:
        """Return a living token, or None when it is unknown, revoked or expired."""
        token = self._tokens.get(value)
        return token if token and token.expires_at > self._clock.now() else None

    def refresh(self, refresh: str, client_id: str) -> Token | None:
        """Exchange a refresh token; it and the access token it came with die. None when it is not good.

        That the old access token dies at once is told of the mobile API and taken over for v2.
        """
        old = self._tokens.get(self._refreshes.get(refresh, ""))
        if old is None or old.client_id != client_id:
            return None
        self.revoke(old)
        return self.issue(old.parent_id, client_id, old.scopes, refreshable=True)

    def revoke(self, token: Token) -> None:
        """Forget a token and its refresh token."""
        self._tokens.pop(token.value, None)
        if token.refresh is not None:
            self._refreshes.pop(token.refresh, None)

    def expire(self, token: Token) -> None:
        """End an access token now; its refresh token stays good."""
        self._tokens[token.value] = replace(token, expires_at=self._clock.now())

    def life_s(self, token: Token) -> int:
        """Return how many seconds a token still lives."""
        return int((token.expires_at - self._clock.now()).total_seconds())

    def issue_code(self, parent_id: int, client_id: str, scopes: tuple[str, ...]) -> Code:
        """Make and remember an authorization code."""
        expires_at = self._clock.now() + CODE_LIFE
        code = Code(self._store.secret(40), parent_id, client_id, scopes, expires_at)
        self._codes[code.value] = code
        return code

    def redeem(self, value: str, client_id: str) -> Token | None:
        """Exchange a code, once; None when it is unknown, used, expired or of another application."""
        code = self._codes.get(value)
        if code is None or code.client_id != client_id:
            return None
        del self._codes[value]
        if code.expires_at <= self._clock.now():
            return None
        return self.issue(code.parent_id, client_id, code.scopes, refreshable=True)
