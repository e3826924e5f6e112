"""The partner API of Дневник.ру: HTTP in, wire models out, one small method for each call.

Every method may raise `LoginRequired`, `NotPermitted`, `NotFound`, `TryLater` and `RegionChanged`.
Spans are `[since, until]`, both inclusive, in the school's dates.

Source: the archived documentation of 2021-02; each call stands in `tests/plugins/dnevnik_ru/cassettes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from httpx2 import Response
from pydantic import TypeAdapter

from diary_core.http import FileStream, download, read
from diary_core.provider import Channel
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.instances import API
from diary_dnevnik_ru.refusals import reading_refused
from diary_dnevnik_ru.wire.values import OneOrMore, Rows

T = TypeVar("T")
Query = list[tuple[str, str | int | float | bool | None]]
"""Keys may repeat."""

PARTNERS: Final = "v2"
PHONES: Final = "mobile/v8.5"
"""The newest version clients have shown to work, in 2025; a token of the partners' API opens it too."""
ACCEPT: Final = "application/json"
"""Without it errors come as web pages."""
LESSONS_AT_ONCE: Final = 100
"""Ids in one call; the API names no limit, clients send about so many."""
_CONTEXT: Final = TypeAdapter(wire.Context)
_ME: Final = TypeAdapter(wire.Me)
_SCHEDULE: Final = TypeAdapter(wire.Schedule)
_HOMEWORKS: Final = TypeAdapter(wire.Homeworks)
_WORK: Final = TypeAdapter(wire.Work)
_TASKS: Final[TypeAdapter[tuple[wire.Task, ...]]] = TypeAdapter(Rows[wire.Task])
_LOG: Final = TypeAdapter(wire.LogEntries)
_PERIOD_GROUP: Final = TypeAdapter(wire.PeriodGroup)
_TIMETABLES: Final[TypeAdapter[tuple[wire.Timetable, ...]]] = TypeAdapter(OneOrMore[wire.Timetable])
_MARKS: Final[TypeAdapter[tuple[wire.Mark, ...]]] = TypeAdapter(Rows[wire.Mark])
_MARK: Final = TypeAdapter(wire.Mark)
_FINAL_MARKS: Final = TypeAdapter(wire.FinalMarks)
_AVERAGES: Final[TypeAdapter[tuple[wire.PupilAverages, ...]]] = TypeAdapter(Rows[wire.PupilAverages])
_WEIGHTED_AVERAGES: Final = TypeAdapter(wire.WeightedAverages)
_GROUPS: Final[TypeAdapter[tuple[wire.EduGroup, ...]]] = TypeAdapter(Rows[wire.EduGroup])
_LESSONS: Final[TypeAdapter[tuple[wire.FullLesson, ...]]] = TypeAdapter(Rows[wire.FullLesson])
_SUBJECTS: Final[TypeAdapter[tuple[wire.Subject, ...]]] = TypeAdapter(Rows[wire.Subject])
_PERIODS: Final[TypeAdapter[tuple[wire.ReportingPeriod, ...]]] = TypeAdapter(Rows[wire.ReportingPeriod])
_WORK_TYPES: Final[TypeAdapter[tuple[wire.WorkType, ...]]] = TypeAdapter(Rows[wire.WorkType])
_PERSONS: Final[TypeAdapter[tuple[wire.Person, ...]]] = TypeAdapter(Rows[wire.Person])
_STAFF: Final[TypeAdapter[tuple[wire.StaffMember, ...]]] = TypeAdapter(Rows[wire.StaffMember])
_PERSON: Final = TypeAdapter(wire.Person)
_SCHOOL: Final = TypeAdapter(wire.School)
_PARAMETERS: Final = TypeAdapter(wire.SchoolParameters)
_POSTS: Final = TypeAdapter(wire.Posts)


