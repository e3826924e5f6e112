"""Authorization codes, access and id tokens, refresh tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool

from diary_sandbox.esia.accounts import Account, Accounts
from diary_sandbox.esia.hosts import ISSUER
from diary_sandbox.esia.issuer import Issuer
from diary_sandbox.esia.refusals import Refused
from diary_sandbox.esia.scopes import with_oid
from diary_sandbox.esia.settings import settings
from diary_sandbox.esia.sign_ins import Asked, Session, SignIns
from diary_sandbox.esia.systems import System
from diary_sandbox.state import SandboxState

CODE_LIFE = timedelta(seconds=240)
ACCESS_LIFE = timedelta(seconds=3600)
ID_LIFE = timedelta(seconds=10_800)
REFRESH_LIFE = timedelta(days=30)
"""Ours: the real one is not known."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed a system, behind a code or a refresh token."""

    asked: Asked
    session: Session
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token opens."""

    oid: int
    scopes: frozenset[str]
    expires_at: datetime


class Tokens:
    """Everything handed out, kept in the store."""

    def __init__(self, state: SandboxState) -> None:
        """Use a sandbox's store and keys."""
        self._state = state
        self._issuer = Issuer(state)
        self._codes = state.store.bucket("esia.codes", Grant)
        self._refresh = state.store.bucket("esia.refresh_tokens", Grant)
        self._access = state.store.bucket("esia.access_tokens", Access)

    async def new_code(self, system: System, asked: Asked, session: Session, account: Account) -> str:
        """Return a code: a signed token itself, some 1.3 KB long."""
        claims: dict[str, object] = {
            **self._times(CODE_LIFE),
            "scope": with_oid(asked.granted, account.oid),
            "auth_time": session.signed_in_at,
            "urn:esia:sid": session.sid,
            "urn:esia:client:state": asked.state,
            "auth_mthd": "PWD",
            **({"acr": {"2fa": "otp"}} if session.second_factor else {}),
            "urn:esia:sbj": self._subject(account),
            "params": {},
            "client_id": system.mnemonic,
        }
        code = await self._sign(system, "authorization_code", claims, named=True)
        self._codes[code] = Grant(asked, session, self._state.clock.now() + CODE_LIFE)
        return code

    def take_code(self, code: str, mnemonic: str, redirect_uri: str) -> Grant:
        """Spend a code.

        Raises:
            Refused: It is spent, too old, of another system or for another address (007011).
        """
        return self._taken(self._codes.pop(code, None), mnemonic, redirect_uri)

    def take_refresh_token(self, token: str, mnemonic: str, redirect_uri: str) -> Grant:
        """Spend a refresh token: the answer brings another.

        Raises:
            Refused: As for a code.
        """
        return self._taken(self._refresh.pop(token, None), mnemonic, redirect_uri)

    async def answer(self, system: System, grant: Grant, state: str) -> dict[str, object]:
        """Return the body of a token answer."""
        account = Accounts(self._state).by_oid(grant.session.oid)
        if account is None:
            raise Refused("007011")
        access = await self._new_access(system, grant, account)
        body: dict[str, object] = {"access_token": access}
        if grant.asked.offline:
            body["refresh_token"] = self._new_refresh(grant)
        if "openid" in grant.asked.granted:
            body["id_token"] = await self._new_id(system, grant, account)
        return {
            **body,
            "state": state,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
        }

    def access(self, token: str) -> Access | None:
        """Return what a living access token opens."""
        found = self._access.get(token)
        return found if found and self._state.clock.now() < found.expires_at else None

    async def _new_access(self, system: System, grant: Grant, account: Account) -> str:
        token = await self._sign(
            system,
            "access",
            {
                **self._times(ACCESS_LIFE),
                "scope": with_oid(grant.asked.granted, account.oid),
                "urn:esia:sid": grant.session.sid,
                "urn:esia:sbj_id": account.oid,
                "jti": SignIns(self._state).new_uuid(),
                "client_id": system.mnemonic,
            },
        )
        expires_at = self._state.clock.now() + ACCESS_LIFE
        self._access[token] = Access(account.oid, frozenset(grant.asked.granted), expires_at)
        return token

    async def _new_id(self, system: System, grant: Grant, account: Account) -> str:
        claims: dict[str, object] = {
            **self._times(ID_LIFE),
            "aud": system.mnemonic,
            "sub": account.oid,
            "amr": "PWD",
            "urn:esia:amd": "PWD",
            "auth_time": grant.session.signed_in_at,
            "urn:esia:sid": grant.session.sid,
            "urn:esia:sbj": self._subject(account),
        }
        return await self._sign(system, "id", claims)

    def _new_refresh(self, grant: Grant) -> str:
        token = SignIns(self._state).new_uuid()
        self._refresh[token] = replace(grant, expires_at=self._state.clock.now() + REFRESH_LIFE)
        return token

    def _taken(self, grant: Grant | None, mnemonic: str, redirect_uri: str) -> Grant:
        if grant is None or self._state.clock.now() >= grant.expires_at:
            raise Refused("007011")
        if (grant.asked.mnemonic, grant.asked.redirect_uri) != (mnemonic, redirect_uri):
            raise Refused("007011")
        return grant

    async def _sign(
        self, system: System, kind: str, claims: Mapping[str, object], *, named: bool = False
    ) -> str:
        keys = self._issuer.keys
        return await run_in_threadpool(keys.sign, system.algorithm, kind, claims, named=named)

    def _times(self, life: timedelta) -> dict[str, object]:
        now = self._state.clock.timestamp()
        return {"iss": ISSUER, "nbf": now, "iat": now, "exp": now + int(life.total_seconds())}

    def _subject(self, account: Account) -> dict[str, object]:
        told: dict[str, object] = {
            "urn:esia:sbj:typ": "P",
            "urn:esia:sbj:oid": account.oid,
            "urn:esia:sbj:nam": f"OID.{account.oid}",
        }
        if account.trusted:
            told["urn:esia:sbj:is_tru"] = True
        if not settings(self._state).no_level:
            told["urn:esia:sbj:lvl"] = account.level.claim
        return told
