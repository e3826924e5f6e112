"""The conversation that signs in to a diary: begun, answered turn by turn, finished once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from anyio import CancelScope
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.connections import repository
from diary_api.connections.credentials import renewal_due, seal
from diary_api.connections.diaries import Diaries, plugin_boundary
from diary_api.connections.family import Family
from diary_api.connections.flow import (
    Flow,
    Waiting,
    check_reply,
    explained,
    may_be_repeated,
    new_secret,
    new_state,
    open_flow,
    seal_flow,
    tried,
    waiting_row,
    waits,
)
from diary_api.connections.owners import Accepted, Owners, OwnLogin, Question
from diary_api.connections.states import RESTING, State
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.regions.service import Server
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.sealing import digest
from diary_api.storage.tables import ConnectionRow, SignInRow
from diary_api.upstream_calls.whose import made_for
from diary_core.errors import (
    Conflict,
    ConnectionUnknown,
    DiaryError,
    OwnerUnproven,
    RegionChanged,
    SignInExpired,
    SignInRejected,
    TryLater,
)
from diary_core.sign_in import Callback, Redirect, Reply, SignedIn, Step

log = structlog.stdlib.get_logger()

_LATER = timedelta(seconds=65)
"""So long after a request had to end, whoever carried its reply is given up for dead."""
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
    owners: Owners

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
        server = self.diaries.server(connection)
        await self.owners.check_level(server, method, connection.account_id)
        begun = await self.begin(server, method)
        try:
            async with self.storage.writing() as session:
                await repository.hold(session, connection.id)
                await self.write_down(session, connection.id, begun)
        except IntegrityError as error:
            raise ConnectionUnknown("the connection was erased meanwhile") from error
        if isinstance(begun.step, SignedIn):
            await self.finish_at_once(connection, begun)
        return begun

    async def finish_at_once(self, connection: ConnectionRow, begun: Begun) -> None:
        """Finish a sign-in that needed no step.

        Raises:
            DiaryError: The diary's person is not the account's owner, or cannot be shown to be.
        """
        server = self.diaries.server(connection)
        assert isinstance(begun.step, SignedIn)  # noqa: S101  the caller has seen to it
        verdict = await self.owners.compare(server, connection, begun.method, begun.step)
        if not isinstance(verdict, Accepted):
            await self.diaries.end(server, begun.step.credentials)
            raise OwnerUnproven("the diary tells too little of its owner")
        await self.finish(connection, begun.method, verdict)

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
            raise SignInExpired("no sign-in waits for a reply; POST …/sign-in begins one")
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
        now = self.clock()
        until = now + self.settings.request_timeout + _LATER
        async with self.storage.writing() as session:
            return await repository.take_turn(session, row, now=now, until=until)

    async def go_on(
        self, connection: ConnectionRow, row: SignInRow, flow: Flow, values: Mapping[str, str]
    ) -> None:
        """Carry a reply to the diary, in a turn that was taken; then remember the next step, or finish.

        Raises:
            SignInExpired: The sign-in was dropped meanwhile.
            DiaryError: As the diary says; a step whose reply may go through later waits again.
        """
        server = self.diaries.server(connection)
        try:
            step = await self._next(server, connection, row, flow, values)
        except DiaryError as error:
            if may_be_repeated(flow, values, error):
                await self._settle_failure(connection, row, error, "waiting", tried(flow))
            else:
                await self._settle_failure(connection, row, error, "failed", flow)
            raise
        except BaseException:
            await self._settle(row, "waiting")
            raise
        if isinstance(step, Accepted):
            await self.finish(connection, row.method, step, row)
            return
        if isinstance(step, Begun):
            await self._go_another_way(connection, row, flow, step)
            return
        asked = flow.then(step.step, step.held) if isinstance(step, Question) else flow.then(step)
        await self._wait(row, asked)

    async def _next(
        self,
        server: Server,
        connection: ConnectionRow,
        row: SignInRow,
        flow: Flow,
        values: Mapping[str, str],
    ) -> Waiting | Accepted | Question | Begun:
        """Carry a reply to whoever asked: the diary, or we ourselves before the link is made."""
        if flow.held is not None:
            try:
                return await self.owners.answered(connection, flow.held, values)
            except DiaryError:
                with made_for(connection.id):
                    await self.diaries.end(server, flow.held.opened())
                raise
        with plugin_boundary(server.provider.slug), made_for(connection.id):
            step = await server.provider.answer(
                self.diaries.channel(server), row.method, flow.carry, Reply(values=values)
            )
        if not isinstance(step, SignedIn):
            return step
        return await self._compared(server, connection, row.method, step)

    async def _compared(
        self, server: Server, connection: ConnectionRow, method: str, signed: SignedIn
    ) -> Accepted | Question | Begun:
        """Compare the diary's person with the account's owner; end the session upstream if it is no good."""
        try:
            verdict = await self.owners.compare(server, connection, method, signed)
        except DiaryError:
            await self.diaries.end(server, signed.credentials)
            raise
        if not isinstance(verdict, OwnLogin):
            return verdict
        await self.diaries.end(server, signed.credentials)
        begun = await self.begin(server, verdict.method)
        return replace(begun, step=explained(begun.step, OwnerUnproven.code))

    async def _go_another_way(
        self, connection: ConnectionRow, row: SignInRow, flow: Flow, begun: Begun
    ) -> None:
        """Go on by the diary's own login: another way in with a state of its own, and any browser may go."""
        step = waits(begun.step)
        if step is None:
            raise SignInRejected("a way in by login has let somebody in unasked")
        other = flow.then(step).model_copy(update={"state": begun.state})
        changed = {"method": begun.method, "state_hash": digest(begun.state)}
        unbound: dict[str, None] = {"browser_hash": None} if in_browser(step) else {}
        await self._wait(row, other, **changed, **unbound)
        log.info("the diary tells too little, its own login is asked for", provider=connection.provider)

    async def _wait(self, row: SignInRow, flow: Flow, **changed: str | None) -> None:
        async with self.storage.writing() as session:
            if not await repository.next_turn(
                session,
                row,
                step_kind=flow.step.step,
                flow_sealed=seal_flow(self.storage.ring, row.id, flow),
                expires_at=self.clock() + self.settings.sign_in_lifetime,
                **changed,
            ):
                raise SignInExpired("the sign-in was dropped meanwhile")

    async def finish(
        self, connection: ConnectionRow, method: str, accepted: Accepted, row: SignInRow | None = None
    ) -> None:
        """Keep the credentials, open the connection, and meet the children.

        Raises:
            SignInExpired: The sign-in was dropped meanwhile; the credentials are not kept.
            DiaryError: Signed in, but the diary shows no children, and says why.
        """
        async with self.storage.writing() as session:
            fresh = await repository.hold(session, connection.id)
            if row is not None and not await repository.settle_turn(session, row, "finished"):
                raise SignInExpired("the sign-in was dropped meanwhile")
            if fresh is None or fresh.state == State.SUSPENDED:
                raise SignInExpired("the connection was closed meanwhile")
            fresh.credentials_sealed = seal(self.storage.ring, fresh.id, accepted.credentials)
            fresh.renew_at = renewal_due(accepted.credentials, self.clock())
            fresh.identity, fresh.identity_id = accepted.tie, accepted.identity_id
            fresh.method = method
            fresh.state, fresh.outcome, fresh.outcome_at = State.ACTIVE, "ok", self.clock()
            fresh.sign_ins += 1
            done = EventKind.DIARY_LINKED if fresh.sign_ins == 1 else EventKind.DIARY_LINKED_AGAIN
            about = About(provider=fresh.provider, connection_id=fresh.id, way=method)
            session.add(event(self.storage.ring, self.clock(), fresh.account_id, done, about))
        try:
            await self.family.learn(fresh)
        except (RegionChanged, TryLater) as error:  # the link stands, and says so itself
            log.info("signed in, children not read yet", provider=fresh.provider, outcome=error.code)

    async def drop(self, connection: ConnectionRow) -> None:
        """Drop an unfinished sign-in, if there is one."""
        async with self.storage.writing() as session:
            await repository.drop_sign_ins(session, connection.id, older_than=self.clock() - _REMEMBERED)

    async def _settle(self, row: SignInRow, phase: str) -> None:
        with CancelScope(shield=True):
            async with self.storage.writing() as session:
                await repository.settle_turn(session, row, phase)

    async def _settle_failure(
        self, connection: ConnectionRow, row: SignInRow, error: DiaryError, phase: str, flow: Flow
    ) -> None:
        """Settle a turn and write down why it failed, both at once: whoever polls sees neither alone."""
        sealed = seal_flow(self.storage.ring, row.id, flow)
        with CancelScope(shield=True):
            async with self.storage.writing() as session:
                fresh = await repository.hold(session, connection.id)
                was_ours = await repository.settle_turn(session, row, phase, sealed)
                if was_ours and fresh is not None and _waits_for_its_owner(fresh, connection):
                    fresh.outcome, fresh.outcome_at = error.code, self.clock()


def _waits_for_its_owner(fresh: ConnectionRow, seen: ConnectionRow) -> bool:
    """Tell whether a connection is as it was seen, and does not work: one that does is left alone."""
    return fresh.sign_ins == seen.sign_ins and State(fresh.state) in RESTING | {State.AWAITING_USER}


def in_browser(step: Step) -> bool:
    """Tell whether a step is taken in the parent's browser."""
    return isinstance(step, Redirect)
