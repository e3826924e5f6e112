"""Opening the diary behind a connection, and writing down how each run went."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog

from diary_api.channels import Channels
from diary_api.clock import Clock
from diary_api.connections import repository
from diary_api.connections.credentials import SealedCredentials, Turns, unseal
from diary_api.connections.states import CLOSED, RESTING, State, after
from diary_api.logs import fault
from diary_api.problems import PROBLEMS
from diary_api.regions.service import Catalogue, Server
from diary_api.storage import Storage
from diary_api.storage.tables import ConnectionRow
from diary_api.upstream_calls.whose import made_for
from diary_core.abilities import Ability, Diary, lacking
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import (
    ConnectionRevoked,
    DiaryError,
    GatewayBusy,
    InstanceUnknown,
    LoginRequired,
    Misconfigured,
    NotPermitted,
    NotSupported,
    PluginBroken,
    ProviderUnknown,
)
from diary_core.model import Source
from diary_core.provider import Channel

log = structlog.stdlib.get_logger()

ResultT = TypeVar("ResultT")
_REVOKE_S = 10
"""A parent who withdraws a link does not wait longer for the diary to agree."""
_NOTE_AT_MOST = timedelta(minutes=1)
"""A connection that goes on working is not written down more often than this."""


@contextmanager
def plugin_boundary(provider: str) -> Generator[None]:
    """Let typed errors of a plugin through, and turn any other into a broken plugin.

    Raises:
        PluginBroken: It failed in a way it should not; the log says where.
    """
    try:
        yield
    except DiaryError:
        raise
    except Exception as error:
        log.error("a fault of a plugin", provider=provider, **fault(error))  # noqa: TRY400  a traceback quotes data
        raise PluginBroken(
            f"plugin {provider!r} failed with {type(error).__name__}", field=provider
        ) from error


@dataclass(frozen=True)
class Diaries:
    """Opens diaries."""

    storage: Storage
    clock: Clock
    catalogue: Catalogue
    channels: Channels
    judge: Callable[[str, str], None]
    """Told of a run that failed: the server's name, and the code."""
    turns: Turns = field(default_factory=Turns)

    async def run(
        self, connection: ConnectionRow, call: Callable[[Diary], Awaitable[ResultT]], *, insist: bool = False
    ) -> ResultT:
        """Make one call to the diary of a connection and write down how it went.

        Args:
            connection: As read a moment ago.
            call: What to ask.
            insist: Ask also when the last run said that it needs somebody's action first.

        Raises:
            SignInAgain: The parent must sign in again, or never finished.
            SignInFailed: The school or the diary must act first.
            DiaryError: Whatever the diary says to the call.
        """
        check_open(connection, insist=insist)
        server = self.server(connection)
        source = Source(
            provider=server.provider.slug, instance=server.instance.slug, connection=connection.id
        )
        keeper = self._keeper(connection, server)
        async with self._judged(connection, server):
            result = await call(
                server.provider.open(self.channels.to(server), connection.method, keeper, source)
            )
        await self._note(connection, State.ACTIVE, "ok")
        return result

    async def renew(self, connection: ConnectionRow) -> None:
        """Renew the credentials of a connection if they end soon, and write down where that fails.

        Args:
            connection: As read a moment ago.

        Raises:
            DiaryError: As for `run`.
        """
        check_open(connection)
        server = self.server(connection)
        async with self._judged(connection, server):
            await self._keeper(connection, server).current()

    async def revoke(self, connection: ConnectionRow, credentials_sealed: bytes) -> None:
        """End the session upstream, within some seconds; trouble there is logged and changes nothing."""
        try:
            server = self.server(connection)
            credentials = unseal(self.storage.ring, connection.id, credentials_sealed)
        except DiaryError as error:
            log.warning("a session was not ended upstream", provider=connection.provider, outcome=error.code)
            return
        with made_for(connection.id):
            await self.end(server, credentials)

    async def end(self, server: Server, credentials: Credentials) -> None:
        """End a session upstream; trouble there is logged and changes nothing."""
        try:
            async with asyncio.timeout(_REVOKE_S):
                with plugin_boundary(server.provider.slug):
                    await server.provider.revoke(self.channels.to(server), credentials)
        except (DiaryError, TimeoutError) as error:
            outcome = getattr(error, "code", "timeout")
            log.warning("a session was not ended upstream", provider=server.provider.slug, outcome=outcome)

    def server(self, connection: ConnectionRow) -> Server:
        """Return the server of a connection.

        Raises:
            Misconfigured: Its plugin is no longer installed, or has dropped the server.
        """
        try:
            return self.catalogue.server(connection.provider, connection.instance)
        except (ProviderUnknown, InstanceUnknown) as error:
            raise Misconfigured(
                "the plugin of this connection is not installed", field=connection.provider
            ) from error

    def check_able(self, connection: ConnectionRow, ability: type[Ability]) -> None:
        """Make sure, without asking it, that the diary of a connection has an ability.

        Raises:
            NotSupported: It has not, with the reason where it gives one.
            Misconfigured: As for `server`.
        """
        server = self.server(connection)
        diary = server.provider.diary_by(server.instance, connection.method)
        if not issubclass(diary, ability):
            raise lacking(diary, ability)

    def channel(self, server: Server) -> Channel:
        """Return the way out to a server."""
        return self.channels.to(server)

    def _keeper(self, connection: ConnectionRow, server: Server) -> CredentialKeeper:
        channel = self.channels.to(server)
        store = SealedCredentials(self.storage, self.clock, self.turns, connection)

        async def renew(credentials: Credentials) -> Credentials:
            return await server.provider.renew(channel, credentials)

        return CredentialKeeper(store, renew, self.clock)

    @asynccontextmanager
    async def _judged(self, connection: ConnectionRow, server: Server) -> AsyncGenerator[None]:
        """Let calls be made for a connection, and write down what goes wrong with it."""
        try:
            with plugin_boundary(server.provider.slug), made_for(connection.id):
                yield
        except NotSupported:  # nothing was asked of the diary
            raise
        except DiaryError as error:
            self.judge(f"{server.provider.slug}/{server.instance.slug}", error.code)
            await self._note(connection, after(error, State(connection.state)), error.code)
            raise

    async def _note(self, connection: ConnectionRow, state: State, outcome: str) -> None:
        now = self.clock()
        if (
            connection.state == state
            and connection.outcome == outcome == "ok"
            and connection.outcome_at is not None
            and now - connection.outcome_at < _NOTE_AT_MOST
        ):
            return
        try:
            async with self.storage.writing() as session:
                await repository.note_outcome(session, connection, state=state, outcome=outcome, at=now)
        except GatewayBusy as error:  # how the run went is the answer, noted or not
            log.warning("an outcome was not noted", outcome=error.code)


def check_open(connection: ConnectionRow, *, insist: bool = False) -> None:
    """Make sure that a connection may be read at all.

    Raises:
        SignInAgain: The parent must sign in again, never finished, or has withdrawn the link.
        NotPermitted: An operator has stopped it.
        DiaryError: What the diary said when it was last asked, while it would only say it again.
    """
    state = State(connection.state)
    match state:
        case State.REVOKED:
            raise ConnectionRevoked("the link was withdrawn")
        case State.SUSPENDED:
            raise NotPermitted("the connection is suspended")
        case _ if state in CLOSED or connection.credentials_sealed is None:
            raise LoginRequired("the sign-in was not finished")
        case _ if state in RESTING and not insist:
            known = PROBLEMS.get(connection.outcome or "", LoginRequired)
            raise known("as the diary said when it was last asked")
        case _:
            return
