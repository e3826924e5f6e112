"""Inviting trusted people, and everything that happens to a grant afterwards."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.accounts.attempts import Attempts
from diary_api.clock import Clock
from diary_api.connections.family import KnownChild, unknown_child
from diary_api.connections.flow import new_secret
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.grants import repository
from diary_api.grants.access import Access
from diary_api.grants.repository import Given
from diary_api.grants.rights import Right, Rights, read, written
from diary_api.grants.schemas import (
    Acceptance,
    Grant,
    GrantUse,
    GrantUses,
    HeldGrant,
    Invitation,
    InvitedGrant,
    NarrowedGrant,
    NewGrant,
)
from diary_api.grants.states import OPEN, state_of
from diary_api.idempotency import Keep
from diary_api.identities.codes import MOST_TRIES, new_code, same_code
from diary_api.ids import is_id, new_id
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.sealing import digest
from diary_api.storage.tables import AccountEventRow, GrantRow
from diary_core.errors import (
    Conflict,
    GrantUnknown,
    GrantWidened,
    InvalidInput,
    InvitationRefused,
    NotSignedIn,
    OwnInvitation,
)
from diary_core.model import Moment

OPEN_MOST = 20
"""Open grants and invitations on one child."""
_LINK_PREFIX = "dgi_"
"""Lets a leaked link be recognised for what it is."""


@dataclass(frozen=True)
class Grants:
    """The grants on every child."""

    storage: Storage
    settings: Settings
    clock: Clock
    access: Access
    attempts: Attempts

    async def invite(self, parent_id: str, child_id: str, new: NewGrant, keep: Keep) -> InvitedGrant:
        """Make a grant that waits for one person, and the invitation that lets her accept it.

        Args:
            parent_id: Whose child it is.
            child_id: Whom it is about.
            new: What it opens, to whom and until when.
            keep: Keeps the answer with it.

        Raises:
            ChildUnknown: The account has no such child of its own.
            InvalidInput: It would end before it begins, or too late.
            Conflict: So many are open on the child already.
        """
        await self.access.family.child(parent_id, child_id)
        now = self.clock()
        if not now < new.ends_at <= now + self.settings.grant_lifetime_max:
            most = self.settings.grant_lifetime_max.days
            raise InvalidInput(f"must lie ahead, by {most} days at most", field="ends_at")
        grant_id, secret, code = new_id("grt"), _LINK_PREFIX + new_secret(), new_code()
        row = GrantRow(
            id=grant_id,
            child_id=child_id,
            called_sealed=self._seal("called", grant_id, new.called),
            rights=written(new.rights),
            link_hash=digest(secret),
            code_sealed=self._seal("code", grant_id, code),
            tries=0,
            invitation_ends_at=min(now + self.settings.invitation_lifetime, new.ends_at),
            ends_at=new.ends_at,
            created_at=now,
        )
        link = f"{self.settings.public_url}/invitation#{secret}"
        invitation = Invitation(link=link, code=code, ends_at=row.invitation_ends_at)
        invited = InvitedGrant(**self._shown(row, None).model_dump(), invitation=invitation)
        async with self.storage.writing() as session:
            if not await repository.hold_child(session, child_id):
                raise unknown_child(child_id)  # unlinked a moment ago
            given = await repository.grants_of(session, child_id)
            if sum(state_of(one, now) in OPEN for one in given) >= OPEN_MOST:
                raise Conflict(f"{OPEN_MOST} grants are open on this child: revoke one first")
            session.add(row)
            session.add(self._event(parent_id, EventKind.GRANT_GIVEN, row, name=new.called))
            await keep(session, invited)
        return invited

    async def list(self, parent_id: str, child_id: str) -> tuple[Grant, ...]:
        """Return every grant on a child, newest first.

        Raises:
            ChildUnknown: The account has no such child of its own.
        """
        await self.access.family.child(parent_id, child_id)
        await self.access.uses.write()
        async with self.storage.reading() as session:
            rows = await repository.grants_of(session, child_id)
            used = await repository.last_uses(session, child_id)
        return tuple(self._shown(row, used.get(row.id)) for row in rows)

    async def narrow(self, parent_id: str, child_id: str, grant_id: str, changed: NarrowedGrant) -> Grant:
        """Shorten a grant, take rights from it, or call her something else.

        Raises:
            ChildUnknown: The account has no such child of its own.
            GrantUnknown: There is no such grant on the child.
            GrantWidened: It would open more, or end later.
            Conflict: It has ended.
        """
        await self.access.family.child(parent_id, child_id)
        async with self.storage.writing() as session:
            row = await _grant(session, child_id, grant_id, hold=True)
            if state_of(row, self.clock()) not in OPEN:
                raise Conflict("the grant has ended", field="grant_id")
            if changed.rights is not None and not changed.rights <= read(row.rights):
                raise GrantWidened("a right is not among the present ones", field="rights")
            if changed.ends_at is not None and changed.ends_at > row.ends_at:
                raise GrantWidened(f"the grant ends at {row.ends_at.isoformat()}", field="ends_at")
            if changed.rights is not None:
                row.rights = written(changed.rights)
            if changed.ends_at is not None:
                row.ends_at = changed.ends_at
                row.invitation_ends_at = min(row.invitation_ends_at, row.ends_at)
            if changed.called is not None:
                row.called_sealed = self._seal("called", row.id, changed.called)
            used = await repository.last_uses(session, child_id)
            session.add(self._event(parent_id, EventKind.GRANT_NARROWED, row, name=self._called(row)))
        return self._shown(row, used.get(row.id))

    async def revoke(self, parent_id: str, child_id: str, grant_id: str) -> None:
        """Take a grant back, or its invitation; from now on it lets nobody in.

        Raises:
            ChildUnknown: The account has no such child of its own.
            GrantUnknown: There is no such grant on the child.
        """
        await self.access.family.child(parent_id, child_id)
        with _erased_meanwhile(grant_id):
            async with self.storage.writing() as session:
                row = await _grant(session, child_id, grant_id)
                await repository.end(session, row.id, "revoked", self.clock())
                session.add(self._event(parent_id, EventKind.GRANT_REVOKED, row, name=self._called(row)))

    async def uses(
        self, parent_id: str, child_id: str, grant_id: str, *, cursor: str | None, most: int
    ) -> GrantUses:
        """Return what a grant was used for, newest first.

        Raises:
            ChildUnknown: The account has no such child of its own.
            GrantUnknown: There is no such grant on the child.
            InvalidInput: The cursor is none of this list.
        """
        await self.access.family.child(parent_id, child_id)
        await self.access.uses.write()
        async with self.storage.reading() as session:
            row = await _grant(session, child_id, grant_id)
            page = await repository.uses_of(session, row.id, cursor=cursor, most=most)
        return GrantUses(
            items=tuple(
                GrantUse(
                    kind=use.kind,
                    outcome=use.outcome,
                    count=use.count,
                    first_at=use.first_at,
                    last_at=use.last_at,
                )
                for use in page.rows
            ),
            next=page.next,
        )

    async def accept(self, account_id: str, given: Acceptance, keep: Keep) -> HeldGrant:
        """Accept an invitation; whatever let this account to the same child before is replaced.

        Args:
            account_id: Who accepts.
            given: The link and the code.
            keep: Keeps the answer with it.

        Raises:
            OwnInvitation: The child is the account's own.
            InvitationRefused: The link or the code does not fit, or the invitation is over.
            TooManyRequests: This account has tried too often.
            NotSignedIn: The account was erased meanwhile.
        """
        attempt = self.storage.ring.index("grants.accept", account_id)
        await self.attempts.begin(attempt)
        try:
            held = await self._accept(account_id, given, keep)
        except IntegrityError:  # another invitation to the child was accepted in this very moment
            try:
                held = await self._accept(account_id, given, keep)
            except IntegrityError as error:
                raise NotSignedIn("the account was erased meanwhile") from error
        if held is None:
            raise InvitationRefused
        await self.attempts.succeeded(attempt)
        return held

    async def held(self, account_id: str) -> tuple[HeldGrant, ...]:
        """Return the grants that let this account in, oldest first."""
        opened = await self.access.granted(account_id)
        return tuple(_held(one.grant, one.value) for one in opened if one.grant is not None)

    async def give_back(self, account_id: str, grant_id: str) -> None:
        """End a grant this account was given.

        Raises:
            GrantUnknown: The account holds no such grant.
        """
        with _erased_meanwhile(grant_id):
            async with self.storage.writing() as session:
                running = await repository.running_to(session, account_id, self.clock())
                given = next((one for one in running if one.grant.id == grant_id), None)
                if given is None:
                    raise GrantUnknown("you hold no such grant", field="grant_id")
                await repository.end(session, grant_id, "given_back", self.clock())
                self._tell_both(session, EventKind.GRANT_GIVEN_BACK, given, account_id)

    async def _accept(self, account_id: str, given: Acceptance, keep: Keep) -> HeldGrant | None:
        """Let an account in if the invitation stands and the code fits; count the try in any case."""
        link_hash = digest(given.link.get_secret_value().rpartition("#")[2].strip())
        now = self.clock()
        async with self.storage.reading() as session:
            about = await repository.invitation(session, link_hash)
        if about is None:
            return None
        child = await self.access.family.child(about.parent_id, about.grant.child_id)
        async with self.storage.writing() as session:
            found = await repository.invitation(session, link_hash)
            if found is None or found.grant.code_sealed is None:
                return None
            grant, code = found.grant, self._open("code", found.grant.id, found.grant.code_sealed)
            if found.parent_id == account_id:
                raise OwnInvitation
            if not await repository.count_try(session, grant.id, MOST_TRIES, now):
                return None
            if not same_code(given.code.get_secret_value(), code):
                return None
            await repository.accept(session, grant, account_id, now)
            self._tell_both(session, EventKind.GRANT_ACCEPTED, found, account_id)
            held = _held(grant, child)
            await keep(session, held)
        return held

    def _tell_both(self, session: AsyncSession, kind: EventKind, given: Given, person_id: str) -> None:
        """Write down what a trusted person does, for her and for the parent; what he calls her is his."""
        session.add(self._event(given.parent_id, kind, given.grant, name=self._called(given.grant)))
        session.add(self._event(person_id, kind, given.grant))

    def _event(
        self, account_id: str, kind: EventKind, grant: GrantRow, *, name: str | None = None
    ) -> AccountEventRow:
        about = About(grant_id=grant.id, child_id=grant.child_id, name=name)
        return event(self.storage.ring, self.clock(), account_id, kind, about)

    def _called(self, row: GrantRow) -> str:
        return self._open("called", row.id, row.called_sealed)

    def _shown(self, row: GrantRow, last_used_at: Moment | None) -> Grant:
        return Grant(
            id=row.id,
            called=self._open("called", row.id, row.called_sealed),
            rights=_listed(read(row.rights)),
            state=state_of(row, self.clock()),
            created_at=row.created_at,
            invitation_ends_at=row.invitation_ends_at,
            accepted_at=row.accepted_at,
            ends_at=row.ends_at,
            ended_at=row.ended_at,
            last_used_at=last_used_at,
        )

    def _seal(self, column: str, row_id: str, text: str) -> bytes:
        return self.storage.ring.seal(text.encode(), place=f"grants.{column}:{row_id}")

    def _open(self, column: str, row_id: str, sealed: bytes) -> str:
        return self.storage.ring.open(sealed, place=f"grants.{column}:{row_id}").decode()


async def _grant(session: AsyncSession, child_id: str, grant_id: str, *, hold: bool = False) -> GrantRow:
    row = None
    if is_id("grt", grant_id):
        row = await repository.grant_of(session, child_id, grant_id, hold=hold)
    if row is None:
        raise _unknown(grant_id)
    return row


@contextmanager
def _erased_meanwhile(grant_id: str) -> Generator[None]:
    """Say that there is no such grant where one of its accounts goes in this very moment, and it with it."""
    try:
        yield
    except IntegrityError as error:
        raise _unknown(grant_id) from error


def _unknown(grant_id: str) -> GrantUnknown:
    return GrantUnknown(f"there is no such grant: {grant_id[:64]!r}", field="grant_id")


def _held(grant: GrantRow, child: KnownChild) -> HeldGrant:
    assert grant.accepted_at is not None  # noqa: S101  only an accepted grant lets anyone in
    return HeldGrant(
        id=grant.id,
        child_id=child.id,
        child_name=child.profile.name,
        rights=_listed(read(grant.rights)),
        accepted_at=grant.accepted_at,
        ends_at=grant.ends_at,
    )


def _listed(rights: Rights) -> tuple[Right, ...]:
    return tuple(sorted(rights))
