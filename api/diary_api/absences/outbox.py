"""Delivering what was accepted, exactly once, whatever breaks in between.

A notice is claimed in a transaction before the diary is asked anything, so that a process that dies leaves
a notice `delivering`. Whoever claims such a one looks into the diary's list first and sends nothing that
stands there. A claim holds for a while only, and a delivery never lasts longer than its claim.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from diary_api.absences import matching, repository
from diary_api.absences.schemas import Told
from diary_api.absences.sealed import seal_receipts, told_of
from diary_api.absences.states import OPEN, NoticeState
from diary_api.clock import Clock
from diary_api.connections.diaries import Diaries
from diary_api.connections.family import Asked, Family, Place
from diary_api.logs import fault
from diary_api.school.cache import AnswerCache
from diary_api.school.readings import Kind
from diary_api.school.spans import Span
from diary_api.settings import Settings
from diary_api.storage import Storage
from diary_api.storage.tables import AbsenceNoticeRow
from diary_core.abilities import NotifiesAbsence, able
from diary_core.errors import (
    AbsenceInPast,
    AbsenceOverlaps,
    AbsenceUnconfirmed,
    DiaryError,
    GatewayBusy,
    RegionBusy,
    RegionResting,
    RegionSlow,
    SignInAgain,
    SignInFailed,
    TellUs,
    TryLater,
)
from diary_core.http import deadline
from diary_core.model import AbsenceNotice, NewAbsenceNotice

log = structlog.stdlib.get_logger()

SHOWN_IN: Final = (Kind.ABSENCE_NOTICES, Kind.ATTENDANCE, Kind.DAYS)
"""Kinds of reading a notice is seen in."""
_PASSING = (TryLater, SignInAgain, SignInFailed, TellUs, GatewayBusy)
"""Errors after which it is tried again: the diary comes back, the parent signs in, a fault is mended."""
_NOT_SENT = (RegionBusy, RegionResting, SignInAgain, SignInFailed, GatewayBusy)
"""Those of them that say for certain that nothing has reached the diary."""
_SEEN = frozenset({NoticeState.DELIVERED, NoticeState.WITHDRAWN, NoticeState.WITHDRAWING})
"""States after which the diary may show something else than before."""
_AT_ONCE = 8
"""Attempts of a turn side by side at one diary server, so that one that hangs holds up no other's."""
_OF_A_CLAIM: Final = 0.8
"""How much of its claim an attempt may last: it is over before another process takes the notice on."""
_TURN_MOST = 500
"""Notices a turn takes on; the next turn takes the rest."""


@dataclass(frozen=True)
class _Claim:
    """A notice this process has taken on, for a while."""

    row: AbsenceNoticeRow
    told: Told
    parent_id: str
    state: NoticeState
    first: bool
    """Whether nobody can have sent it before."""


@dataclass(frozen=True)
class _Outcome:
    """What became of one attempt."""

    state: NoticeState
    receipts: Sequence[str] = ()
    error: DiaryError | None = None
    """Why it is refused, or has to wait."""

    @property
    def refusal(self) -> DiaryError | None:
        """Return why it is not tried again, if that is so."""
        return None if self.state in OPEN else self.error