class Client:
    """The API as one token sees it.

    Args:
        channel: The server.
        token: A living access token.
    """

    def __init__(self, channel: Channel, token: str) -> None:
        self._channel = channel
        self._http = channel.http
        self._host = channel.instance.hosts[API]
        self._headers = {"Access-Token": token, "Accept": ACCEPT}

    async def context(self) -> wire.Context:
        """Return who is signed in, with the children, their schools and classes."""
        return await self._get("users/me/context", _CONTEXT)

    async def me(self) -> wire.Me:
        """Return the card of the one who is signed in."""
        return await self._get("users/me", _ME)

    async def schedules(self, seat: Seat, since: date, until: date) -> wire.Schedule:
        """Return the days of a child; the class stands for its subgroups too."""
        return await self._get(
            f"persons/{seat.person}/groups/{seat.group}/schedules", _SCHEDULE, _span(since, until)
        )

    async def homeworks(self, seat: Seat, since: date, until: date) -> wire.Homeworks:
        """Return the homework due in a span, with its files."""
        return await self._get(
            f"persons/{seat.person}/school/{seat.school}/homeworks", _HOMEWORKS, _span(since, until)
        )

    async def work(self, work_id: str) -> wire.Work:
        """Return one work, of whichever child of the parent; the id is a number, nothing else."""
        return await self._get(f"works/{work_id}", _WORK)

    async def undone(self, seat: Seat) -> tuple[wire.Task, ...]:
        """Return the homework of a child whose day has passed and that is not done."""
        return await self._get(f"tasks/{seat.person}/undone", _TASKS)

    async def open_file(self, url: str, name: str) -> FileStream:
        """Open a file by its link; may raise what `diary_core.http.download` raises.

        Whether the server of files wants the token is not known: it gets it when it is the API's own.
        """
        return await download(self._channel, url, name=name, home=self._host, headers=self._headers)

    async def marks(self, seat: Seat, since: date, until: date) -> tuple[wire.Mark, ...]:
        """Return the marks of lessons in a span, without the lessons."""
        return await self._get(f"persons/{seat.person}/schools/{seat.school}/marks/{since}/{until}", _MARKS)

    async def mark(self, mark_id: str) -> wire.Mark:
        """Return one mark, of whichever child of the parent; the id is a number, nothing else."""
        return await self._get(f"marks/{mark_id}", _MARK)

    async def final_marks(self, seat: Seat) -> wire.FinalMarks:
        """Return the results of a child in one class, be it the present one or that of a former year."""
        return await self._get(f"persons/{seat.person}/edu-groups/{seat.group}/allfinalmarks", _FINAL_MARKS)

    async def averages(self, seat: Seat, period_id: str, on: date) -> tuple[wire.PupilAverages, ...]:
        """Return the plain averages of a term as they stand on a day, of the whole class."""
        return await self._get(
            f"edu-groups/{seat.group}/reporting-periods/{period_id}/avg-marks/{on}", _AVERAGES
        )

    async def weighted_averages(self, seat: Seat, since: date, until: date) -> wire.WeightedAverages:
        """Return the weighted averages of a span, of the whole class."""
        return await self._get(f"edu-groups/{seat.group}/wa-marks/{since}/{until}", _WEIGHTED_AVERAGES)

    async def all_groups(self, seat: Seat) -> tuple[wire.EduGroup, ...]:
        """Return the classes and subgroups of a child, those of former years too."""
        return await self._get(f"persons/{seat.person}/edu-groups/all", _GROUPS)

    async def lessons(self, ids: Sequence[str]) -> tuple[wire.FullLesson, ...]:
        """Return lessons by id, at most `LESSONS_AT_ONCE`; unknown ones are left out."""
        response = await self._http.post(
            f"{self._host}/{PARTNERS}/lessons/many", json=[int(one) for one in ids], headers=self._headers
        )
        return _answer(response, _LESSONS)

    async def subjects(self, seat: Seat) -> tuple[wire.Subject, ...]:
        """Return the subjects the class is taught now."""
        return await self._get(f"edu-groups/{seat.group}/subjects", _SUBJECTS)

    async def reporting_periods(self, seat: Seat) -> tuple[wire.ReportingPeriod, ...]:
        """Return the terms of the class."""
        return await self._get(f"edu-groups/{seat.group}/reporting-periods", _PERIODS)

    async def holidays(self, seat: Seat) -> wire.PeriodGroup:
        """Return the holidays between the terms of the class."""
        return await self._get(f"edu-groups/{seat.group}/reporting-period-group", _PERIOD_GROUP)

    async def timetables(self, seat: Seat) -> tuple[wire.Timetable, ...]:
        """Return the bells of the class: one object, or a list; the sources disagree."""
        return await self._get(f"edu-groups/{seat.group}/timetables", _TIMETABLES)

    async def log_entries(self, seat: Seat, since: date, until: date) -> wire.LogEntries:
        """Return who was late or away, and what teachers remarked, in lessons of a span."""
        return await self._get(f"persons/{seat.person}/lesson-log-entries", _LOG, _span(since, until))

    async def work_types(self, seat: Seat) -> tuple[wire.WorkType, ...]:
        """Return the school's kinds of work with their weights."""
        return await self._get(f"work-types/{seat.school}", _WORK_TYPES)

    async def school(self, seat: Seat) -> wire.School:
        """Return the school's profile."""
        return await self._get(f"schools/{seat.school}", _SCHOOL)

    async def school_parameters(self, seat: Seat) -> wire.SchoolParameters:
        """Return the school's public passport; some accounts may not see it."""
        return await self._get(f"schools/{seat.school}/parameters", _PARAMETERS)

    async def teachers(self, seat: Seat) -> tuple[wire.Person, ...]:
        """Return who teaches the class, from a week back to a month ahead."""
        return await self._get(f"edu-groups/{seat.group}/teachers", _PERSONS)

    async def staff(self, seat: Seat) -> tuple[wire.StaffMember, ...]:
        """Return what everybody at the school teaches; some accounts may not see it."""
        return await self._get(f"schools/{seat.school}/teachers", _STAFF)

    async def groups(self, seat: Seat) -> tuple[wire.EduGroup, ...]:
        """Return the class and the subgroups of a child."""
        return await self._get(f"persons/{seat.person}/edu-groups", _GROUPS)

    async def class_teacher(self, seat: Seat) -> wire.Person:
        """Return the class teacher."""
        return await self._get(f"edu-groups/{seat.group}/classteacher", _PERSON)

    async def posts(self, seat: Seat) -> wire.Posts:
        """Return what the school announced, by the phones' API: the partners' has no such call."""
        return await self._get(
            f"persons/{seat.person}/schools/{seat.school}/notifications", _POSTS, api=PHONES
        )

    async def _get(
        self,
        path: str,
        shape: TypeAdapter[T],
        query: Sequence[tuple[str, str | int | float | bool | None]] = (),
        *,
        api: str = PARTNERS,
    ) -> T:
        response = await self._http.get(
            f"{self._host}/{api}/{path}", params=list(query), headers=self._headers
        )
        return _answer(response, shape)


def _span(since: date, until: date) -> Query:
    return [("startDate", since.isoformat()), ("endDate", until.isoformat())]


def _answer(response: Response, shape: TypeAdapter[T]) -> T:
    refused = reading_refused(response)
    if refused is not None:
        raise refused
    return read(response, shape)
