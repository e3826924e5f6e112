"""The proven identities of every account: found by subject alone, never by e-mail or name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.accounts import repository as accounts_repository
from diary_api.accounts.service import Accounts
from diary_api.clock import Clock
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.identities import repository
from diary_api.identities.schemas import ProvenIdentity
from diary_api.identities.stored import StoredIdentity, open_identity, seal_identity
from diary_api.ids import is_id, new_id
from diary_api.storage import Storage
from diary_api.storage.tables import AccountEventRow, IdentityRow
from diary_core.errors import Conflict, IdentityTaken, NotFound
from diary_core.identity import AccountLevel, Identity


@dataclass(frozen=True)
class KnownIdentity:
    """An identity an account has proven."""

    id: str
    provider: str
    profile: StoredIdentity


@dataclass(frozen=True)
class Identities:
    """Who the owners of accounts are."""

    storage: Storage
    clock: Clock
    accounts: Accounts

    async def of(self, account_id: str) -> tuple[ProvenIdentity, ...]:
        """Return what may be told of an account's identities, oldest first."""
        async with self.storage.reading() as session:
            rows = await repository.identities_of(session, account_id)
        return tuple(
            ProvenIdentity(
                id=row.id, provider=row.provider, level=AccountLevel(row.level), proven_at=row.proven_at
            )
            for row in rows
        )

    async def known(self, account_id: str) -> tuple[KnownIdentity, ...]:
        """Return an account's identities in full, oldest first, to compare a diary's person with."""
        async with self.storage.reading() as session:
            rows = await repository.identities_of(session, account_id)
        return tuple(
            KnownIdentity(row.id, row.provider, open_identity(self.storage.ring, row.id, row.profile_sealed))
            for row in rows
        )

    async def enter(self, session: AsyncSession, identity: Identity) -> str:
        """Return the account of a person, making one for a person who has none."""
        row = await repository.identity_by_subject(session, self._subject_index(identity))
        earlier = self._opened(row)
        if row is None:
            account = self.accounts.nameless()
            session.add(account)
            await session.flush()
            row = self._new_row(account.id, identity)
            session.add(row)
            session.add(self._event(account.id, EventKind.ACCOUNT_MADE, way=identity.provider))
        self._write(row, identity, earlier)
        await session.flush()
        return row.account_id

    async def prove(self, session: AsyncSession, account_id: str, identity: Identity) -> None:
        """Write down that a person owns an account.

        Raises:
            IdentityTaken: The person owns another one.
            Conflict: The account is owned by another person.
        """
        row = await repository.identity_by_subject(session, self._subject_index(identity))
        if row is not None and row.account_id != account_id:
            raise IdentityTaken("the person owns another account")
        earlier = self._opened(row)
        if row is None:
            others = await repository.identities_of(session, account_id)
            if any(other.provider == identity.provider for other in others):
                raise Conflict("the account is proven to be another person's", field="identity")
            row = self._new_row(account_id, identity)
            session.add(row)
            session.add(self._event(account_id, EventKind.IDENTITY_PROVEN, provider=identity.provider))
        self._write(row, identity, earlier)
        await session.flush()

    async def forget(self, account_id: str, identity_id: str) -> None:
        """Remove an identity; links that were proven by it become unproven.

        Raises:
            NotFound: This account has no such identity.
            Conflict: It is the only way into the account.
        """
        unknown = NotFound("you have no such identity", field="identity_id")
        if not is_id("idn", identity_id):
            raise unknown
        async with self.storage.erasing() as session:
            await accounts_repository.hold(session, account_id)
            rows = await repository.identities_of(session, account_id)
            if identity_id not in {row.id for row in rows}:
                raise unknown
            if len(rows) == 1 and not await self.accounts.has_password(session, account_id):
                raise Conflict("this is the only way in: set an e-mail and a password first", field="email")
            await repository.forget_identity(session, account_id, identity_id)
            (removed,) = {row.provider for row in rows if row.id == identity_id}
            session.add(self._event(account_id, EventKind.IDENTITY_REMOVED, provider=removed))

    def _new_row(self, account_id: str, identity: Identity) -> IdentityRow:
        return IdentityRow(
            id=new_id("idn"),
            account_id=account_id,
            provider=identity.provider,
            subject_index=self._subject_index(identity),
            created_at=self.clock(),
        )

    def _opened(self, row: IdentityRow | None) -> StoredIdentity | None:
        return None if row is None else open_identity(self.storage.ring, row.id, row.profile_sealed)

    def _write(self, row: IdentityRow, identity: Identity, earlier: StoredIdentity | None) -> None:
        """Keep the newest word of the service; what it does not tell now stays as it was told."""
        ring, stored = self.storage.ring, StoredIdentity.of(identity)
        if earlier is not None:
            stored = stored.after(earlier, identity.missing)
        row.level = stored.level
        row.snils_index = ring.index("identities.snils", stored.snils.digits) if stored.snils else None
        row.profile_sealed = seal_identity(ring, row.id, stored)
        row.proven_at = self.clock()

    def _event(self, account_id: str, kind: EventKind, **about: str) -> AccountEventRow:
        return event(self.storage.ring, self.clock(), account_id, kind, About(**about))

    def _subject_index(self, identity: Identity) -> str:
        return self.storage.ring.index("identities.subject", identity.provider, identity.subject)
