"""The diary's own services: one method an endpoint, HTTP in, wire models out.

Every call may raise what `diary_core.http.read` raises.

Source: `docs/sources.md`, МЭШ; each call stands in `tests/plugins/mrko/cassettes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Generic, TypeVar

from httpx2 import Response
from pydantic import TypeAdapter

from diary_core.credentials import Credentials
from diary_core.errors import AbsenceRefused, HomeworkUnknown, RegionChanged
from diary_core.http import FileStream, download, read, refuse
from diary_core.provider import Channel
from diary_mrko.city import CityServices
from diary_mrko.gateway import NodeGateway
from diary_mrko.rating import RatingServices
from diary_mrko.school_life import SchoolLifeServices
from diary_mrko.wire.absences import Attendance, NonattendanceReason, Notification, Receipts
from diary_mrko.wire.family import FamilyProfile, SchoolInfo
from diary_mrko.wire.homework import Homework
from diary_mrko.wire.lessons import Events, HeldDay, LessonDetails, ShortDay
from diary_mrko.wire.marks import ListedMark, MarkDetails, SubjectMarks
from diary_mrko.wire.results import FinalMarks
from diary_mrko.wire.values import Listed, Wire
from diary_mrko.wire.year import AcademicYear, CalendarDay, PeriodsSchedule, Transposition

ItemT = TypeVar("ItemT", bound=Wire)

ABSENCES: Final = ("marks", "absence_reason_id", "health_status", "nonattendance_reason_id")
"""Parts of events that tell of absences."""
EVERYTHING: Final = ("homework", *ABSENCES)
"""Parts of events that the week shows."""
_OUTSIDE_LESSONS: Final = frozenset({"ae", "ec"})
"""Kinds of homework whose tick is named with its kind: of clubs and of extra-curricular hours."""
_NOT_FOUND: Final = 404
_REFUSALS: Final = frozenset({400, 409, 422})


class _Payload(Wire, Generic[ItemT]):
    """The wrapper of most lists."""

    payload: Listed[ItemT]


_ATTENDANCE: Final = TypeAdapter(Attendance)
_REASONS: Final = TypeAdapter(Listed[NonattendanceReason])
_RECEIPTS: Final = TypeAdapter(Receipts)
_EVENTS: Final = TypeAdapter(Events)
_FAMILY: Final = TypeAdapter(FamilyProfile)
_HELD_DAY: Final = TypeAdapter(HeldDay)
_LESSON: Final = TypeAdapter(LessonDetails)
_SCHOOL: Final = TypeAdapter(SchoolInfo)
_MARKS: Final = TypeAdapter(_Payload[ListedMark])
_MARK: Final = TypeAdapter(MarkDetails)
_SUBJECT_MARKS: Final = TypeAdapter(_Payload[SubjectMarks])
_RESULTS: Final = TypeAdapter(FinalMarks)
_HOMEWORK: Final = TypeAdapter(_Payload[Homework])
_TIMETABLE: Final = TypeAdapter(_Payload[ShortDay])
_CALENDAR: Final = TypeAdapter(tuple[CalendarDay, ...])
_YEARS: Final = TypeAdapter(tuple[AcademicYear, ...])
_SCHEDULES: Final = TypeAdapter(Listed[PeriodsSchedule])
_TRANSPOSITIONS: Final[TypeAdapter[tuple[Transposition, ...]]] = TypeAdapter(Listed[Transposition])


class MrkoClient:
    """The services of one node on behalf of one signed-in adult.

    Args:
        channel: The node.
        credentials: A living access token, the adult's profile and role.
    """

    def __init__(self, channel: Channel, credentials: Credentials) -> None:
        self.profile_id = credentials.facts.get("profile_id", "")
        token = credentials.secret("access")
        role = credentials.facts.get("role", "parent")
        headers = {
            "Authorization": f"Bearer {token}",
            "Auth-Token": token,
            "X-Mes-Subsystem": "familymp",
            "Client-Type": "diary-mobile",
            "Profile-Id": self.profile_id,
            "Profile-Type": role,
            "X-Mes-Role": role,
        }
        self._channel = channel
        self._gateway = NodeGateway(channel.http, channel.instance.hosts["school"], headers)
        self._get = self._gateway.get
        self.city = CityServices(self._gateway.bearer_only())
        self.school_life = SchoolLifeServices(self._gateway)
        self.rating = RatingServices(self._gateway)

    async def family(self) -> FamilyProfile:
        """Return the adult and the children."""
        return await self._get(f"{_FAMILY_API}/profile", {}, _FAMILY)

    async def events(
        self,
        person_id: str,
        since: date,
        until: date,
        sources: Iterable[str],
        *,
        expand: Iterable[str] = EVERYTHING,
    ) -> Events:
        """Return the events of a span.

        Args:
            person_id: The child in the city's register.
            since: First day, inclusive.
            until: Last day, inclusive.
            sources: Codes of the kinds of events wanted.
            expand: Parts that are left out unless asked for.
        """
        params = {
            "person_ids": person_id,
            "begin_date": since.isoformat(),
            "end_date": until.isoformat(),
            "source_types": ",".join(sources),
        }
        if parts := ",".join(expand):
            params["expand"] = parts
        return await self._get("/api/eventcalendar/v1/api/events", params, _EVENTS)

    async def timetable(self, student_id: str, on: Iterable[date]) -> Sequence[ShortDay]:
        """Return the short timetable of the named days."""
        params = {"student_id": student_id, "dates": ",".join(day.isoformat() for day in on)}
        return (await self._get(f"{_FAMILY_API}/schedule/short", params, _TIMETABLE)).payload

    async def held_day(self, student_id: str, on: date) -> HeldDay:
        """Return one day with its breaks: the only place where bells show."""
        params = {"student_id": student_id, "date": on.isoformat()}
        return await self._get(f"{_FAMILY_API}/schedule", params, _HELD_DAY)

    async def lesson(self, student_id: str, number: str, education_type: str) -> LessonDetails:
        """Return what the details of a lesson add to the timetable.

        Args:
            student_id: Whose.
            number: Of the event.
            education_type: `OO`, `EC` or `AE`.

        Raises:
            RegionChanged: The lesson's number is none.
        """
        if not number.isdecimal():
            raise RegionChanged("a lesson's number is none", field="response.[].id")
        params = {"student_id": student_id, "type": education_type}
        return await self._get(f"{_FAMILY_API}/lesson_schedule_items/{number}", params, _LESSON)

    async def homework(self, student_id: str, since: date, until: date) -> Sequence[Homework]:
        """Return what is due in a span."""
        params = _span(student_id, since, until)
        return (await self._get(f"{_FAMILY_API}/homeworks", params, _HOMEWORK)).payload

    async def tick_homework(self, homework_id: str, *, kind: str | None, done: bool) -> None:
        """Set or clear the tick of one child's homework; what is answered besides the status says nothing.

        Args:
            homework_id: Of the child's own instance of it, a number and nothing else.
            kind: `oo`, `ec` or `ae`, as the list has it.
            done: Whether to set it.

        Raises:
            HomeworkUnknown: There is none of this id any more.
        """
        path = f"{_FAMILY_API}/homeworks/{homework_id}/done"
        params = {"type": kind.upper()} if kind in _OUTSIDE_LESSONS else None
        response = await self._gateway.send("POST" if done else "DELETE", path, params=params)
        if response.status_code == _NOT_FOUND:
            raise HomeworkUnknown("the diary has no such homework any more", field="homework_id")
        if not response.is_success:
            refuse(response)

    async def open_file(self, url: str, name: str) -> FileStream:
        """Open a file by its link; may raise what `diary_core.http.download` raises."""
        gateway = self._gateway
        return await download(self._channel, url, name=name, home=gateway.base, headers=gateway.headers)

    async def marks(self, student_id: str, since: date, until: date) -> Sequence[ListedMark]:
        """Return the marks of the lessons of a span."""
        params = _span(student_id, since, until)
        return (await self._get(f"{_FAMILY_API}/marks", params, _MARKS)).payload

    async def mark(self, student_id: str, mark_id: str) -> MarkDetails:
        """Return one mark in depth; the id is a number, nothing else may be asked for."""
        return await self._get(f"{_FAMILY_API}/marks/{mark_id}", {"student_id": student_id}, _MARK)

    async def subject_marks(self, student_id: str) -> Sequence[SubjectMarks]:
        """Return the subjects with marks in the current year, with the averages of each term."""
        params = {"student_id": student_id}
        return (await self._get(f"{_FAMILY_API}/subject_marks", params, _SUBJECT_MARKS)).payload

    async def final_marks(self, person_id: str, academic_year_id: str) -> FinalMarks:
        """Return how the terms of a year ended, and the year itself; of a year without data nothing."""
        params = {"person_id": person_id, "academic_year_id": academic_year_id}
        return await self._get(f"{_FAMILY_API}/final_marks/v2", params, _RESULTS)

    async def calendar(self, student_id: str, since: date, until: date) -> Sequence[CalendarDay]:
        """Return what the days of a span are: of school, of rest, of vacation."""
        params = _span(student_id, since, until)
        return await self._get(f"{_FAMILY_API}/periods_schedules", params, _CALENDAR)

    async def school(self, school_id: str, class_unit_id: str, student_id: str) -> SchoolInfo:
        """Return the school with the people of one class."""
        params = {"school_id": school_id, "class_unit_id": class_unit_id, "student_id": student_id}
        return await self._get(f"{_FAMILY_API}/school_info", params, _SCHOOL)

    async def academic_years(self) -> Sequence[AcademicYear]:
        """Return the school years the journal knows."""
        return await self._get(f"{_JOURNAL_API}/academic_years", {}, _YEARS)

    async def transpositions(self, calendar_id: str) -> Sequence[Transposition]:
        """Return the moved days of a calendar, which is one school year's.

        Raises:
            RegionChanged: The calendar's number is none.
        """
        if not calendar_id.isdecimal():
            raise RegionChanged("a calendar's number is none", field="calendar_id")
        path = f"{_JOURNAL_API}/calendars/{calendar_id}/calendar_transpositions"
        return await self._get(path, {}, _TRANSPOSITIONS)

    async def periods(self, student_id: str) -> Sequence[PeriodsSchedule]:
        """Return the terms and vacations of a child's school in the current year."""
        params = {"student_profile_id": student_id}
        return await self._get(f"{_JOURNAL_API}/periods_schedules", params, _SCHEDULES)

    async def attendance(self, student_id: str, since: date, until: date) -> Attendance:
        """Return the days of a span with an absence or a notice, the latest first."""
        return await self._get(f"{_FAMILY_API}/attendance", _span(student_id, since, until), _ATTENDANCE)

    async def nonattendance_reasons(self) -> Sequence[NonattendanceReason]:
        """Return every reason the journal knows, also those only a school may give."""
        return await self._get(f"{_JOURNAL_API}/nonattendance_reasons", {}, _REASONS)

    async def notify_absence(self, student_id: str, told: Iterable[Notification]) -> Receipts:
        """Tell of absences, all or none of them, and return their numbers; never sent twice from here.

        Raises:
            AbsenceRefused: The diary takes the call, and not the notices.
        """
        response = await self._tell("POST", f"{_FAMILY_API}/attendance/v2", student_id, told)
        return read(response, _RECEIPTS)

    async def withdraw_absence(self, student_id: str, named: Iterable[Notification]) -> None:
        """Take notices back, named by day and bell; what is answered is not known.

        Raises:
            AbsenceRefused: The diary takes the call, and keeps the notices.
        """
        response = await self._tell("DELETE", f"{_FAMILY_API}/attendance", student_id, named)
        if not response.is_success:
            refuse(response)

    async def _tell(
        self, method: str, path: str, student_id: str, notices: Iterable[Notification]
    ) -> Response:
        """Send notices; which of the statuses for a refusal the diary uses is not known."""
        body = {
            "student_id": int(student_id),
            "notifications": [
                notice.model_dump(mode="json", exclude_none=method == "DELETE", exclude_unset=True)
                for notice in notices
            ],
        }
        response = await self._gateway.send(method, path, body=body)
        if response.status_code in _REFUSALS:
            raise AbsenceRefused(f"status {response.status_code}")
        return response


_FAMILY_API: Final = "/api/family/mobile/v1"
_JOURNAL_API: Final = "/api/ej/core/family/v1"


def _span(student_id: str, since: date, until: date) -> Mapping[str, str]:
    return {"student_id": student_id, "from": since.isoformat(), "to": until.isoformat()}
