"""The part of a sign-in that happens in the parent's own browser: going to the diary, and coming back.

A link to a sign-in may have been sent by somebody else, to have a stranger's diary linked to their account.
So the browser first shows whose account is linking what, and only a click there binds it and sends it on;
the redirect is then taken from that browser alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.connections import repository
from diary_api.connections.diaries import check_open
from diary_api.connections.flow import Flow
from diary_api.connections.sign_ins import SignIns, in_browser
from diary_api.connections.states import State
from diary_api.identities.proofs import Proofs
from diary_api.storage.sealing import digest
from diary_api.storage.tables import ConnectionRow, SignInRow
from diary_core.errors import SignInExpired, SignInMismatch
from diary_core.sign_in import Redirect

REMEMBERED = timedelta(hours=1)
"""For how long a browser is told what came of its sign-in, and may begin a failed one anew."""


@dataclass(frozen=True)
class Invitation:
    """A sign-in that waits for a browser."""

    row: SignInRow
    connection: ConnectionRow | None
    """The diary to link; None when it is proven who a parent is."""
    ticket: str
    confirmation: str
    """What the browser shows to go on: it proves that the page was seen in this very browser."""


@dataclass(frozen=True)
class Standing:
    """How far a sign-in has come, for the browser that has gone to the diary with it."""

    row: SignInRow
    connection: ConnectionRow | None
    """The diary to link; None when it is proven who a parent is."""
    flow: Flow

    @property
    def goes_on_in_browser(self) -> bool:
        """Whether the browser, or another one, is to be sent to the diary."""
        return self.row.phase == "waiting" and in_browser(self.flow.step)


@dataclass(frozen=True)
class Browsers:
    """Browsers on their way to a diary and back."""

    sign_ins: SignIns
    proofs: Proofs

    async def invite(self, ticket: str, browser: str) -> Invitation:
        """Return what a browser must be shown before it goes to the diary.

        Raises:
            SignInExpired: The sign-in is over, or there was none.
            SignInMismatch: Another browser has gone to the diary.
        """
        row, connection = await self._waiting(ticket)
        if row.browser_hash not in {None, self._bound(browser, ticket)}:
            raise SignInMismatch("the sign-in belongs to another browser")
        return Invitation(row, connection, ticket, self.confirmation(browser, ticket))

    async def go(self, ticket: str, browser: str, confirmation: str) -> str:
        """Bind a sign-in to the browser that has confirmed it, and return the diary's own address.

        Raises:
            SignInExpired: The sign-in is over, or there was none.
            SignInMismatch: Not confirmed in this browser, or bound to another one.
            DiaryError: As the identity service says, when its address has to be made anew.
        """
        row, connection = await self._waiting(ticket)
        if not hmac.compare_digest(
            confirmation.encode("utf-8", "surrogatepass"), self.confirmation(browser, ticket).encode()
        ):
            raise SignInMismatch("the sign-in was not confirmed in this browser")
        async with self.sign_ins.storage.writing() as session:
            if not await repository.bind_browser(session, row, self._bound(browser, ticket)):
                raise SignInMismatch("the sign-in belongs to another browser")
        flow = self.sign_ins.flow(row)
        if connection is None:
            return await self.proofs.address(row, flow)
        assert isinstance(flow.step, Redirect)  # noqa: S101  `_waiting` has seen to it
        return flow.step.url

    async def come_back(self, query: Mapping[str, str], browser: str | None) -> Standing:
        """Take a redirect back and go on with the sign-in it belongs to: the state alone says which.

        Returns:
            How far it has come.

        Raises:
            SignInMismatch: The state is not ours, or there is none, or the browser is another one.
            SignInExpired: This state was used, the sign-in was dropped, or its time is over.
            DiaryError: As the diary says.
        """
        state = query.get("state", "")
        async with self.sign_ins.storage.reading() as session:
            row = await repository.sign_in_by_state(session, digest(state))
            connection = await _connection_of(session, row)
        if row is None:
            raise SignInMismatch("this state was not given out", field="state")
        flow = self.sign_ins.flow(row)
        if not hmac.compare_digest(flow.state.encode(), state.encode("utf-8", "surrogatepass")):
            raise SignInMismatch("this state was not given out", field="state")
        if browser is None or not self._is_bound(row, browser, flow.ticket):
            raise SignInMismatch("the redirect came back in another browser")
        if not in_browser(flow.step) or not await self.sign_ins.take(row):
            raise SignInExpired("this redirect was used already, or came too late")
        if connection is None:
            await self.proofs.go_on(row, flow, query)
        else:
            await self.sign_ins.go_on(connection, row, flow, query)
        return await self._standing(flow.ticket)

    async def standing(self, ticket: str, browser: str | None) -> Standing:
        """Tell how far a sign-in has come, as often as the browser asks that has gone to the diary with it.

        Raises:
            SignInMismatch: Another browser has gone, or none.
            SignInExpired: It failed, was dropped, was over too long ago, or went with its connection.
            DiaryError: The diary has let the parent in, but shows nothing; it has said why.
        """
        row, _ = await self._by_ticket(ticket)
        if not browser or not self._is_bound(row, browser, ticket):
            raise SignInMismatch("the sign-in belongs to another browser")
        return await self._standing(ticket)

    async def ticket_of(self, state: str | None, browser: str | None) -> str | None:
        """Return the ticket of the sign-in this browser has gone to the diary with; None if there is none."""
        if not state or not browser:
            return None
        async with self.sign_ins.storage.reading() as session:
            row = await repository.sign_in_by_state(session, digest(state))
        if row is None:
            return None
        ticket = self.sign_ins.flow(row).ticket
        return ticket if self._is_bound(row, browser, ticket) else None

    async def took_part(self, ticket: str | None, browser: str | None) -> bool:
        """Tell whether this browser has gone to the diary with a sign-in."""
        return await self._part_of(ticket, browser) is not None

    async def may_try_again(self, ticket: str | None, browser: str | None) -> bool:
        """Tell whether a sign-in has failed that this browser may begin anew."""
        row = await self._part_of(ticket, browser)
        return row is not None and self._may_retry(row)

    async def is_spent(self, ticket: str | None, browser: str | None) -> bool:
        """Tell whether a sign-in has failed that met with trouble before, which may have cost its code."""
        row = await self._part_of(ticket, browser)
        return row is not None and self._may_retry(row) and self.sign_ins.flow(row).came_back

    async def again(self, ticket: str, browser: str, confirmation: str, client: str) -> str | None:
        """Begin a failed sign-in anew, in the browser it failed in.

        Args:
            ticket: Of the failed one.
            browser: Its secret.
            confirmation: What the page that said so has shown.
            client: Address of the browser.

        Returns:
            The new ticket; None if the next step is not for a browser.

        Raises:
            SignInExpired: It cannot be begun anew from here any more.
            SignInMismatch: Not asked for in this browser.
            TooManyRequests: Its address has begun too often to prove who somebody is.
            DiaryError: As the diary says.
        """
        row, connection = await self._by_ticket(ticket)
        if not hmac.compare_digest(
            confirmation.encode("utf-8", "surrogatepass"), self.confirmation(browser, ticket).encode()
        ):
            raise SignInMismatch("another try was not asked for in this browser")
        closed = connection is not None and connection.state in {State.REVOKED, State.SUSPENDED}
        if not self._is_bound(row, browser, ticket) or not self._may_retry(row) or closed:
            raise SignInExpired("this sign-in cannot be begun anew from here")
        if connection is None:
            return await self.proofs.begin_again(row, client)
        begun = await self.sign_ins.begin_again(connection, row.method)
        return begun.ticket if in_browser(begun.step) else None

    def confirmation(self, browser: str, ticket: str) -> str:
        """Return what a page shown in this browser proves itself by."""
        return self.sign_ins.storage.ring.index("browser.confirmed", browser, ticket)

    async def _standing(self, ticket: str) -> Standing:
        row, connection = await self._by_ticket(ticket)
        now = self.sign_ins.clock()
        unfinished = row.phase in {"waiting", "taken"} and row.expires_at > now
        if not unfinished and (
            row.phase not in {"finished", "redeemed"} or now - row.created_at >= REMEMBERED
        ):
            raise SignInExpired("this sign-in is over")
        if row.phase == "finished" and connection is not None:
            check_open(connection)
        return Standing(row, connection, self.sign_ins.flow(row))

    async def _by_ticket(self, ticket: str) -> tuple[SignInRow, ConnectionRow | None]:
        async with self.sign_ins.storage.reading() as session:
            row = await repository.sign_in_by_ticket(session, digest(ticket))
            connection = await _connection_of(session, row)
        if row is None:
            raise SignInExpired("there is no such sign-in")
        return row, connection

    async def _waiting(self, ticket: str) -> tuple[SignInRow, ConnectionRow | None]:
        row, connection = await self._by_ticket(ticket)
        over = row.phase != "waiting" or row.expires_at <= self.sign_ins.clock()
        if over or not in_browser(self.sign_ins.flow(row).step):
            raise SignInExpired("this sign-in is over, or goes on elsewhere")
        return row, connection

    async def _part_of(self, ticket: str | None, browser: str | None) -> SignInRow | None:
        """Return the sign-in of a ticket if this browser has gone to the diary with it."""
        if not ticket or not browser:
            return None
        async with self.sign_ins.storage.reading() as session:
            row = await repository.sign_in_by_ticket(session, digest(ticket))
        return row if row is not None and self._is_bound(row, browser, ticket) else None

    def _may_retry(self, row: SignInRow) -> bool:
        now = self.sign_ins.clock()
        left = row.phase in {"waiting", "taken", "dropped"} and row.expires_at <= now
        return (left or row.phase == "failed") and now - row.created_at < REMEMBERED

    def _is_bound(self, row: SignInRow, browser: str, ticket: str) -> bool:
        return row.browser_hash is not None and hmac.compare_digest(
            row.browser_hash, self._bound(browser, ticket)
        )

    def _bound(self, browser: str, ticket: str) -> str:
        return self.sign_ins.storage.ring.index("browser.bound", browser, ticket)


async def _connection_of(session: AsyncSession, row: SignInRow | None) -> ConnectionRow | None:
    """Return the connection a sign-in links; None for a proof of who a parent is."""
    if row is None or row.connection_id is None:
        return None
    return await repository.connection(session, row.connection_id)
