"""Making accounts, and letting their owners in by password."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.accounts import repository
from diary_api.accounts.attempts import Attempts
from diary_api.accounts.keys import Caller, Keys
from diary_api.accounts.passwords import Passwords
from diary_api.accounts.schemas import (
    Account,
    ChangedPassword,
    IssuedKey,
    NewAccount,
    SignIn,
)
from diary_api.clock import Clock
from diary_api.events.failures import FailedSignIns
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.idempotency import Keep
from diary_api.ids import new_id
from diary_api.storage import Storage
from diary_api.storage.tables import AccountEventRow, AccountRow
from diary_core.errors import (
    AccountExists,
    Conflict,
    NotSignedIn,
    TooManyRequests,
    WrongSignIn,
)

_PASSWORD = "password"  # noqa: S105  the name of a way in


@dataclass(frozen=True)
class Accounts:
    """Parents in the gateway."""

    storage: Storage
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
    keys: Keys
    """What opens the door to whoever has come in."""

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
        return await self.keys.open_session(row.id, _PASSWORD, client, still)

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
            await self.keys.check_still_in(session, caller)
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

    async def _check_password(self, session: AsyncSession, account_id: str, known: str) -> None:
        """Raise `WrongSignIn` if the password was changed since it was compared."""
        row = await repository.hold(session, account_id)
        if row is not None and self._hashed(row) != known:
            raise WrongSignIn

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
