"""Linking diaries, and unlinking them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.connections import repository
from diary_api.connections.diaries import Diaries
from diary_api.connections.family import Family, forget_family
from diary_api.connections.schemas import Connection, NewConnection, PendingStep, StepReply
from diary_api.connections.sign_ins import SignIns
from diary_api.connections.states import State
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.grants import repository as grants
from diary_api.idempotency import Keep
from diary_api.identities.matching import Tie
from diary_api.ids import is_id, new_id
from diary_api.regions.service import Catalogue, Server
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.tables import ConnectionRow, SignInRow
from diary_core.bilingual import Bilingual
from diary_core.errors import Conflict, ConnectionUnknown, InvalidInput, Misconfigured, NotSignedIn
from diary_core.sign_in import Redirect, SignedIn

LINKS_MOST = 50
"""Of one account, those not withdrawn; a large family with every diary there is has fewer."""


class Withdrawn(NamedTuple):
    """A link its parent has withdrawn, and what is needed to end its session upstream."""

    connection: ConnectionRow
    credentials_sealed: bytes | None


@dataclass(frozen=True)
class LinkedDiaries:
    """The connections of every account."""

    storage: Storage
    settings: Settings
    clock: Clock
    catalogue: Catalogue
    diaries: Diaries
    family: Family
    sign_ins: SignIns

    async def create(self, account_id: str, new: NewConnection, keep: Keep) -> Connection:
        """Link a diary: ask it for the first step, then remember the connection.

        Args:
            account_id: Whose.
            new: Which diary, and how to sign in.
            keep: Keeps the answer with it.

        Raises:
            NotFound: No such region, provider, instance or method.
            RegionNotServed: No plugin serves the region.
            Conflict: The account has as many links as one may have.
            NotSignedIn: The account was erased while the diary was answering.
            DiaryError: As the diary says; then nothing was linked.
        """
        server = self._server(new)
        await self._check_room(account_id)
        await self.sign_ins.owners.check_level(server, new.method, account_id)
        begun = await self.sign_ins.begin(server, new.method)
        row = ConnectionRow(
            id=new_id("con"),
            account_id=account_id,
            provider=server.provider.slug,
            instance=server.instance.slug,
            region=new.region or next(iter(server.instance.regions), None),
            method=new.method,
            state=State.AWAITING_USER,
            sign_ins=0,
            identity="unproven",
            created_at=self.clock(),
        )
        try:
            async with self.storage.writing() as session:
                session.add(row)
                await session.flush()
                await self.sign_ins.write_down(session, row.id, begun)
                await keep(session, await self._shown(session, row))
        except IntegrityError as error:
            raise NotSignedIn("the account was erased meanwhile") from error
        if isinstance(begun.step, SignedIn):
            await self.sign_ins.finish_at_once(row, begun)
        return await self.show(account_id, row.id)

    async def list(self, account_id: str) -> tuple[Connection, ...]:
        """Return an account's connections, oldest first."""
        async with self.storage.reading() as session:
            rows = await repository.connections_of(session, account_id)
            return tuple([await self._shown(session, row) for row in rows])

    async def show(self, account_id: str, connection_id: str) -> Connection:
        """Return one connection.

        Raises:
            ConnectionUnknown: This account has no such connection.
        """
        async with self.storage.reading() as session:
            return await self._shown(session, await _owned(session, account_id, connection_id))

    async def answer(self, account_id: str, connection_id: str, reply: StepReply) -> Connection:
        """Reply to the step that waits, and return the connection with the next one.

        Raises:
            ConnectionUnknown: This account has no such connection.
            SignInExpired: No step waits.
            DiaryError: As the diary says.
        """
        connection = await self._owned(account_id, connection_id)
        values = {name: value.get_secret_value() for name, value in reply.values.items()}
        await self.sign_ins.answer(connection, values, reply.turn)
        return await self.show(account_id, connection_id)

    async def sign_in_again(self, account_id: str, connection_id: str, method: str | None) -> Connection:
        """Begin a new sign-in; the connection, its children and their ids stay.

        Raises:
            ConnectionUnknown: This account has no such connection.
            Conflict: An operator has stopped it.
            DiaryError: As the diary says.
        """
        connection = await self._owned(account_id, connection_id)
        if connection.state == State.SUSPENDED:
            raise Conflict("the connection is suspended")
        await self.sign_ins.begin_again(connection, method or connection.method)
        return await self.show(account_id, connection_id)

    async def drop_sign_in(self, account_id: str, connection_id: str) -> None:
        """Drop an unfinished sign-in; what was linked before goes on working.

        Raises:
            ConnectionUnknown: This account has no such connection.
        """
        await self.sign_ins.drop(await self._owned(account_id, connection_id))

    async def refresh(self, account_id: str, connection_id: str) -> Connection:
        """Ask the diary anew who is there, also when the last run failed.

        Raises:
            ConnectionUnknown: This account has no such connection.
            DiaryError: As the diary says.
        """
        await self.family.learn(await self._owned(account_id, connection_id), insist=True)
        return await self.show(account_id, connection_id)

    async def revoke(self, account_id: str, connection_id: str) -> None:
        """Withdraw a link: erase its secrets and what was read through it, then end the session upstream.

        Raises:
            ConnectionUnknown: This account has no such connection.
        """
        async with self.storage.erasing() as session:
            row = await _owned(session, account_id, connection_id)
            withdrawn = await _withdrawn(session, row, self.clock())
            about = About(provider=row.provider, connection_id=row.id)
            session.add(event(self.storage.ring, self.clock(), account_id, EventKind.DIARY_UNLINKED, about))
        await self.end_upstream([withdrawn])

    async def withdraw_all(self, account_id: str) -> Sequence[Withdrawn]:
        """Withdraw every link of an account; the sessions upstream are still to be ended."""
        async with self.storage.writing() as session:
            rows = await repository.connections_of(session, account_id)
            return [await _withdrawn(session, row, self.clock()) for row in rows]

    async def end_upstream(self, withdrawn: Sequence[Withdrawn]) -> None:
        """End the upstream sessions of withdrawn links, all at once."""
        await asyncio.gather(
            *(
                self.diaries.revoke(link.connection, link.credentials_sealed)
                for link in withdrawn
                if link.credentials_sealed is not None
            )
        )

    async def _check_room(self, account_id: str) -> None:
        async with self.storage.reading() as session:
            rows = await repository.connections_of(session, account_id)
        if sum(row.state != State.REVOKED for row in rows) >= LINKS_MOST:
            raise Conflict(f"the account has {LINKS_MOST} links: withdraw one first")

    def _server(self, new: NewConnection) -> Server:
        if new.provider is None or new.instance is None:
            return self.catalogue.server_for(new.region or "", new.method)
        server = self.catalogue.server(new.provider, new.instance)
        if new.region is not None and new.region not in server.instance.regions:
            raise InvalidInput(f"{new.instance!r} does not serve the region {new.region!r}", field="region")
        return server

    async def _owned(self, account_id: str, connection_id: str) -> ConnectionRow:
        async with self.storage.reading() as session:
            return await _owned(session, account_id, connection_id)

    async def _shown(self, session: AsyncSession, row: ConnectionRow) -> Connection:
        pending = await repository.pending_of(session, row.id, self.clock())
        return Connection(
            id=row.id,
            provider=row.provider,
            instance=row.instance,
            title=self._title(row),
            region=row.region,
            method=row.method,
            state=State(row.state),
            outcome=row.outcome,
            outcome_at=row.outcome_at,
            identity=Tie(row.identity),
            created_at=row.created_at,
            pending=None if pending is None else self._pending(pending),
        )

    def _title(self, row: ConnectionRow) -> Bilingual | None:
        try:
            return self.diaries.server(row).instance.title
        except Misconfigured:
            return None

    def _pending(self, row: SignInRow) -> PendingStep:
        """Show a step; the diary's own address stays inside, the browser gets it after it was bound."""
        flow = self.sign_ins.flow(row)
        step = flow.step
        if isinstance(step, Redirect):
            step = Redirect(url=f"{self.settings.public_url}/v1/sign-ins/{flow.ticket}", problem=step.problem)
        return PendingStep(turn=row.turn, expires_at=row.expires_at, step=step)


async def _withdrawn(session: AsyncSession, row: ConnectionRow, now: datetime) -> Withdrawn:
    await repository.hold(session, row.id)
    credentials_sealed, row.credentials_sealed = row.credentials_sealed, None
    row.state = State.REVOKED
    row.outcome = row.outcome_at = None
    row.identity, row.identity_id = Tie.UNPROVEN, None
    await repository.forget_sign_ins(session, row.id)
    await forget_family(session, row.id)
    await grants.end_on_connection(session, row.id, now)
    return Withdrawn(row, credentials_sealed)


async def _owned(session: AsyncSession, account_id: str, connection_id: str) -> ConnectionRow:
    row = None
    if is_id("con", connection_id):
        row = await repository.connection_of(session, account_id, connection_id)
    if row is None:
        raise ConnectionUnknown(f"you have no such connection: {connection_id[:64]!r}", field="connection_id")
    return row
