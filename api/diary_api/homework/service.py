"""What may be asked about a child's homework besides reading a span of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from diary_api.accounts.at_once import AtOnce
from diary_api.connections.diaries import check_open
from diary_api.connections.family import Asked, Place
from diary_api.grants.rights import TICKING_HOMEWORK
from diary_api.school import readings
from diary_api.school.composing import part
from diary_api.school.readings import Kind
from diary_api.school.schemas import DiaryAnswer
from diary_api.school.service import SchoolDiaries
from diary_api.school.spans import Span, span_of
from diary_api.storage.tables import GrantRow
from diary_core.abilities import FetchesAttachments, TicksHomework, able
from diary_core.errors import SpanReversed
from diary_core.http import FileStream
from diary_core.model import Homework

SHOWN_IN: Final = frozenset({Kind.DAYS, Kind.HOMEWORK, Kind.OVERDUE_HOMEWORK})
"""Readings that show a tick."""
OVERDUE_BACK: Final = timedelta(days=14)
"""Unless asked otherwise: what is later than that is hardly handed in any more."""
FILES_OF_ONE: Final = 4
"""Files one account may have under way: a diary passes on few at once, to all families together."""
_A_FILE_TAKES: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Homeworks:
    """The homework of every child."""

    school: SchoolDiaries
    files: AtOnce = field(default_factory=lambda: AtOnce("files", FILES_OF_ONE, _A_FILE_TAKES))

    async def of_subject(self, asked: Asked, span: Span, subject_id: str) -> DiaryAnswer[Homework]:
        """Return what is due in a span in one subject, by due date.

        Raises:
            DiaryError: As `SchoolDiaries.read`.
        """
        answer = await part(self.school, asked, readings.homework(span))
        items = tuple(task for task in answer.items if task.subject.id == subject_id)
        return answer.model_copy(update={"items": items})

    async def overdue_span(self, asked: Asked, since: date | None) -> Span:
        """Return the days whose homework may be overdue: up to the school's yesterday.

        Raises:
            SpanReversed: The first day is not before today.
            SpanTooLong: It is more than a school year back.
            DiaryError: As `SchoolDiaries.today`.
        """
        today = await self.school.today(asked, Kind.OVERDUE_HOMEWORK)
        if since is not None and since >= today:
            raise SpanReversed(f"{since} does not lie before {today}", field="since")
        return span_of(since or today - OVERDUE_BACK, today - timedelta(days=1))

    async def tick(self, asked: Asked, homework_id: str, *, done: bool) -> None:
        """Set or clear the family's tick; whatever becomes of it, the next reading asks the diary again.

        Raises:
            ChildUnknown: This account has no such child, and no grant on one.
            RightMissing: Its grant does not let it tick.
            ParentMustAct: The diary waits for the parent who has let this account in.
            InvalidInput: The child has several enrolments and none was named.
            NotSupported: The diary has no ticks.
            DiaryError: As `TicksHomework.tick_homework`.
        """

        async def tick(place: Place, grant: GrantRow | None) -> None:
            del grant  # whoever may tick does it for the family
            connection, enrolment = place.child.connection, place.enrolment
            check_open(connection)
            try:
                await self.school.diaries.run(
                    connection,
                    lambda diary: able(diary, TicksHomework).tick_homework(
                        enrolment.as_listed.id, homework_id, done=done
                    ),
                )
            finally:  # a call whose answer is lost may have been heard
                answers = self.school.answers
                async with answers.storage.writing() as session:
                    await answers.outdate(session, enrolment.id, SHOWN_IN)

        await self.school.access.act(asked, TICKING_HOMEWORK, tick)

    async def open(self, asked: Asked, homework_id: str, attachment_id: str) -> FileStream:
        """Open a file of a homework; whoever may read homework may read its files.

        It counts among the account's `files` until whoever has opened it ends it there.

        Raises:
            TooManyRequests: The account has so many files under way already.
            ChildUnknown: This account may see no such child.
            RightMissing: The child's parent has not granted this account to read homework.
            ParentMustAct: The diary waits for the parent who has let this account in.
            InvalidInput: The child has several enrolments and none was named.
            NotSupported: The diary gives no files.
            DiaryError: As `FetchesAttachments.attachment`.
        """
        self.files.begin(asked.account_id)
        opened: list[FileStream] = []

        async def fetch(place: Place) -> FileStream:
            connection, enrolment_id = place.child.connection, place.enrolment.as_listed.id
            check_open(connection)
            file = await self.school.diaries.run(
                connection,
                lambda diary: able(diary, FetchesAttachments).attachment(
                    enrolment_id, homework_id, attachment_id
                ),
            )
            opened.append(file)
            return file

        try:
            return (await self.school.access.read(asked, Kind.HOMEWORK, fetch)).value
        except BaseException:  # a grant may have ended while the diary was opening the file
            self.files.end(asked.account_id)
            for file in opened:
                await file.aclose()
            raise
