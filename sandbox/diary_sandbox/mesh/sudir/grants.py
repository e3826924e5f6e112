"""What the identity provider hands out: authorization codes, city tokens and their refresh tokens."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from diary_sandbox.state import Store

CODE_LIFE = timedelta(seconds=120)
ACCESS_LIFE = timedelta(seconds=3600)
REFRESH_LIFE = timedelta(days=15)


class InvalidGrant(Exception):
    """The code or the refresh token opens nothing; the message says why."""


@dataclass(frozen=True)
class CodeGrant:
    """What a person allowed a client, waiting to be fetched.

    Attributes:
        challenge: The S256 code challenge, when the client sent one.
        offline: Whether a refresh token was asked for (`access_type=offline`).
    """

    code: str
    client_id: str
    redirect_uri: str
    parent_id: int
    scope: str
    expires_at: datetime
    challenge: str | None = None
    nonce: str | None = None
    offline: bool = False


@dataclass(frozen=True)
class CityToken:
    """An access or a refresh token of the city; `family` ties together all that came from one code."""

    value: str
    family: str
    client_id: str
    parent_id: int
    scope: str
    expires_at: datetime


@dataclass(frozen=True)
class TokenPair:
    """An access token, and a refresh token when the grant allows one."""

    access: CityToken
    refresh: CityToken | None


class Grants:
    """The book of codes and tokens of one sandbox."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._codes = store.bucket("mesh.city_codes", CodeGrant)
        self._spent_codes = store.bucket("mesh.spent_city_codes", str)
        self._access = store.bucket("mesh.city_access_tokens", CityToken)
        self._refresh = store.bucket("mesh.city_refresh_tokens", CityToken)
        self._last_holders = store.bucket("mesh.last_city_holders", int)

    def issue_code(
        self,
        *,
        client_id: str,
        redirect_uri: str,
        parent_id: int,
        scope: str,
        now: datetime,
        challenge: str | None = None,
        nonce: str | None = None,
        offline: bool = False,
    ) -> CodeGrant:
        """Write down what a person allowed and return the code for it."""
        grant = CodeGrant(
            code=self._store.secret(43),
            client_id=client_id,
            redirect_uri=redirect_uri,
            parent_id=parent_id,
            scope=scope,
            expires_at=now + CODE_LIFE,
            challenge=challenge,
            nonce=nonce,
            offline=offline,
        )
        self._codes[grant.code] = grant
        return grant

    def redeem(
        self, code: str, *, client_id: str, redirect_uri: str | None, verifier: str | None, now: datetime
    ) -> tuple[CodeGrant, TokenPair]:
        """Exchange a code for tokens, once.

        Raises:
            InvalidGrant: The code is unknown, used, expired, another client's, or its proof is wrong.
                A code used twice also kills the tokens the first use gave (RFC 6749 §4.1.2).
        """
        if code in self._spent_codes:
            self._revoke(self._spent_codes[code])
            raise InvalidGrant("code was already used")
        grant = self._codes.get(code)
        if grant is None or grant.client_id != client_id:
            raise InvalidGrant("code is unknown")
        if now >= grant.expires_at:
            raise InvalidGrant("code is expired")
        if redirect_uri != grant.redirect_uri:
            raise InvalidGrant("redirect_uri differs from the one of the authorization request")
        if grant.challenge is not None and not proves(verifier, grant.challenge):
            raise InvalidGrant("code_verifier does not match the code_challenge")
        del self._codes[code]
        pair = self.issue(
            client_id=client_id, parent_id=grant.parent_id, scope=grant.scope, offline=grant.offline, now=now
        )
        self._spent_codes[code] = pair.access.family
        return grant, pair

    def issue(self, *, client_id: str, parent_id: int, scope: str, offline: bool, now: datetime) -> TokenPair:
        """Give a fresh pair that belongs to a family of its own."""
        return self._pair(self._store.secret(16), client_id, parent_id, scope, offline=offline, now=now)

    def refresh(self, refresh_token: str, *, client_id: str, now: datetime) -> TokenPair:
        """Exchange a refresh token for a new pair; the old one dies.

        Raises:
            InvalidGrant: The token is unknown, used, expired or another client's.
        """
        token = self._refresh.get(refresh_token)
        if token is None or token.client_id != client_id:
            raise InvalidGrant("refresh token is unknown")
        del self._refresh[refresh_token]
        if now >= token.expires_at:
            raise InvalidGrant("refresh token is expired")
        return self._pair(token.family, client_id, token.parent_id, token.scope, offline=True, now=now)

    def last_holder(self, client_id: str) -> int | None:
        """Return who signed in last through a client: an app installation serves one person."""
        return self._last_holders.get(client_id)

    def holder(self, access_token: str, now: datetime) -> int | None:
        """Return the city account behind a living access token."""
        token = self._access.get(access_token)
        return token.parent_id if token is not None and now < token.expires_at else None

    def _pair(
        self, family: str, client_id: str, parent_id: int, scope: str, *, offline: bool, now: datetime
    ) -> TokenPair:
        access = CityToken(self._store.secret(43), family, client_id, parent_id, scope, now + ACCESS_LIFE)
        self._access[access.value] = access
        self._last_holders[client_id] = parent_id
        if not offline:
            return TokenPair(access, None)
        refresh = CityToken(self._store.secret(64), family, client_id, parent_id, scope, now + REFRESH_LIFE)
        self._refresh[refresh.value] = refresh
        return TokenPair(access, refresh)

    def _revoke(self, family: str) -> None:
        for book in (self._access, self._refresh):
            for value in [value for value, token in book.items() if token.family == family]:
                del book[value]


def proves(verifier: str | None, challenge: str) -> bool:
    """Tell whether a PKCE verifier belongs to an S256 challenge."""
    if verifier is None or not 43 <= len(verifier) <= 128:
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    return secrets.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), challenge.encode())
