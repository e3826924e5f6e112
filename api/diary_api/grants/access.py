"""The one door to every child's diary: its own parent, or whoever the parent has let in.

Whatever reads about a child goes through `Access.read`, and whatever does something through `Access.act`,
by the kind of reading or doing: none can forget to ask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from diary_api.clock import Clock
from diary_api.connections.family import Asked, Family, KnownChild, Place, unknown_child
from diary_api.connections.states import State
from diary_api.grants import repository
from diary_api.grants.repository import Given
from diary_api.grants.rights import CHILD, Rights, opens, read
from diary_api.grants.states import GrantState, state_of
from diary_api.grants.uses import Uses
from diary_api.ids import is_id
from diary_api.storage.tables import GrantRow
from diary_core.errors import (
    ChildUnknown,
    DiaryError,
    ParentMustAct,
    RightMissing,
    SignInAgain,
    SignInFailed,
    Unexpected,
)

ReadT = TypeVar("ReadT")


@dataclass(frozen=True)
class Opened(Generic[ReadT]):
    """What a reading has given, and what of it the reader may see."""

    value: ReadT
    grant: GrantRow | None
    """Through which grant; None for the child's own parent."""

    @property
    def rights(self) -> Rights | None:
        """What the reader may see; None for the child's own parent, who may see all."""
        return None if self.grant is None else read(self.grant.rights)


@dataclass(frozen=True)
class Access:
    """Who may read what about which child.

    A trusted person reads through the link of the child's parent: the same connection, the same known
    answers. Whatever she asks for is written down for the parent.
    """

    family: Family
    clock: Clock
    uses: Uses

    async def read(self, asked: Asked, kind: str, ask: Callable[[Place], Awaitable[ReadT]]) -> Opened[ReadT]:
        """Read about a child, if the account that asks may.

        Args:
            asked: Who asks about whom.
            kind: What is read; one that no right opens is for the child's own parent only.
            ask: Reads, once it is known that the account may.

        Raises:
            ChildUnknown: The account has no such child, and no grant on one, or not any more.
            RightMissing: The grant does not open this kind of reading.
            ParentMustAct: The diary waits for the parent of a child somebody else asks about.
            InvalidInput: The enrolment must be named, or the named one is not the child's.
            DiaryError: Whatever `ask` raises.
        """
        try:
            own = await self.family.place(asked)
        except ChildUnknown:
            given = await self._given(asked.account_id, asked.child_id)
        else:
            return Opened(await ask(own), None)
        with self._noting(given, kind):
            self._check(given, kind)
            place = await self.family.place(replace(asked, account_id=given.parent_id))
            value = await _for_another(ask, place)
            present = await self._given(asked.account_id, asked.child_id)
            self._check(present, kind)  # it may have ended while the diary was answering
        return Opened(value, present.grant)

    async def act(
        self, asked: Asked, kind: str, do: Callable[[Place, GrantRow | None], Awaitable[ReadT]]
    ) -> ReadT:
        """Do something about a child, if the account that asks may at this moment; what is done stays done.

        Args:
            asked: Who asks about whom.
            kind: What is done.
            do: Does it, once it is known that the account may; it is told by which grant, if by one.

        Raises:
            ChildUnknown: As for `read`.
            RightMissing: As for `read`.
            ParentMustAct: As for `read`.
            InvalidInput: As for `read`.
            DiaryError: Whatever `do` raises.
        """
        try:
            own = await self.family.place(asked)
        except ChildUnknown:
            given = await self._given(asked.account_id, asked.child_id)
        else:
            return await do(own, None)
        with self._noting(given, kind):
            self._check(given, kind)
            place = await self.family.place(replace(asked, account_id=given.parent_id))
            return await _for_another(lambda place: do(place, given.grant), place)

    async def place(self, asked: Asked, kind: str) -> Place:
        """Return whose diary is meant, for what must be known before it can be read, such as today's date.

        Raises:
            ChildUnknown: As for `read`.
            RightMissing: As for `read`.
            InvalidInput: As for `read`.
        """
        try:
            return await self.family.place(asked)
        except ChildUnknown:
            given = await self._given(asked.account_id, asked.child_id)
        with self._noting(given, kind, refusals_only=True):
            self._check(given, kind)
            return await self.family.place(replace(asked, account_id=given.parent_id))

    async def child(self, account_id: str, child_id: str) -> Opened[KnownChild]:
        """Return a child the account may see: its own, or a granted one.

        Raises:
            ChildUnknown: As for `read`.
        """
        try:
            return Opened(await self.family.child(account_id, child_id), None)
        except ChildUnknown:
            given = await self._given(account_id, child_id)
        with self._noting(given, CHILD):
            self._check(given, CHILD)
            return Opened(await self.family.child(given.parent_id, child_id), given.grant)

    async def granted(self, account_id: str) -> tuple[Opened[KnownChild], ...]:
        """Return the children that others have let this account see, oldest grant first."""
        async with self.family.storage.reading() as session:
            running = await repository.running_to(session, account_id, self.clock())
        found: list[Opened[KnownChild]] = []
        for given in running:
            for child in await self.family.children(given.parent_id, given.grant.child_id):
                self.uses.note(given.grant.id, CHILD, "ok")
                found.append(Opened(child, given.grant))
        return tuple(found)

    async def _given(self, account_id: str, child_id: str) -> Given:
        """Return the newest grant of an account on a child that is not its own, ended or not."""
        found = None
        if is_id("chd", child_id):
            async with self.family.storage.reading() as session:
                found = await repository.newest_to(session, account_id, child_id)
        if found is None:
            raise unknown_child(child_id)
        return found

    def _check(self, given: Given, kind: str) -> None:
        if state_of(given.grant, self.clock()) is not GrantState.ACTIVE:
            raise unknown_child(given.grant.child_id)
        if not opens(read(given.grant.rights), kind):
            raise RightMissing(f"the grant does not open {kind!r}")

    @contextmanager
    def _noting(self, given: Given, kind: str, *, refusals_only: bool = False) -> Generator[None]:
        """Write down what a trusted person asks for, and what came of it."""
        outcome = Unexpected.code
        try:
            yield
            outcome = "ok"
        except DiaryError as error:
            outcome = error.code
            raise
        finally:
            if outcome != "ok" or not refusals_only:
                self.uses.note(given.grant.id, kind, outcome)


async def _for_another(ask: Callable[[Place], Awaitable[ReadT]], place: Place) -> ReadT:
    """Ask on behalf of one who is not the parent: what the parent must do there is no business of hers."""
    if place.child.connection.state == State.SUSPENDED:
        raise ParentMustAct
    try:
        return await ask(place)
    except (SignInAgain, SignInFailed):
        raise ParentMustAct from None
