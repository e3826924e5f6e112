"""Sessions and tokens: what opens the gateway's own door."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.accounts import repository
from diary_api.accounts.schemas import AccessKey, IssuedKey, NewToken
from diary_api.accounts.scopes import EVERYTHING, Scope, read, written
from diary_api.clock import Clock
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.ids import is_id, new_id
from diary_api.middleware.client_address import network_of
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.sealing import digest
from diary_api.storage.tables import AccessKeyRow, AccountEventRow
from diary_core.errors import Conflict, NotFound, NotSignedIn, ScopeMissing

KeyKind = Literal["session", "token"]
Check = Callable[[AsyncSession], Awaitable[None]]
TOKENS_MOST = 1_000
"""Living tokens of one account; programs that make one for every run and leave it are stopped here."""
_PREFIX: dict[KeyKind, str] = {"session": "dgs_", "token": "dgt_"}
"""Lets a leaked secret be recognised for what it is."""


@dataclass(frozen=True)
class Caller:
    """Who makes a request, and what it may do."""

    account_id: str
    key_id: str
    scopes: frozenset[Scope]
    admitted_until: datetime
    """When the session or token ends by itself."""


@dataclass(frozen=True)
class Keys:
    """The sessions and tokens of every account."""

    storage: Storage
    settings: Settings
    clock: Clock

    async def open_session(
        self, account_id: str, way: str, client: str, still: Check | None = None
    ) -> IssuedKey:
        """Open a session.

        Args:
            account_id: Whose.
            way: How its owner has come in: `password`, or the identity service.
            client: Address of the owner.
            still: Makes sure, in the transaction that opens it, that nothing was changed since.

        Raises:
            NotSignedIn: The account was erased meanwhile.
        """
        about, lifetime = About(way=way, network=network_of(client)), self.settings.session_lifetime
        return await self._issue(account_id, "session", about, EVERYTHING, lifetime, still=still)

    async def issue_token(self, caller: Caller, new: NewToken) -> IssuedKey:
        """Issue a token that can do no more than its issuer.

        Raises:
            ScopeMissing: It was to be given a right its issuer lacks.
            Conflict: The account has as many tokens as one may have.
        """
        beyond = new.scopes - caller.scopes
        if beyond:
            raise ScopeMissing(f"the issuer lacks {written(beyond)!r}", field="scopes")
        lifetime = min(timedelta(days=new.expires_in_days), self.settings.token_lifetime_max)
        about, still = About(name=new.name), partial(self.check_still_in, caller=caller)
        return await self._issue(caller.account_id, "token", about, new.scopes, lifetime, still=still)

    async def listed(self, caller: Caller, kind: KeyKind) -> tuple[AccessKey, ...]:
        """Return the living sessions or tokens, oldest first."""
        async with self.storage.reading() as session:
            rows = await repository.keys_of(session, caller.account_id, kind, self.clock())
        return tuple(self._shown_key(row, caller.key_id) for row in rows)

    async def withdraw(self, caller: Caller, kind: KeyKind, key_id: str) -> None:
        """End a session or revoke a token; `current` is the one in use.

        Raises:
            NotFound: This account has no such session or token.
        """
        wanted = caller.key_id if key_id == "current" else key_id
        unknown = NotFound(f"you have no such {kind}", field=f"{kind}_id")
        if not is_id("key", wanted):
            raise unknown
        async with self.storage.writing() as session:
            row = await repository.withdraw_key(session, caller.account_id, kind, wanted)
            if row is None:
                raise unknown
            done = EventKind.SESSION_ENDED if kind == "session" else EventKind.TOKEN_REVOKED
            name = self._shown_key(row, None).name
            session.add(self._event(caller.account_id, done, key_id=wanted, name=name))

    async def admit(self, secret: str) -> Caller:
        """Return whose session or token this is.

        Raises:
            NotSignedIn: Nobody's, or not any more.
        """
        hashed = digest(secret)
        async with self.storage.reading() as session:
            row = await repository.key_by_secret(session, hashed)
        known = hmac.compare_digest(row.secret_hash if row else digest(""), hashed)
        if row is None or not known or row.expires_at <= self.clock():
            raise NotSignedIn("the session or token is unknown, withdrawn or expired")
        return Caller(
            account_id=row.account_id, key_id=row.id, scopes=_scopes(row), admitted_until=row.expires_at
        )

    async def still_admits(self, caller: Caller) -> bool:
        """Tell whether the session or token of a long call is still good."""
        async with self.storage.reading() as session:
            row = await session.get(AccessKeyRow, caller.key_id)
        return row is not None and row.expires_at > self.clock()

    async def check_still_in(self, session: AsyncSession, caller: Caller) -> None:
        """Make sure that what let a caller in was not withdrawn since.

        Raises:
            NotSignedIn: It was.
        """
        if await session.get(AccessKeyRow, caller.key_id) is None:
            raise NotSignedIn("the session or token was withdrawn meanwhile")

    async def _issue(
        self,
        account_id: str,
        kind: KeyKind,
        about: About,
        scopes: frozenset[Scope],
        lifetime: timedelta,
        *,
        still: Check | None,
    ) -> IssuedKey:
        secret, now = _PREFIX[kind] + secrets.token_urlsafe(32), self.clock()
        key_id, name = new_id("key"), about.name
        done = EventKind.SIGNED_IN if kind == "session" else EventKind.TOKEN_ISSUED
        row = AccessKeyRow(
            id=key_id,
            account_id=account_id,
            kind=kind,
            secret_hash=digest(secret),
            scopes=written(scopes),
            name_sealed=None if name is None else self._seal_name(key_id, name),
            created_at=now,
            expires_at=now + lifetime,
        )
        try:
            async with self.storage.writing() as session:
                if still is not None:
                    await still(session)
                await repository.sweep_keys(session, account_id, now)
                if kind == "token" and await repository.tokens_of(session, account_id) >= TOKENS_MOST:
                    raise Conflict(f"the account has {TOKENS_MOST} tokens: revoke one first")
                session.add(row)
                session.add(self._event(account_id, done, **(about.model_dump() | {"key_id": key_id})))
        except IntegrityError as error:
            raise NotSignedIn("the account was erased meanwhile") from error
        return IssuedKey(**self._shown_key(row, None).model_dump(), secret=secret)

    def _shown_key(self, row: AccessKeyRow, current: str | None) -> AccessKey:
        return AccessKey(
            id=row.id,
            kind="session" if row.kind == "session" else "token",
            name=None if row.name_sealed is None else self._name(row.id, row.name_sealed),
            scopes=tuple(sorted(_scopes(row))),
            created_at=row.created_at,
            expires_at=row.expires_at,
            current=row.id == current,
        )

    def _event(self, account_id: str, kind: EventKind, **about: str | None) -> AccountEventRow:
        return event(self.storage.ring, self.clock(), account_id, kind, About(**about))

    def _seal_name(self, key_id: str, name: str) -> bytes:
        return self.storage.ring.seal(name.encode(), place=f"access_keys.name:{key_id}")

    def _name(self, key_id: str, sealed: bytes) -> str:
        return self.storage.ring.open(sealed, place=f"access_keys.name:{key_id}").decode()


def _scopes(row: AccessKeyRow) -> frozenset[Scope]:
    """Return what a key may do; a session has every right, those a later version has brought included."""
    return EVERYTHING if row.kind == "session" else read(row.scopes)
