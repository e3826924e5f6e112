"""Gathering what is an account's own, and erasing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue, TypeAdapter
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from diary_api.absences.service import Absences
from diary_api.accounts import repository as accounts_repository
from diary_api.accounts.keys import Caller
from diary_api.accounts.service import Accounts
from diary_api.changes.service import ChangeLog
from diary_api.clock import Clock
from diary_api.connections.service import LinkedDiaries
from diary_api.events.kinds import About, EventKind
from diary_api.events.service import AccountEvents
from diary_api.events.writing import event
from diary_api.grants.service import Grants
from diary_api.identities.service import Identities
from diary_api.own_data import belongings
from diary_api.own_data.schemas import ErasureReceipt, Export, KnownAnswer, ReadingHour
from diary_api.school.service import SchoolDiaries
from diary_api.storage import Storage
from diary_api.storage.tables import AnswerRow, ChildRow, EnrolmentRow
from diary_api.upstream_calls.service import UpstreamCalls
from diary_api.work.habits import Habits, hours_of
from diary_core.errors import NotSignedIn, Unexpected

_OBJECT = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True)
class OwnData:
    """Everything that is one account's own."""

    storage: Storage
    clock: Clock
    accounts: Accounts
    identities: Identities
    linked: LinkedDiaries
    school: SchoolDiaries
    changes: ChangeLog
    absences: Absences
    grants: Grants
    events: AccountEvents
    habits: Habits
    upstream_calls: UpstreamCalls

    async def export(self, caller: Caller) -> Export:
        """Return everything the gateway holds of an account; no diary is asked."""
        account = await self.accounts.me(caller.account_id)
        about = About(key_id=caller.key_id)
        taken = event(self.storage.ring, self.clock(), caller.account_id, EventKind.EXPORT_TAKEN, about)
        try:
            async with self.storage.writing() as session:
                session.add(taken)
        except IntegrityError as error:
            raise NotSignedIn("the account was erased meanwhile") from error
        identities = await self.identities.of(caller.account_id)
        children = await self.school.children(caller.account_id)
        given = {child.id: await self.grants.list(caller.account_id, child.id) for child in children}
        return Export(
            made_at=self.clock(),
            account=account.model_copy(update={"identities": identities}),
            sessions=await self.accounts.keys.listed(caller, "session"),
            tokens=await self.accounts.keys.listed(caller, "token"),
            connections=await self.linked.list(caller.account_id),
            children=children,
            answers=await self._answers(caller.account_id),
            changes=await self.changes.everything(caller.account_id),
            absence_notices=await self.absences.of_account(caller.account_id),
            grants={child_id: grants for child_id, grants in given.items() if grants},
            upstream_calls=await self.upstream_calls.everything(caller.account_id),
            held_grants=await self.grants.held(caller.account_id),
            events=await self.events.everything(caller.account_id),
            reading_hours=tuple(
                ReadingHour(weekday=day, hour=hour, weight=weight)
                for day, hour, weight in hours_of(await self.habits.of(caller.account_id))
            ),
        )

    async def erase(self, account_id: str) -> ErasureReceipt:
        """Erase an account with everything in it, then ask the diaries to end its sessions.

        Raises:
            NotSignedIn: It has just been erased by another call.
        """
        async with self.storage.reading() as session:
            found = await belongings.count(session, account_id)
        withdrawn = await self.linked.withdraw_all(account_id)
        async with self.storage.erasing() as session:
            if await accounts_repository.account(session, account_id) is None:
                raise NotSignedIn("the account was erased meanwhile")
            await accounts_repository.erase_account(session, account_id)
            left = await belongings.count(session, account_id)
            if left:
                raise Unexpected(f"an erasure left something in {sorted(left)!r}")
        await self.linked.end_upstream(withdrawn)
        return ErasureReceipt(
            account_id=account_id,
            erased_at=self.clock(),
            erased=dict(found),
            diaries_told=sum(one.credentials_sealed is not None for one in withdrawn),
        )

    async def _answers(self, account_id: str) -> tuple[KnownAnswer, ...]:
        query = (
            select(AnswerRow)
            .join(EnrolmentRow, AnswerRow.enrolment_id == EnrolmentRow.id)
            .join(ChildRow, EnrolmentRow.child_id == ChildRow.id)
            .where(ChildRow.account_id == account_id)
            .order_by(AnswerRow.enrolment_id, AnswerRow.kind, AnswerRow.asked_at, AnswerRow.id)
        )
        async with self.storage.reading() as session:
            rows: Sequence[AnswerRow] = (await session.scalars(query)).all()
        return tuple(
            KnownAnswer(
                enrolment_id=row.enrolment_id,
                kind=row.kind,
                asked_at=row.asked_at,
                answer=_OBJECT.validate_json(self.school.answers.opened(row)),
            )
            for row in rows
        )
