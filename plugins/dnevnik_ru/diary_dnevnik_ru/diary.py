"""The diary behind one connection to Дневник.ру.

A week costs one round trip: the ids its calls need stand in the enrolment's id, and what else the week is
made of is asked for at the same time. Only the schedule must come; whatever a side call fails to bring is
a gap with a reason.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from diary_core.abilities import Diary, ReadsDays, ReadsHomework, ReadsMarks, ReadsSchool, ReadsTerms
from diary_core.credentials import CredentialKeeper
from diary_core.errors import ChildUnknown
from diary_core.model import (
    Answer,
    Day,
    Enrolment,
    Homework,
    Mark,
    Missing,
    Reason,
    School,
    Source,
    Term,
    Unavailable,
)
from diary_core.provider import Channel
from diary_core.side_calls import attempt, together
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.client import LESSONS_AT_ONCE, Client
from diary_dnevnik_ru.connection import ACCESS_TOKEN, remembered_family
from diary_dnevnik_ru.enrolment_id import Seat

T = TypeVar("T")

DAYS_AT_ONCE: Final = 28
"""Days in one call: the API names no limit, public clients stay within 30."""


class DnevnikRuDiary(Diary, ReadsDays, ReadsMarks, ReadsHomework, ReadsTerms, ReadsSchool):
    """The diary of one signed-in parent."""

    def __init__(self, channel: Channel, keeper: CredentialKeeper, source: Source) -> None:
        super().__init__(source, channel.now)
        self._channel = channel
        self._keeper = keeper
        self._zone = ZoneInfo(channel.instance.zone)
        self._family: frozenset[str] = frozenset()

    async def enrolments(self) -> Answer[Enrolment]:
        """Return every child in every class, in the diary's order."""
        return self.answered(await self._enrolments())

    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return every day of the span with its lessons, homework, marks and absences."""
        whose = await self._whose(enrolment_id)
        async with together() as tasks:
            schedules = [
                tasks.create_task(self._ask(lambda client, piece=piece: client.schedules(whose.seat, *piece)))
                for piece in _pieces(since, until)
            ]
            homeworks = [
                tasks.create_task(attempt(self._homeworks(whose.seat, piece)))
                for piece in _pieces(since, until)
            ]
            weights = tasks.create_task(self._weights(whose.seat))
        sent = [day for schedule in schedules for day in schedule.result().days]
        answers = [homework.result() for homework in homeworks]
        names, names_gap = await self._names(sent, answers, whose.seat)
        beside = parse.Beside(files=parse.Files.read(answers), weights=weights.result(), names=names)
        return self.answered(
            parse.diary_days(sent, beside, whose, since, until),
            partial=_missing(
                {
                    "lessons.homework.attachments": beside.files.gap,
                    "lessons.marks.weight": beside.weights.gap,
                    "lessons.actual.subject": names_gap,
                }
            ),
        )

    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks of lessons in the span, oldest lesson first.

        Marks name their lessons by id only, so a second round trip brings the lessons.
        """
        whose = await self._whose(enrolment_id)
        async with together() as tasks:
            marks = tasks.create_task(self._ask(lambda client: client.marks(whose.seat, since, until)))
            weights = tasks.create_task(self._weights(whose.seat))
        wanted = parse.lesson_ids(marks.result(), whose.seat)
        lessons = await self._lessons(wanted)
        lost = len(wanted) > len({lesson.id for lesson in lessons})
        return self.answered(
            parse.lesson_marks(marks.result(), lessons, weights.result(), whose, since=since, until=until),
            partial=_missing(
                {
                    "lesson": Unavailable(reason=Reason.UPSTREAM_ERROR) if lost else None,
                    "weight": weights.result().gap,
                    "form": weights.result().kinds_gap,
                }
            ),
        )

    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        """Return what is due in the span, by due date."""
        whose = await self._whose(enrolment_id)
        async with together() as tasks:
            pieces = [
                tasks.create_task(self._homeworks(whose.seat, piece)) for piece in _pieces(since, until)
            ]
        answers = [piece.result() for piece in pieces]
        return self.answered(parse.due_homework(answers, whose, since, until))

    async def terms(self, enrolment_id: str) -> Answer[Term]:
        """Return the terms of the class, by first day."""
        whose = await self._whose(enrolment_id)
        periods = await self._ask(lambda client: client.reporting_periods(whose.seat))
        return self.answered(parse.year_terms(periods))

    async def school(self, enrolment_id: str) -> Answer[School]:
        """Return the school with its passport, the class's teachers and the class teacher."""
        seat = (await self._whose(enrolment_id)).seat
        async with together() as tasks:
            school = tasks.create_task(self._ask(lambda client: client.school(seat)))
            passport = tasks.create_task(attempt(self._ask(lambda client: client.school_parameters(seat))))
            teachers = tasks.create_task(attempt(self._ask(lambda client: client.teachers(seat))))
            leader = tasks.create_task(attempt(self._ask(lambda client: client.class_teacher(seat))))
        found = parse.school_profile(
            school.result(), passport.result(), teachers.result(), leader.result(), self._zone.key
        )
        return self.answered(
            [found],
            partial=_missing(
                {
                    "parameters": _gap(passport.result()),
                    "teachers": _gap(teachers.result()),
                    "class_teachers": _gap(leader.result()),
                }
            ),
        )

    async def _ask(self, call: Callable[[Client], Awaitable[T]]) -> T:
        return await self._keeper.use(
            lambda credentials: call(Client(self._channel, credentials.secret(ACCESS_TOKEN)))
        )

    async def _enrolments(self) -> tuple[Enrolment, ...]:
        found = parse.enrolments(await self._ask(lambda client: client.context()), self._zone.key)
        self._family = frozenset(enrolment.id for enrolment in found)
        return found

    async def _whose(self, enrolment_id: str) -> parse.Whose:
        """Return whose diary an id names.

        Ids the sign-in gave out need no call; another one may be a child added since, so the diary is asked.

        Raises:
            ChildUnknown: This parent has no such enrolment.
        """
        seat = Seat.read(enrolment_id)
        if enrolment_id not in self._family | remembered_family(await self._keeper.current()):
            await self._enrolments()
            if enrolment_id not in self._family:
                raise ChildUnknown("no enrolment of this diary has such an id", field="enrolment_id")
        return parse.Whose(seat, self._zone)

    async def _homeworks(self, seat: Seat, span: tuple[date, date]) -> wire.Homeworks:
        return await self._ask(lambda client: client.homeworks(seat, *span))

    async def _weights(self, seat: Seat) -> parse.Weights:
        async with together() as tasks:
            kinds = tasks.create_task(attempt(self._ask(lambda client: client.work_types(seat))))
            school = tasks.create_task(attempt(self._ask(lambda client: client.school(seat))))
        return parse.Weights.read(kinds.result(), school.result())

    async def _names(
        self, sent: Sequence[wire.Day], answers: Sequence[wire.Homeworks | Unavailable], seat: Seat
    ) -> tuple[dict[str, str], Unavailable | None]:
        """Return names of subjects from beside the days; the diary is asked only when one is missing yet."""
        told = (answer.subjects for answer in answers if isinstance(answer, wire.Homeworks))
        names = parse.names_of(chain.from_iterable(told))
        if not parse.unnamed(sent, names):
            return names, None
        taught = await attempt(self._ask(lambda client: client.subjects(seat)))
        if isinstance(taught, Unavailable):
            return names, taught
        return {**parse.names_of(taught), **names}, None

    async def _lessons(self, ids: Sequence[str]) -> list[wire.FullLesson]:
        starts = range(0, len(ids), LESSONS_AT_ONCE)
        pieces = [ids[start : start + LESSONS_AT_ONCE] for start in starts]
        async with together() as tasks:
            asked = [
                tasks.create_task(self._ask(lambda client, piece=piece: client.lessons(piece)))
                for piece in pieces
            ]
        return [lesson for one in asked for lesson in one.result()]


def _pieces(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Cut a span into pieces one call may ask for."""
    while since <= until:
        last = min(since + timedelta(days=DAYS_AT_ONCE - 1), until)
        yield since, last
        since = last + timedelta(days=1)


def _gap(call: object) -> Unavailable | None:
    return call if isinstance(call, Unavailable) else None


def _missing(gaps: dict[str, Unavailable | None]) -> list[Missing]:
    return [Missing(what=what, reason=gap.reason) for what, gap in gaps.items() if gap is not None]
