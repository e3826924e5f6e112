"""The last known answers, sealed and already serialised; one call upstream for any number of askers.

Fresh ones are served as they are. An old one is waited for a moment, then served while it is refreshed
behind; when the diary is in trouble the last known one is served. Either is marked stale with the reason.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from diary_api.clock import Clock
from diary_api.metrics import CacheOutcome
from diary_api.school.flights import Flights
from diary_api.school.schemas import REFRESHING
from diary_api.school.troubles import Troubles
from diary_api.settings import Refreshing
from diary_api.shared import Claims
from diary_api.storage import Storage
from diary_api.storage.tables import AnswerRow, EnrolmentRow
from diary_api.storage.touched import touching
from diary_core.errors import GatewayBusy, RegionChanged, RegionSlow, TryLater

log = structlog.stdlib.get_logger()

_CALL_AT_MOST = timedelta(seconds=20)
"""After this a process that has a claim is taken for dead or stuck, and another one calls."""
_POLL_S = 0.1
_FRESH = b'{"stale":false,"stale_reason":null,'
"""What every stored answer begins with: the only part that may change after it was stored."""


@dataclass(frozen=True)
class Served:
    """An answer as it goes out."""

    body: bytes = field(repr=False)
    fresh_until: datetime | None = None
    """Until when it may be given again unasked; None for one that is stale, in part, or has just come."""
    made_of: frozenset[str] = frozenset()
    """Ids of the rows it was read from: when one changes it may not be given again."""

    @cached_property
    def etag(self) -> str:
        """Return the hash of the body: a strong entity tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True)
class Told:
    """What a diary has just said, serialised."""

    body: bytes = field(repr=False)
    """Begins with `_FRESH`."""
    whole: bool
    """Whether no part of it failed; one that lacks such is asked for again and never replaces a whole one."""


@dataclass(frozen=True)
class Question:
    """What is asked of one enrolment."""

    id: str
    """Keyed hash of everything that makes the answer differ."""
    enrolment_id: str
    kind: str
    """What is read."""
    fresh_for: timedelta


