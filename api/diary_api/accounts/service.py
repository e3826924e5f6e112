"""Making accounts, and opening the gateway's door."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.accounts import repository
from diary_api.accounts.attempts import Attempts
from diary_api.accounts.passwords import Passwords
from diary_api.accounts.schemas import (
    AccessKey,
    Account,
    ChangedPassword,
    IssuedKey,
    NewAccount,
    NewToken,
    SignIn,
)
from diary_api.accounts.scopes import EVERYTHING, Scope, read, written
from diary_api.clock import Clock
from diary_api.events.failures import FailedSignIns
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.idempotency import Keep
from diary_api.ids import is_id, new_id
from diary_api.middleware.client_address import network_of
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.sealing import digest
from diary_api.storage.tables import AccessKeyRow, AccountEventRow, AccountRow
from diary_core.errors import (
    AccountExists,
    Conflict,
    NotFound,
    NotSignedIn,
    ScopeMissing,
    TooManyRequests,
    WrongSignIn,
)

KeyKind = Literal["session", "token"]
Check = Callable[[AsyncSession], Awaitable[None]]
_PREFIX: dict[KeyKind, str] = {"session": "dgs_", "token": "dgt_"}
"""Lets a leaked secret be recognised for what it is."""
_PASSWORD = "password"  # noqa: S105  the name of a way in


@dataclass(frozen=True)
class Caller:
    """Who makes a request, and what it may do."""

    account_id: str
    key_id: str
    scopes: frozenset[Scope]
    admitted_until: datetime
    """When the session or token ends by itself."""


@dataclass(frozen=True)
class Accounts:
    """Parents in the gateway."""

    storage: Storage
    settings: Settings
    clock: Clock
    passwords: Passwords
    attempts: Attempts
    """Wrong passwords by e-mail and address."""
    guesses: Attempts
    """Wrong passwords by address, for whichever e-mail."""
    siege: Attempts
    """Wrong passwords by e-mail, from whichever address: many addresses together guess no further."""
    made: Attempts
    """Accounts by the address they are made from: each costs a hash and a row, of anyone."""
    failures: FailedSignIns

    async def create(self, new: NewAccount, client: str, keep: Keep) -> Account:
        """Make an account.

        Args:
            new: Its e-mail and password.
            client: Address of the one who makes it.
            keep: Keeps the answer with it.

        Raises:
            AccountExists: The e-mail has one.
            TooManyRequests: This address has made too many.
        """
        await self.made.begin(self.storage.ring.index("account.made", client))
        hashed = await self.passwords.hash(new.password.get_secret_value())
        row = self._new_row(new.email, hashed)
        try:
            async with self.storage.writing() as session:
                session.add(row)
                await session.flush()
                session.add(self._event(row.id, EventKind.ACCOUNT_MADE, way=_PASSWORD))
                await keep(session, self._shown(row))
        except IntegrityError as error:
            raise AccountExists(field="email") from error
        return self._shown(row)

    def nameless(self) -> AccountRow:
        """Return the row of a new account without an e-mail, entered through an identity service."""
        return self._new_row("", "")

    async def has_password(self, session: AsyncSession, account_id: str) -> bool:
        """Tell whether an account can be entered by e-mail and password."""
        row = await repository.account(session, account_id)
        return row is not None and row.email_index != self._no_email(account_id)

    async def add_password(self, account_id: str, new: NewAccount) -> Account:
        """Give an account that has none an e-mail and a password.

        Raises:
            Conflict: It has them.
            AccountExists: The e-mail is another account's.
            NotSignedIn: The account was erased a moment ago.
        """
        hashed = await self.passwords.hash(new.password.get_secret_value())
        try:
            async with self.storage.writing() as session:
                row = await repository.hold(session, account_id)
                if row is None:
                    raise NotSignedIn
                if await self.has_password(session, account_id):
                    raise Conflict("the account has an e-mail and a password", field="email")
                row.email_index = self._email_index(new.email)
                row.email_sealed = self._seal("accounts.email", account_id, new.email)
                row.password_sealed = self._seal("accounts.password", account_id, hashed)
                session.add(self._event(account_id, EventKind.PASSWORD_SET))
        except IntegrityError as error:
            raise AccountExists(field="email") from error
        return self._shown(row)

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

    async def me(self, account_id: str) -> Account:
        """Return an account.

        Raises:
            NotSignedIn: It was erased a moment ago.
        """
        async with self.storage.reading() as session:
            row = await repository.account(session, account_id)
        if row is None:
            raise NotSignedIn
        return self._shown(row)

    async def sign_in(self, given: SignIn, client: str) -> IssuedKey:
        """Open a session.

        Args:
            given: E-mail and password.
            client: Address of the one who tries.

        Raises:
            WrongSignIn: They do not fit.
            TooManyRequests: Too many guesses: for this e-mail, from this address, or both.
        """
        row = await self._compared(self._email_index(given.email), given.password, client)
        still = partial(self._check_password, account_id=row.id, known=self._hashed(row))
        return await self.open_session(row.id, _PASSWORD, client, still)

    async def change_password(self, caller: Caller, changed: ChangedPassword, client: str) -> None:
        """Take another password in place of the present one.

        Args:
            caller: Whose session or token asks; the session stays.
            changed: Both passwords.
            client: Address of the one who asks.

        Raises:
            Conflict: The account has no password, or another one since a moment ago.
            WrongSignIn: The present password does not fit.
            TooManyRequests: Too many guesses, as at `sign_in`.
            NotSignedIn: The account was erased a moment ago.
        """
        async with self.storage.reading() as session:
            row = await repository.account(session, caller.account_id)
        if row is None:
            raise NotSignedIn
        if row.email_index == self._no_email(row.id):
            raise Conflict("the account has no password yet: add one", field="current")
        known = self._hashed(await self._compared(row.email_index, changed.current, client))
        hashed = await self.passwords.hash(changed.new.get_secret_value())
        async with self.storage.writing() as session:
            fresh = await repository.hold(session, caller.account_id)
            if fresh is None:
                raise NotSignedIn
            await self._check_still_in(session, caller)
            if self._hashed(fresh) != known:
                raise Conflict("the password was changed elsewhere meanwhile", field="current")
            fresh.password_sealed = self._seal("accounts.password", fresh.id, hashed)
            if changed.end_sessions:
                for key in await repository.keys_of(session, fresh.id, "session", self.clock()):
                    if key.id != caller.key_id:
                        await session.delete(key)
            session.add(self._event(fresh.id, EventKind.PASSWORD_CHANGED, key_id=caller.key_id))

    async def _compared(self, index: str, password: SecretStr, client: str) -> AccountRow:
        """Return the account an e-mail and a password fit; each try counts until it is right."""
        attempt = self.storage.ring.index("attempt", index, client)
        guess = self.storage.ring.index("guess", client)
        await self.guesses.begin(guess)
        try:
            await self.attempts.begin(attempt)
            await self.siege.begin(index)
        except TooManyRequests:
            await self.guesses.forgive(guess)  # it was no guess: nothing was compared
            raise
        async with self.storage.reading() as session:
            row = await repository.account_by_email(session, index)
        hashed = self._hashed(row) if row else None
        if not await self.passwords.fits(password.get_secret_value(), hashed) or row is None:
            if row is not None:
                self.failures.note(row.id)
            raise WrongSignIn
        await self.attempts.succeeded(attempt)
        await self.guesses.forgive(guess)
        await self.siege.forgive(index)
        return row

    async def issue_token(self, caller: Caller, new: NewToken) -> IssuedKey:
        """Issue a token that can do no more than its issuer.

        Raises:
            ScopeMissing: It was to be given a right its issuer lacks.
        """
        beyond = new.scopes - caller.scopes
        if beyond:
            raise ScopeMissing(f"the issuer lacks {written(beyond)!r}", field="scopes")
        lifetime = min(timedelta(days=new.expires_in_days), self.settings.token_lifetime_max)
        about, still = About(name=new.name), partial(self._check_still_in, caller=caller)
        return await self._issue(caller.account_id, "token", about, new.scopes, lifetime, still=still)

    async def keys(self, caller: Caller, kind: KeyKind) -> tuple[AccessKey, ...]:
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

    async def _check_password(self, session: AsyncSession, account_id: str, known: str) -> None:
        """Raise `WrongSignIn` if the password was changed since it was compared."""
        row = await repository.hold(session, account_id)
        if row is not None and self._hashed(row) != known:
            raise WrongSignIn

    async def _check_still_in(self, session: AsyncSession, caller: Caller) -> None:
        """Raise `NotSignedIn` if what let a caller in was withdrawn since."""
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
            name_sealed=None if name is None else self._seal("access_keys.name", key_id, name),
            created_at=now,
            expires_at=now + lifetime,
        )
        try:
            async with self.storage.writing() as session:
                if still is not None:
                    await still(session)
                await repository.sweep_keys(session, account_id, now)
                session.add(row)
                session.add(self._event(account_id, done, **(about.model_dump() | {"key_id": key_id})))
        except IntegrityError as error:
            raise NotSignedIn("the account was erased meanwhile") from error
        return IssuedKey(**self._shown_key(row, None).model_dump(), secret=secret)

    def _new_row(self, email: str, hashed: str) -> AccountRow:
        """Return the row of a new account; both are empty when it has neither e-mail nor password."""
        account_id = new_id("acc")
        return AccountRow(
            id=account_id,
            email_index=self._email_index(email) if email else self._no_email(account_id),
            email_sealed=self._seal("accounts.email", account_id, email),
            password_sealed=self._seal("accounts.password", account_id, hashed),
            created_at=self.clock(),
        )

    def _shown(self, row: AccountRow) -> Account:
        email = self._open("accounts.email", row.id, row.email_sealed)
        return Account(id=row.id, email=email or None, created_at=row.created_at)

    def _shown_key(self, row: AccessKeyRow, current: str | None) -> AccessKey:
        return AccessKey(
            id=row.id,
            kind="session" if row.kind == "session" else "token",
            name=None if row.name_sealed is None else self._open("access_keys.name", row.id, row.name_sealed),
            scopes=tuple(sorted(_scopes(row))),
            created_at=row.created_at,
            expires_at=row.expires_at,
            current=row.id == current,
        )

    def _event(self, account_id: str, kind: EventKind, **about: str | None) -> AccountEventRow:
        return event(self.storage.ring, self.clock(), account_id, kind, About(**about))

    def _hashed(self, row: AccountRow) -> str:
        return self._open("accounts.password", row.id, row.password_sealed)

    def _no_email(self, account_id: str) -> str:
        return self.storage.ring.index("accounts.no_email", account_id)

    def _email_index(self, email: str) -> str:
        return self.storage.ring.index("accounts.email", email)

    def _seal(self, column: str, row_id: str, text: str) -> bytes:
        return self.storage.ring.seal(text.encode(), place=f"{column}:{row_id}")

    def _open(self, column: str, row_id: str, sealed: bytes) -> str:
        return self.storage.ring.open(sealed, place=f"{column}:{row_id}").decode()


def _scopes(row: AccessKeyRow) -> frozenset[Scope]:
    """Return what a key may do; a session has every right, those a later version has brought included."""
    return EVERYTHING if row.kind == "session" else read(row.scopes)
