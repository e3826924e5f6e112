"""The conversation that signs in to a diary: begun, answered turn by turn, finished once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from anyio import CancelScope
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.connections import repository
from diary_api.connections.credentials import seal
from diary_api.connections.diaries import Diaries, plugin_boundary
from diary_api.connections.family import Family
from diary_api.connections.flow import (
    Flow,
    check_reply,
    new_secret,
    new_state,
    open_flow,
    seal_flow,
    waiting_row,
    waits,
)
from diary_api.connections.states import RESTING, State
from diary_api.regions.service import Server
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.tables import ConnectionRow, SignInRow
from diary_core.credentials import Credentials
from diary_core.errors import Conflict, ConnectionUnknown, DiaryError, SignInExpired, TryLater
from diary_core.sign_in import Callback, Redirect, Reply, SignedIn, Step

log = structlog.stdlib.get_logger()

_REMEMBERED = timedelta(days=1)
"""How long a sign-in that is over is kept, so that a late browser is told what happened."""


@dataclass(frozen=True)
class Begun:
    """A sign-in the diary has agreed to, not yet written down."""

    method: str
    step: Step
    ticket: str
    state: str


@dataclass(frozen=True)
class SignIns:
    """Signing in to diaries."""

    storage: Storage
    settings: Settings
    clock: Clock
    diaries: Diaries
    family: Family

    async def begin(self, server: Server, method: str) -> Begun:
        """Ask a diary for the first step.

        Raises:
            MethodUnknown: It is not entered this way.
            InstanceRetired: It serves nobody any more.
            DiaryError: As the diary says.
        """
        self.diaries.catalogue.check_method(server, method)
        state = new_state()
        callback = Callback(url=f"{self.settings.public_url}/v1/callback", state=state)
        with plugin_boundary(server.provider.slug):
            step = await server.provider.begin(self.diaries.channel(server), method, callback)
        return Begun(method, step, new_secret(), state)

    async def write_down(self, session: AsyncSession, connection_id: str, begun: Begun) -> None:
        """Remember the first step until its reply; an older unfinished sign-in is dropped."""
        now = self.clock()
        await repository.drop_sign_ins(session, connection_id, older_than=now - _REMEMBERED)
        step = waits(begun.step)
        if step is None:
            return
        flow = Flow(step=step, carry=step.carry, ticket=begun.ticket, state=begun.state)
        row = waiting_row(
            self.storage.ring,
            flow,
            method=begun.method,
            now=now,
            expires_at=now + self.settings.sign_in_lifetime,
        )
        row.connection_id = connection_id
        session.add(row)

    async def begin_again(self, connection: ConnectionRow, method: str) -> Begun:
        """Begin a new sign-in of a connection that is there already.

        Raises:
            ConnectionUnknown: It was erased while the diary was answering.
            DiaryError: As the diary says; the connection stays as it was.
        """
        begun = await self.begin(self.diaries.server(connection), method)
        try:
            async with self.storage.writing() as session:
                await self.write_down(session, connection.id, begun)
        except IntegrityError as error:
            raise ConnectionUnknown("the connection was erased meanwhile") from error
        if isinstance(begun.step, SignedIn):
            await self.finish(connection, method, begun.step.credentials)
        return begun

    async def answer(self, connection: ConnectionRow, values: Mapping[str, str], turn: int | None) -> None:
        """Reply to the step that waits.

        Raises:
            SignInExpired: None does.
            Conflict: Another reply to this step came first, or the reply was meant for another step.
            InvalidInput: The reply does not fit the step.
            DiaryError: As the diary says.
        """
        async with self.storage.reading() as session:
            row = await repository.pending_of(session, connection.id, self.clock())
        if row is None:
            raise SignInExpired("no sign-in waits for a reply")
        if turn is not None and turn != row.turn:
            raise Conflict("this step is over, read the present one", field="turn")
        flow = self.flow(row)
        check_reply(flow, values)
        if not await self.take(row):
            raise Conflict("another reply to this step came first")
        await self.go_on(connection, row, flow, values)

    def flow(self, row: SignInRow) -> Flow:
        """Open what a sign-in remembers."""
        return open_flow(self.storage.ring, row.id, row.flow_sealed)

    async def take(self, row: SignInRow) -> bool:
        """Become the one who answers a turn; tell whether it was still to be had."""
        async with self.storage.writing() as session:
            return await repository.take_turn(session, row, self.clock())

    async def go_on(
        self, connection: ConnectionRow, row: SignInRow, flow: Flow, values: Mapping[str, str]
    ) -> None:
        """Carry a reply to the diary, in a turn that was taken; then remember the next step, or finish.

        Raises:
            SignInExpired: The sign-in was dropped meanwhile.
            DiaryError: As the diary says; after `TryLater` the same step waits again.
        """
        server = self.diaries.server(connection)
        try:
            with plugin_boundary(server.provider.slug):
                step = await server.provider.answer(
                    self.diaries.channel(server), row.method, flow.carry, Reply(values=values)
                )
        except DiaryError as error:
            await self._settle(row, "waiting" if isinstance(error, TryLater) else "failed")
            await self._note_failure(connection, error)
            raise
        except BaseException:
            await self._settle(row, "waiting")
            raise
        if isinstance(step, SignedIn):
            await self.finish(connection, row.method, step.credentials, row)
            return
        async with self.storage.writing() as session:
            if not await repository.next_turn(
                session,
                row,
                step_kind=step.step,
                flow_sealed=seal_flow(self.storage.ring, row.id, flow.then(step)),
                expires_at=self.clock() + self.settings.sign_in_lifetime,
            ):
                raise SignInExpired("the sign-in was dropped meanwhile")

    async def finish(
        self, connection: ConnectionRow, method: str, credentials: Credentials, row: SignInRow | None = None
    ) -> None:
        """Keep the credentials, open the connection, and meet the children.

        Raises:
            SignInExpired: The sign-in was dropped meanwhile; the credentials are not kept.
            DiaryError: Signed in, but the diary shows no children, and says why.
        """
        async with self.storage.writing() as session:
            if row is not None and not await repository.settle_turn(session, row, "finished"):
                raise SignInExpired("the sign-in was dropped meanwhile")
            fresh = await repository.connection(session, connection.id)
            if fresh is None or fresh.state == State.SUSPENDED:
                raise SignInExpired("the connection was closed meanwhile")
            fresh.credentials_sealed = seal(self.storage.ring, fresh.id, credentials)
            fresh.method = method
            fresh.state, fresh.outcome, fresh.outcome_at = State.ACTIVE, "ok", self.clock()
            fresh.sign_ins += 1
        try:
            await self.family.learn(fresh)
        except TryLater as error:
            log.info("signed in, children not read yet", provider=fresh.provider, outcome=error.code)

    async def drop(self, connection: ConnectionRow) -> None:
        """Drop an unfinished sign-in, if there is one."""
        async with self.storage.writing() as session:
            await repository.drop_sign_ins(session, connection.id, older_than=self.clock() - _REMEMBERED)

    async def _settle(self, row: SignInRow, phase: str) -> None:
        with CancelScope(shield=True):
            async with self.storage.writing() as session:
                await repository.settle_turn(session, row, phase)

    async def _note_failure(self, connection: ConnectionRow, error: DiaryError) -> None:
        """Write down why a connection that waits for its owner did not open; a working one is left alone."""
        if State(connection.state) not in RESTING | {State.AWAITING_USER}:
            return
        async with self.storage.writing() as session:
            fresh = await repository.connection(session, connection.id)
            if fresh is not None and fresh.sign_ins == connection.sign_ins:
                fresh.outcome, fresh.outcome_at = error.code, self.clock()


def in_browser(step: Step) -> bool:
    """Tell whether a step is taken in the parent's browser."""
    return isinstance(step, Redirect)
