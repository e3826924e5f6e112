"""Telling the school of absences, looking what became of it, and taking it back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from diary_api.absences import matching, repository
from diary_api.absences.accepting import Accepting
from diary_api.absences.checking import Checks
from diary_api.absences.noted import noted
from diary_api.absences.outbox import Outbox
from diary_api.absences.schemas import NewAbsence, Notice, Notices, ToldNotices
from diary_api.absences.sealed import receipts_of, told_of
from diary_api.absences.states import NoticeState
from diary_api.connections.family import Asked, Place
from diary_api.events.kinds import EventKind
from diary_api.grants.access import Access
from diary_api.grants.rights import TELLING_ABSENCE
from diary_api.idempotency import Attempt
from diary_api.ids import is_id
from diary_api.problems import PROBLEMS
from diary_api.school import readings
from diary_api.school.composing import part
from diary_api.school.readings import Kind
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span
from diary_api.storage import KeyRing
from diary_api.storage.tables import AbsenceNoticeRow, GrantRow
from diary_core.abilities import NotifiesAbsence
from diary_core.errors import (
    AbsenceInPast,
    AbsenceNoticeUnknown,
    Conflict,
    ConnectionRevoked,
    DiaryError,
    NotSupported,
    ParentMustAct,
    RightMissing,
    SignInAgain,
    SignInFailed,
    TryLater,
)
from diary_core.http import aside
from diary_core.model import AbsenceNotice

_BACK, _AHEAD = timedelta(days=31), timedelta(days=366)
"""How far from the school's present day a notice told elsewhere is looked for."""
_STOOD = frozenset({NoticeState.DELIVERING, NoticeState.DELIVERED, NoticeState.WITHDRAWING})
"""States of notices the diary may list."""