@dataclass(frozen=True)
class Outbox:
    """The notices that are on their way."""

    storage: Storage
    settings: Settings
    clock: Clock
    family: Family
    diaries: Diaries
    answers: AnswerCache
    _under_way: set[asyncio.Task[DiaryError | None]] = field(
        default_factory=set["asyncio.Task[DiaryError | None]"], repr=False
    )

    async def turn(self) -> None:
        """Take on everything whose time has come, and wait until it has had its attempt."""
        async with self.storage.reading() as session:
            found = await repository.due(session, self.clock(), _TURN_MOST)
        rooms = {server: asyncio.Semaphore(_AT_ONCE) for server in found.values()}
        begun = [self.begin([notice_id], rooms[server]) for notice_id, server in found.items()]
        await asyncio.gather(*(task for tasks in begun for task in tasks.values()), return_exceptions=True)

    def begin(
        self, notice_ids: Iterable[str], room: asyncio.Semaphore | None = None
    ) -> Mapping[str, asyncio.Task[DiaryError | None]]:
        """Begin an attempt at each notice; it goes on whether anybody waits for it or not.

        Args:
            notice_ids: The notices.
            room: How many go side by side; all of them unless given, as where a parent waits.
        """
        with deadline.lifted():
            tasks = {name: asyncio.create_task(self._attempt_in(room, name)) for name in notice_ids}
        for task in tasks.values():
            self._under_way.add(task)
            task.add_done_callback(self._landed)
        return tasks

    async def attempt(self, notice_id: str) -> DiaryError | None:
        """Make one attempt, if the notice's time has come and nobody else has taken it on.

        Returns:
            Why the diary has refused; None when it has not, also when nothing was done.

        Raises:
            GatewayBusy: The database does not answer; the notice is taken up again later.
        """
        claim = await self._claim(notice_id)
        if claim is None:
            return None
        act = self._deliver if claim.state is NoticeState.DELIVERING else self._recall
        outcome = await act(claim)
        return outcome.refusal if await self._settle(claim, outcome) else None

    async def close(self) -> None:
        """Let the attempts that are under way come to an end."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _attempt_in(self, room: asyncio.Semaphore | None, notice_id: str) -> DiaryError | None:
        async with room or nullcontext():
            return await self.attempt(notice_id)

    def _landed(self, task: asyncio.Task[DiaryError | None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an attempt at a notice was broken off", **fault(error))

    async def _claim(self, notice_id: str) -> _Claim | None:
        now = self.clock()
        async with self.storage.writing(lasting=True) as session:
            found = await repository.to_change(session, notice_id)
            if found is None:
                return None
            row, parent_id = found
            if row.state not in OPEN or row.next_at is None or row.next_at > now:
                return None
            first = row.state == NoticeState.ACCEPTED
            if first:
                row.state = NoticeState.DELIVERING
                row.changed_at = now
            row.turn += 1
            row.next_at = now + self.settings.absences.claim
        return _Claim(row, told_of(self.storage.ring, row), parent_id, NoticeState(row.state), first)

    async def _deliver(self, claim: _Claim) -> _Outcome:
        notice, unsure, sending = claim.told.notice, not claim.first, False
        try:
            async with asyncio.timeout(self._longest_s()):
                place = await self._place(claim)
                standing = await self.listed(place, _the_day(notice))
                if unsure and matching.arrived(notice, standing):
                    return _Outcome(NoticeState.DELIVERED)
                unsure = False  # it is not there, so nothing was sent, or what was sent did not arrive
                if matching.overlaps(notice, standing):
                    raise AbsenceOverlaps("something stands in the diary for that day already", field="since")
                if notice.date < self.family.today(place):
                    raise AbsenceInPast("the day is over at the school", field="since")
                sending = True
                return _Outcome(NoticeState.DELIVERED, await self._send(place, claim))
        except DiaryError as error:
            if sending:
                unsure = isinstance(error, TryLater | TellUs) and not isinstance(error, _NOT_SENT)
            return self._later(claim, error, unsure=unsure)
        except TimeoutError:
            return self._later(claim, _slow(), unsure=unsure or sending)

    async def _recall(self, claim: _Claim) -> _Outcome:
        """Take a notice back: whatever of it stands."""
        notice = claim.told.notice
        try:
            async with asyncio.timeout(self._longest_s()):
                place = await self._place(claim)
                named = matching.to_take_back(notice, await self.listed(place, _the_day(notice)))
                if named:
                    await self.diaries.run(
                        place.child.connection,
                        lambda diary: able(diary, NotifiesAbsence).withdraw_absence(
                            place.enrolment.as_listed.id, named
                        ),
                    )
                return _Outcome(NoticeState.WITHDRAWN)
        except DiaryError as error:
            return self._again(claim, error, NoticeState.WITHDRAWING, NoticeState.DELIVERED)
        except TimeoutError:
            return self._again(claim, _slow(), NoticeState.WITHDRAWING, NoticeState.DELIVERED)

    async def _send(self, place: Place, claim: _Claim) -> Sequence[str]:
        return await self.diaries.run(
            place.child.connection,
            lambda diary: able(diary, NotifiesAbsence).notify_absence(
                place.enrolment.as_listed.id, claim.told.notice
            ),
        )

    async def _place(self, claim: _Claim) -> Place:
        return await self.family.place(Asked(claim.parent_id, claim.row.child_id, claim.row.enrolment_id))

    async def listed(self, place: Place, span: Span) -> Sequence[AbsenceNotice]:
        """Return what the diary has for a span of days, asked this very moment.

        Raises:
            DiaryError: As the diary says.
        """
        answer = await self.diaries.run(
            place.child.connection,
            lambda diary: able(diary, NotifiesAbsence).absence_notices(
                place.enrolment.as_listed.id, span.since, span.until
            ),
        )
        return answer.items

    def _later(self, claim: _Claim, error: DiaryError, *, unsure: bool) -> _Outcome:
        """Decide what becomes of a notice that did not arrive for certain."""
        waits = NoticeState.DELIVERING if unsure else NoticeState.ACCEPTED
        outcome = self._again(claim, error, waits, NoticeState.REFUSED)
        if unsure and outcome.state is NoticeState.REFUSED:
            return _Outcome(NoticeState.REFUSED, error=AbsenceUnconfirmed(f"at last it was {error.code!r}"))
        return outcome

    def _again(self, claim: _Claim, error: DiaryError, waits: NoticeState, ends: NoticeState) -> _Outcome:
        """Try again later, if that can help and has not been tried for too long."""
        given_up = self.clock() >= claim.row.begun_at + self.settings.absences.give_up_after
        passing = isinstance(error, _PASSING) and not given_up
        log.info("an attempt at a notice has failed", outcome=error.code, again=passing)
        return _Outcome(waits if passing else ends, error=error)

    async def _settle(self, claim: _Claim, outcome: _Outcome) -> bool:
        """Write down what became of an attempt; tell whether that is what has become of the notice.

        It is not where another has taken it on meanwhile, or where it was wanted back.
        """
        now = self.clock()
        async with self.storage.writing() as session:
            await repository.hold_enrolment(session, claim.row.enrolment_id)
            found = await repository.to_change(session, claim.row.id)
            if found is None or found.row.turn != claim.row.turn:
                return False  # erased, or our claim was over
            row = found.row
            state, next_at = outcome.state, self._next_at(row, outcome, now)
            if row.state == NoticeState.WITHDRAWING and claim.state is NoticeState.DELIVERING:
                state, next_at = _wanted_back(outcome, next_at, now)
            row.changed_at = row.changed_at if row.state == state else now
            row.state, row.next_at = state, next_at
            row.problem = outcome.error.code if outcome.error else None
            if outcome.receipts:
                row.receipts_sealed = seal_receipts(self.storage.ring, row.id, outcome.receipts)
            if state in _SEEN:
                await self.answers.outdate(session, row.enrolment_id, SHOWN_IN)
        return state is outcome.state

    def _next_at(self, row: AbsenceNoticeRow, outcome: _Outcome, now: datetime) -> datetime | None:
        """Return when it is tried again: after as long again as it has waited already, within bounds."""
        if outcome.state not in OPEN:
            return None
        times = self.settings.absences
        asked = outcome.error.retry_after if outcome.error else None
        waited = min(max(now - row.begun_at, times.retry_first), times.retry_longest)
        return now + max(waited, asked or timedelta())

    def _longest_s(self) -> float:
        return self.settings.absences.claim.total_seconds() * _OF_A_CLAIM


def _the_day(notice: NewAbsenceNotice) -> Span:
    return Span(notice.date, notice.date)


def _slow() -> RegionSlow:
    return RegionSlow("the diary has not answered in time")


def _wanted_back(
    outcome: _Outcome, next_at: datetime | None, now: datetime
) -> tuple[NoticeState, datetime | None]:
    """Return what becomes of a notice that was wanted back while it was being delivered."""
    match outcome.state:
        case NoticeState.DELIVERED:
            return NoticeState.WITHDRAWING, now
        case NoticeState.DELIVERING:
            return NoticeState.WITHDRAWING, next_at
        case _:
            return NoticeState.WITHDRAWN, None
