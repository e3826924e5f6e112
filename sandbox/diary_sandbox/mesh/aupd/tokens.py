"""Diary tokens: RS256 JWTs whose sessions the sandbox remembers, to revoke and to activate them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from diary_sandbox.mesh.keys import SigningKey, signing_key
from diary_sandbox.mesh.wire.ids import user_id
from diary_sandbox.state import SandboxState
from diary_sandbox.world import Parent

ACCESS_LIFE = timedelta(hours=24)
REFRESH_LIFE = timedelta(days=30)
SUBSYSTEM = 2
PARENT_ROLE = 2

Trouble = Literal["unknown", "expired", "revoked"]


@dataclass
class DiarySession:
    """One sign-in to the diary; tokens got by refreshing belong to it too.

    Attributes:
        active: Whether the profiles were asked for once, as a fresh token must.
    """

    id: str
    parent_id: int
    active: bool = False
    revoked: bool = False


@dataclass(frozen=True)
class RefreshToken:
    """A diary refresh token that has not been used."""

    session_id: str
    expires_at: datetime


@dataclass(frozen=True)
class Access:
    """What a good access token says.

    Attributes:
        expires_at: Seconds since the epoch.
        token_id: `jti` of the token itself.
    """

    session: DiarySession
    parent_id: int
    role: int
    expires_at: int
    token_id: str


@dataclass(frozen=True)
class DiaryPair:
    """An access and a refresh token, both JWTs."""

    access: str
    refresh: str


class DiaryTokens:
    """The tokens of one node: Moscow's and a region's open different diaries."""

    def __init__(self, state: SandboxState, host: str) -> None:
        self._state = state
        self._host = host
        self._sessions = state.store.bucket(f"mesh.{host}.sessions", DiarySession)
        self._session_of_token = state.store.bucket(f"mesh.{host}.access_tokens", str)
        self._refresh = state.store.bucket(f"mesh.{host}.refresh_tokens", RefreshToken)

    def open(self, parent_id: int) -> DiaryPair:
        """Sign an adult in and return the first pair."""
        session = DiarySession(self._state.store.secret(16), parent_id)
        self._sessions[session.id] = session
        return self._pair(session)

    def refresh(self, refresh_token: str) -> DiaryPair | Trouble:
        """Exchange a refresh token, once; the old access token lives on until it expires."""
        claims = self._key.claims_of(refresh_token)
        if claims is None:
            return "unknown"
        kept = self._refresh.pop(str(claims["jti"]), None)
        if kept is None:
            return "revoked"
        if self._now() >= kept.expires_at:
            return "expired"
        session = self._sessions[kept.session_id]
        return "revoked" if session.revoked else self._pair(session)

    def read(self, token: str) -> Access | Trouble:
        """Check an access token: signature, issuer, expiry by the sandbox clock, and its session."""
        claims = self._key.claims_of(token)
        if claims is None or "aud" not in claims:
            return "unknown"
        token_id = str(claims["jti"])
        session = self._sessions.get(self._session_of_token.get(token_id, ""))
        if session is None:
            return "unknown"
        expires_at = int(str(claims["exp"]))
        if self._state.clock.timestamp() >= expires_at:
            return "expired"
        if session.revoked:
            return "revoked"
        role = int(str(claims["aud"]).partition(":")[2])
        return Access(session, session.parent_id, role, expires_at, token_id)

    def reissue(self, access: Access, role: int) -> str:
        """Return a new token of the same session for a role; it expires when the old one does."""
        return self._access_token(access.session, role, access.expires_at)

    @property
    def _key(self) -> SigningKey:
        return signing_key(self._state.store, self._host)

    def _now(self) -> datetime:
        return self._state.clock.now()

    def _pair(self, session: DiarySession) -> DiaryPair:
        expires_at = int((self._now() + ACCESS_LIFE).timestamp())
        return DiaryPair(self._access_token(session, PARENT_ROLE, expires_at), self._refresh_token(session))

    def _access_token(self, session: DiarySession, role: int, expires_at: int) -> str:
        parent = self._state.world.parent(session.parent_id)
        token_id = self._new_id()
        self._session_of_token[token_id] = session.id
        issued_at = self._state.clock.timestamp()
        return self._key.sign(
            {
                "sub": str(user_id(parent.person.id)),
                "aud": f"{SUBSYSTEM}:{role}",
                "msh": parent.person.uuid,
                "iss": f"https://{self._host}",
                "rls": f"{{{SUBSYSTEM}:[20:{role}:[]]}}",
                "zmk": False,
                "sso": sso_id(parent),
                "nbf": issued_at,
                "iat": issued_at,
                "exp": expires_at,
                "jti": token_id,
            }
        )

    def _refresh_token(self, session: DiarySession) -> str:
        token_id = self._new_id()
        expires_at = self._now() + REFRESH_LIFE
        self._refresh[token_id] = RefreshToken(session.id, expires_at)
        claims: dict[str, object] = {
            "iss": f"https://{self._host}",
            "exp": int(expires_at.timestamp()),
            "jti": token_id,
        }
        return self._key.sign(claims)

    def _new_id(self) -> str:
        return str(UUID(hex=self._state.store.secret(32, "0123456789abcdef"), version=4))


def sso_id(parent: Parent) -> str:
    """Return the city account number of an adult: another id space than the person's."""
    return f"{parent.id:010d}"