@dataclass(frozen=True)
class AnswerCache:
    """Known answers."""

    storage: Storage
    clock: Clock
    refreshing: Refreshing
    flights: Flights[bytes]
    claims: Claims
    """So that of several processes one calls."""
    counted: Callable[[str, CacheOutcome], None]
    """Told how each question was answered, by kind."""
    troubles: Troubles
    """What went wrong last: an old answer tells it rather than that it is being refreshed."""

    async def serve(
        self,
        question: Question,
        ask: Callable[[], Awaitable[Told]],
        *,
        patience: timedelta | None = None,
        behind: bool = True,
    ) -> Served:
        """Return a fresh answer, asking for it when there is none.

        Args:
            question: What is asked.
            ask: Asks the diary.
            patience: How long to wait for the diary; the call goes on after it, for whoever asks next.
            behind: Whether an old answer may be served after a moment, while it is refreshed. One that
                the gateway itself has outdated, by writing to the diary, is waited for in any case.

        Raises:
            DiaryError: As the diary says, when there is nothing to fall back on.
        """
        known, writes = await self._known(question)
        if known is None:
            self.counted(question.kind, "miss")
            told = await self._asked(question, ask, writes, patience)
            if told is None:
                raise RegionSlow("the diary has not answered yet")
            return Served(told)
        if self._is_fresh(known, question):
            self.counted(question.kind, "hit")
            return Served(
                self.opened(known),
                known.asked_at + question.fresh_for,
                frozenset({known.id, known.enrolment_id}),
            )
        reason = RegionSlow.code
        if behind and not known.outdated:
            reason = self.troubles.last(question.id) or REFRESHING
            patience = min(patience or self.refreshing.patience, self.refreshing.patience)
            if self.flights.crowded and not self.flights.is_under_way(_name(question, writes)):
                self.counted(question.kind, "stale")
                return Served(_stale(self.opened(known), GatewayBusy.code))
        try:
            told = await self._asked(question, ask, writes, patience)
        except (TryLater, RegionChanged) as error:
            told, reason = None, error.code
            if isinstance(error, RegionChanged):  # the reader is served, so that the log alone tells of it
                mend = {"error": error.code, "kind": question.kind, "field": error.field}
                log.error("to be mended", **mend)  # noqa: TRY400  a traceback quotes data
        old: CacheOutcome = "refresh" if reason == REFRESHING else "stale"
        self.counted(question.kind, "miss" if told is not None else old)
        return Served(_stale(self.opened(known), reason) if told is None else told)

    async def _asked(
        self,
        question: Question,
        ask: Callable[[], Awaitable[Told]],
        writes: int,
        patience: timedelta | None,
    ) -> bytes | None:
        """Join the call that is under way, or make it; None when it takes longer than the asker will wait.

        A call that began before we wrote to the diary is none to join.
        """
        return await self.flights.join(
            _name(question, writes), lambda: self._fetch(question, ask, writes), patience
        )

    async def _fetch(self, question: Question, ask: Callable[[], Awaitable[Told]], writes: int) -> bytes:
        """Call the diary, or wait for the process that does: whoever has the claim calls."""
        turn = self.troubles.turn
        name = f"answer:{_name(question, writes)}"
        while (claim := await self.claims.take(name, _CALL_AT_MOST)) is None:
            await asyncio.sleep(_POLL_S)
            known, _ = await self._known(question)
            if known is not None and self._is_fresh(known, question):
                return self.opened(known)
            self.troubles.check(question.id, turn)
        try:
            known, _ = await self._known(question)
            if known is not None and self._is_fresh(known, question):  # another call has just landed
                return self.opened(known)
            return await self._call(question, ask, writes, known)
        finally:
            await claim.release()

    async def _call(
        self, question: Question, ask: Callable[[], Awaitable[Told]], writes: int, known: AnswerRow | None
    ) -> bytes:
        try:
            told = await ask()
        except TryLater as error:
            await self.troubles.tell(question.id, error)
            raise
        self.troubles.over(question.id)
        if told.whole or known is None:
            await self._remember(question, told, writes)
        return told.body

    async def _known(self, question: Question) -> tuple[AnswerRow | None, int]:
        """Return the known answer, and how often we have written to the diary so far."""
        query = (
            select(AnswerRow, EnrolmentRow.writes)
            .select_from(EnrolmentRow)
            .outerjoin(AnswerRow, AnswerRow.id == question.id)
            .where(EnrolmentRow.id == question.enrolment_id)
        )
        async with self.storage.reading() as session:
            found = (await session.execute(query)).one_or_none()
        return (None, 0) if found is None else (found[0], found[1])

    async def _remember(self, question: Question, told: Told, writes: int) -> None:
        """Keep an answer, unless its diary was unlinked or written to since it was asked."""
        row = AnswerRow(
            id=question.id,
            enrolment_id=question.enrolment_id,
            kind=question.kind,
            body_sealed=self.storage.ring.seal(told.body, place=f"answers.body:{question.id}"),
            asked_at=self.clock() - (timedelta() if told.whole else question.fresh_for),
            outdated=False,
        )
        try:
            async with self.storage.writing() as session:
                enrolment = await session.get(
                    EnrolmentRow, question.enrolment_id, with_for_update={"read": True}
                )
                if enrolment is None or enrolment.profile_sealed is None or enrolment.writes != writes:
                    return
                await session.merge(row)
        except GatewayBusy as error:  # what the diary has said is good all the same
            log.warning("an answer was not kept", outcome=error.code)
        except IntegrityError:
            return  # the enrolment was erased while the diary was answering, or another process was first

    async def outdate(self, session: AsyncSession, enrolment_id: str, kinds: Collection[str]) -> None:
        """Let the known answers of some kinds be asked for again, since we have written to the diary.

        They stay to fall back on.
        """
        await _count_write(session, enrolment_id)
        outdated = (
            update(AnswerRow)
            .where(AnswerRow.enrolment_id == enrolment_id, AnswerRow.kind.in_(kinds))
            .values(outdated=True)
        )
        await session.execute(touching(outdated, enrolment_id))

    async def forget(self, session: AsyncSession, enrolment_id: str, kind: str) -> None:
        """Erase the known answers of one kind, also the one that is being asked for."""
        await _count_write(session, enrolment_id)
        known = delete(AnswerRow).where(AnswerRow.enrolment_id == enrolment_id, AnswerRow.kind == kind)
        await session.execute(touching(known, enrolment_id))

    def _is_fresh(self, known: AnswerRow, question: Question) -> bool:
        return not known.outdated and self.clock() - known.asked_at < question.fresh_for

    def opened(self, row: AnswerRow) -> bytes:
        """Return a known answer as it was told."""
        return self.storage.ring.open(row.body_sealed, place=f"answers.body:{row.id}")

    async def close(self) -> None:
        """Let the calls that are under way come to an end."""
        await self.flights.close()


async def _count_write(session: AsyncSession, enrolment_id: str) -> None:
    """Let no call that began before be kept, or joined.

    It comes before anything is done to answers, since whoever keeps one holds this row.
    """
    counted = (
        update(EnrolmentRow)
        .where(EnrolmentRow.id == enrolment_id)
        .values(writes=EnrolmentRow.writes + 1)
        .execution_options(synchronize_session=False)
    )
    await session.execute(touching(counted, enrolment_id))


def _name(question: Question, writes: int) -> str:
    return f"{question.id}:{writes}"


def _stale(body: bytes, reason: str) -> bytes:
    return b'{"stale":true,"stale_reason":"' + reason.encode() + b'",' + body.removeprefix(_FRESH)
