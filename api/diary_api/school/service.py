"""Asking the diaries about one child."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from diary_api.changes.service import ChangeLog
from diary_api.changes.things import WATCHED
from diary_api.connections.diaries import Diaries, check_open
from diary_api.connections.family import Asked, Family, KnownChild, Place
from diary_api.grants.access import Access
from diary_api.school.cache import AnswerCache, Question, Served, Told
from diary_api.school.freshness import fresh_for
from diary_api.school.narrowing import answered_to, shown_through
from diary_api.school.readings import Kind, Reading
from diary_api.school.schemas import ChildShown, EnrolmentShown, outgoing
from diary_api.settings import Settings
from diary_core.model import Model, Reason

ItemT = TypeVar("ItemT", bound=Model)


@dataclass(frozen=True)
class SchoolDiaries:
    """The diaries of every family."""

    settings: Settings
    family: Family
    diaries: Diaries
    access: Access
    answers: AnswerCache
    changes: ChangeLog

    async def children(self, account_id: str) -> tuple[ChildShown, ...]:
        """Return the children of an account's own."""
        return tuple(_shown(child) for child in await self.family.children(account_id))

    async def granted(self, account_id: str) -> tuple[ChildShown, ...]:
        """Return the children that others have let an account see, with no more told of them than that."""
        opened = await self.access.granted(account_id)
        return tuple(shown_through(one.grant, _shown(one.value)) for one in opened)

    async def child(self, account_id: str, child_id: str) -> ChildShown:
        """Return one child.

        Raises:
            ChildUnknown: This account may see no such child.
        """
        opened = await self.access.child(account_id, child_id)
        return shown_through(opened.grant, _shown(opened.value))

    async def read(
        self,
        asked: Asked,
        reading: Reading[ItemT],
        *,
        patience: timedelta | None = None,
        behind: bool = True,
    ) -> Served:
        """Return what the diary says, or last said.

        Args:
            asked: Whose diary.
            reading: What is asked.
            patience: How long to wait before the last known answer is taken; without end unless given.
            behind: Whether an old answer may be served after a moment, while it is refreshed.

        Raises:
            ChildUnknown: This account may see no such child.
            RightMissing: The child's parent has not granted this account such readings.
            ParentMustAct: The diary waits for the parent who has let this account in.
            InvalidInput: The child has several enrolments and none was named.
            DiaryError: As the diary says, when there is nothing to fall back on.
        """

        async def read(place: Place) -> Served:
            connection, enrolment = place.child.connection, place.enrolment
            check_open(connection)

            async def told() -> Told:
                asked_at = self.answers.clock()
                answer = await self.diaries.run(
                    connection, lambda diary: reading.ask(diary, enrolment.as_listed.id)
                )
                if reading.kind in WATCHED and not answer.partial:
                    zone = self.family.zone(place)
                    await self.changes.compare(place, reading, answer, zone=zone, asked_at=asked_at)
                failed = {gap.reason for gap in answer.partial} - {Reason.UNSUPPORTED}
                return Told(outgoing(answer).model_dump_json().encode(), whole=not failed)

            question = Question(
                id=self.answers.storage.ring.index("answer", enrolment.id, reading.kind, *reading.details),
                enrolment_id=enrolment.id,
                kind=reading.kind,
                fresh_for=fresh_for(self.settings, reading.kind, self.family.now(place)),
            )
            served = await self.answers.serve(question, told, patience=patience, behind=behind)
            return self._for_its_own_parent(place, served)

        opened = await self.access.read(asked, reading.kind, read)
        if opened.grant is not None:  # what a trusted person reads is narrowed and counted each time
            return answered_to(opened.rights, reading.kind, Served(opened.value.body))
        return opened.value

    def _for_its_own_parent(self, place: Place, served: Served) -> Served:
        """Let an answer be given again until the school's midnight: then the request may mean another day."""
        if served.fresh_until is None:
            return served
        tomorrow = self.family.today(place) + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), self.family.zone(place))
        child = place.child
        return replace(
            served,
            fresh_until=min(served.fresh_until, midnight),
            made_of=served.made_of | {child.id, child.connection.id, place.enrolment.id},
        )

    async def today(self, asked: Asked, kind: Kind) -> date:
        """Return the school's own date at this moment, to whoever may read such a kind of thing.

        Raises:
            ChildUnknown: This account may see no such child.
            RightMissing: The child's parent has not granted this account such readings.
            InvalidInput: The child has several enrolments and none was named.
        """
        return self.family.today(await self.access.place(asked, kind))


def _shown(child: KnownChild) -> ChildShown:
    return ChildShown(
        id=child.id,
        connection_id=child.connection.id,
        name=child.profile.name,
        label=child.profile.label,
        birth_date=child.profile.birth_date,
        current=any(enrolment.current for enrolment in child.enrolments),
        class_standing_shown=child.class_standing_shown,
        granted=None,
        enrolments=tuple(
            EnrolmentShown(
                id=enrolment.id,
                school=enrolment.as_listed.school,
                group=enrolment.as_listed.group,
                since=enrolment.as_listed.since,
                role=enrolment.as_listed.role,
                current=enrolment.current,
                listed_at=enrolment.listed_at,
            )
            for enrolment in child.enrolments
        ),
    )