@dataclass(frozen=True)
class Absences:
    """The notices of absence about every child."""

    access: Access
    school: SchoolDiaries
    outbox: Outbox
    checks: Checks
    accepting: Accepting

    async def tell(self, asked: Asked, new: NewAbsence, attempt: Attempt) -> ToldNotices:
        """Accept a notice for each day, and deliver what the diary takes in time.

        Raises:
            ChildUnknown: The account has no such child, and no grant on one.
            RightMissing: Its grant does not let it tell.
            InvalidInput: Lessons of several days, or too many days.
            AbsenceInPast: The first day is over at the school.
            AbsenceReasonUnknown: The diary does not offer the reason.
            AbsenceOverlaps: Some of it is told already.
            LessonUnknown: There is no such lesson, or no lesson at all.
            NotSupported: The diary takes no notices.
            Conflict: The `Idempotency-Key` was used for another request.
            DiaryError: Why the diary has refused all of it; then nothing of it is kept.
        """

        async def accept(place: Place, grant: GrantRow | None) -> ToldNotices:
            key = self.accepting.key_of(asked, attempt)
            known = await self.accepting.accepted_before(key)
            if not known:
                told = await self.checks.notices(place, new)
                known = await self.accepting.accept(place, told, asked.account_id, grant, key)
                refusals = await self._waited_for([row.id for row in known])
                if len(refusals) == len(known):
                    async with self.outbox.storage.writing() as session:
                        await repository.drop_refused(session, refusals)
                    raise next(iter(refusals.values()))
            return ToldNotices(items=await self._now([row.id for row in known], grant))

        return await self.access.act(asked, TELLING_ABSENCE, accept)

    async def list(self, asked: Asked, span: Span) -> Notices:
        """Return what was told about a span of days, and what the diary lists besides.

        Raises:
            ChildUnknown: The account has no such child, and no grant on one.
            RightMissing: Its grant does not show notices.
            NotSupported: The diary takes no notices.
            DiaryError: Why the diary does not tell its list, if it is not a passing trouble.
        """
        place = await self.access.place(asked, Kind.ABSENCE_NOTICES)
        listed: DiaryAnswer[AbsenceNotice] | None = None
        trouble: str | None = None
        try:
            listed = await part(self.school, asked, readings.absence_notices(span), patience=self._patience)
        except (TryLater, SignInAgain, SignInFailed, ParentMustAct) as error:
            trouble = error.code
        async with self.outbox.storage.reading() as session:
            rows = await repository.in_span(session, place.enrolment.id, span.since, span.until)
        told = [told_of(self._ring, row).notice for row in rows if row.state in _STOOD]
        return Notices(
            items=tuple(self.shown(row, to_another=_is_another(asked, place)) for row in rows),
            elsewhere=tuple(matching.beside(told, listed.items)) if listed else (),
            as_of=listed.as_of if listed else None,
            stale=listed.stale if listed else True,
            stale_reason=listed.stale_reason if listed else trouble,
        )

    async def one(self, asked: Asked, notice_id: str) -> Notice:
        """Return one notice.

        Raises:
            ChildUnknown: The account has no such child, and no grant on one.
            RightMissing: Its grant does not show notices.
            AbsenceNoticeUnknown: No such notice was told about the child.
        """

        async def look(place: Place) -> Notice:
            async with self.outbox.storage.reading() as session:
                row = None
                if is_id("ntc", notice_id):
                    row = await repository.notice_of(session, place.child.id, notice_id)
            return self.shown(_found(row, notice_id), to_another=_is_another(asked, place))

        return (await self.access.read(asked, Kind.ABSENCE_NOTICES, look)).value

    async def withdraw(self, asked: Asked, notice_id: str) -> Notice:
        """Take a notice back: at once while it waits, through the diary when that has it.

        Args:
            asked: Who asks about whom.
            notice_id: Ours, or the diary's own of a notice that was told on its site.

        Raises:
            ChildUnknown: The account has no such child, and no grant on one.
            RightMissing: Its grant does not let it tell, or somebody else has told it.
            AbsenceNoticeUnknown: No such notice was told about the child.
            AbsenceInPast: The day is over at the school.
            Conflict: The diary has never taken it, or another parent has told it.
            DiaryError: Why the diary does not give it back; then it stands as before.
        """

        async def recall(place: Place, grant: GrantRow | None) -> Notice:
            ours = notice_id
            if not is_id("ntc", notice_id):
                ours = await self._taken_on(place, notice_id, grant)
            await self._want_back(place, ours, asked.account_id if grant else None)
            refusals = await self._waited_for([ours])
            if refusals:
                raise refusals[ours]
            for notice in await self._now([ours], grant):
                return notice
            raise _unknown(notice_id)  # erased meanwhile

        return await self.access.act(asked, TELLING_ABSENCE, recall)

    async def of_account(self, account_id: str) -> tuple[Notice, ...]:
        """Return every notice about the children of an account, by day."""
        async with self.outbox.storage.reading() as session:
            return tuple(map(self.shown, await repository.of_account(session, account_id)))

    def shown(self, row: AbsenceNoticeRow, *, to_another: bool = False) -> Notice:
        """Return a notice as it is seen from outside; what the parent must do is no business of another's."""
        told, problem = told_of(self._ring, row), row.problem
        if to_another and issubclass(PROBLEMS.get(problem or "", DiaryError), SignInAgain | SignInFailed):
            problem = ParentMustAct.code
        return Notice(
            id=row.id,
            child_id=row.child_id,
            enrolment_id=row.enrolment_id,
            date=told.notice.date,
            lesson_ids=told.notice.lesson_ids,
            reason_code=told.notice.reason_code or None,
            comment=told.notice.comment,
            state=NoticeState(row.state),
            problem=problem,
            receipts=receipts_of(self._ring, row),
            told_through=told.grant_id,
            told_at=row.created_at,
            changed_at=row.changed_at,
            next_try_at=row.next_at,
        )

    async def _taken_on(self, place: Place, listed_id: str, grant: GrantRow | None) -> str:
        """Return our id of a notice the diary lists; one that was told elsewhere is taken on first.

        Raises:
            AbsenceNoticeUnknown: The diary lists no such one.
            RightMissing: A trusted person has not told it.
            Conflict: Another parent has told it.
            ConnectionRevoked: The diary was unlinked meanwhile.
            DiaryError: The diary cannot be asked.
        """
        try:
            self.outbox.diaries.check_able(place.child.connection, NotifiesAbsence)
        except NotSupported as error:
            raise _unknown(listed_id) from error
        today = self.outbox.family.today(place)
        span = Span(today - _BACK, today + _AHEAD)
        notice = next((one for one in await self.outbox.listed(place, span) if one.id == listed_id), None)
        if notice is None:
            raise _unknown(listed_id)
        async with self.outbox.storage.writing() as session:
            if not await repository.hold_enrolment(session, place.enrolment.id):
                raise ConnectionRevoked("the link was withdrawn meanwhile")
            rows = await repository.in_span(session, place.enrolment.id, notice.date, notice.date)
            for row in rows:
                if row.state in _STOOD and matching.same_place(told_of(self._ring, row).notice, notice):
                    return row.id
            if grant is not None:
                raise RightMissing("somebody else has told it")
            if notice.told_by == "other":
                raise Conflict("another parent has told it, and takes it back", field="notice_id")
            told = matching.as_told(notice)
            row = self.accepting.row(place, told, place.child.connection.account_id, None, None)
            row.state, row.next_at = NoticeState.DELIVERED, None
            session.add(row)
        return row.id

    async def _waited_for(self, notice_ids: Iterable[str]) -> dict[str, DiaryError]:
        """Make an attempt at notices, for as long as a parent waits; return those refused, and why."""
        attempts = self.outbox.begin(notice_ids)
        with aside.waiting():
            await asyncio.wait(attempts.values(), timeout=self._patience.total_seconds())
        refusals = {name: task.result() for name, task in attempts.items() if _came_home(task)}
        return {name: error for name, error in refusals.items() if error is not None}

    async def _now(self, notice_ids: Iterable[str], grant: GrantRow | None) -> tuple[Notice, ...]:
        async with self.outbox.storage.reading() as session:
            rows = await repository.by_ids(session, notice_ids)
        return tuple(self.shown(row, to_another=grant is not None) for row in rows)

    async def _want_back(self, place: Place, notice_id: str, only_of: str | None) -> None:
        """Write down that a notice is wanted back.

        Args:
            place: Whose.
            notice_id: Which.
            only_of: The account that must have told it; None for the parent, who may take back any.
        """
        now = self.outbox.clock()
        async with self.outbox.storage.writing(lasting=True) as session:
            row = None
            if is_id("ntc", notice_id):
                row = await repository.notice_of(session, place.child.id, notice_id, hold=True)
            row = _found(row, notice_id)
            if only_of is not None and told_of(self._ring, row).account_id != only_of:
                raise RightMissing("somebody else has told it")
            match NoticeState(row.state):
                case NoticeState.WITHDRAWN | NoticeState.WITHDRAWING:
                    return
                case NoticeState.REFUSED:
                    raise Conflict(
                        "the diary has not taken it: there is nothing to take back", field="notice_id"
                    )
                case NoticeState.ACCEPTED:
                    row.state, row.next_at = NoticeState.WITHDRAWN, None
                case NoticeState.DELIVERING:
                    row.state = NoticeState.WITHDRAWING
                case NoticeState.DELIVERED:
                    if row.day < self.outbox.family.today(place):
                        raise AbsenceInPast("the day is over at the school", field="notice_id")
                    row.state, row.next_at = NoticeState.WITHDRAWING, now
            row.begun_at = row.changed_at = now
            session.add(noted(self._ring, now, EventKind.ABSENCE_WITHDRAWN, place, notice_id))

    @property
    def _ring(self) -> KeyRing:
        return self.outbox.storage.ring

    @property
    def _patience(self) -> timedelta:
        return self.outbox.settings.absences.patience


def _found(row: AbsenceNoticeRow | None, notice_id: str) -> AbsenceNoticeRow:
    if row is None:
        raise _unknown(notice_id)
    return row


def _unknown(notice_id: str) -> AbsenceNoticeUnknown:
    return AbsenceNoticeUnknown(f"there is no such notice: {notice_id[:64]!r}", field="notice_id")


def _is_another(asked: Asked, place: Place) -> bool:
    return asked.account_id != place.child.connection.account_id


def _came_home(task: asyncio.Task[DiaryError | None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
