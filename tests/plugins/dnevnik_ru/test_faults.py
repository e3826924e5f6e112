"""Bad days of the diary: a side call that fails leaves a gap, the one that matters a typed error."""

from __future__ import annotations

import json
from datetime import date

import httpx2
import pytest
from tests.more import quick_first

from diary_core.errors import (
    DiaryError,
    LoginRequired,
    NotFound,
    NotPermitted,
    RegionBusy,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
    TryLater,
)
from diary_core.model import Answer, Day, Homework, Mark, Missing, Reason, Subject, Unavailable, known
from diary_dnevnik_ru.client import Client
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_sandbox.dnevnik.render.days import subject_is_missing
from diary_sandbox.faults import Fault, FaultKind

from .bodies import SEAT
from .town import PROVIDER, Town, a_channel

pytestmark = pytest.mark.anyio
API = "api.dnevnik.ru"
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
FORBIDDEN = json.dumps({"type": "systemForbidden", "description": "Access is forbidden"})
JSON = "application/json"
NOT_OURS = Fault(FaultKind.STATUS, status=403, body=FORBIDDEN, content_type=JSON)
SIDE_FAULTS = [
    (Fault(FaultKind.STATUS, status=500), Reason.UPSTREAM_ERROR),
    (Fault(FaultKind.STATUS, status=433), Reason.UPSTREAM_ERROR),
    (
        Fault(FaultKind.STATUS, status=403, body=FORBIDDEN, content_type="application/json"),
        Reason.NOT_PERMITTED,
    ),
    (Fault(FaultKind.HTML), Reason.UPSTREAM_ERROR),
    (Fault(FaultKind.TRUNCATED_JSON), Reason.UPSTREAM_ERROR),
    (Fault(FaultKind.MALFORMED_JSON), Reason.UPSTREAM_ERROR),
    (Fault(FaultKind.EMPTY), Reason.UPSTREAM_ERROR),
    (Fault(FaultKind.DROP), Reason.UPSTREAM_ERROR),
]
BASE_FAULTS: list[tuple[Fault, type[DiaryError]]] = [
    (Fault(FaultKind.STATUS, status=500), RegionMaintenance),
    (Fault(FaultKind.STATUS, status=429, retry_after="7"), RegionBusy),
    (Fault(FaultKind.STATUS, status=433), RegionBusy),
    (Fault(FaultKind.STATUS, status=404), RegionChanged),
    (Fault(FaultKind.STATUS, status=405), RegionMaintenance),
    (NOT_OURS, NotPermitted),
    (Fault(FaultKind.HTML), RegionMaintenance),
    (Fault(FaultKind.TRUNCATED_JSON), RegionChanged),
    (Fault(FaultKind.MALFORMED_JSON), RegionChanged),
    (Fault(FaultKind.EMPTY), RegionChanged),
    (Fault(FaultKind.DROP), RegionDown),
]


def _kind(value: object) -> str:
    return f"{value.kind}{value.status}" if isinstance(value, Fault) else ""


async def opened(town: Town) -> tuple[DnevnikRuDiary, str]:
    diary = await town.diary()
    return diary, (await diary.enrolments()).items[0].id


def broken(town: Town, fault: Fault, path: str) -> None:
    town.sandbox.faults.clear()
    town.sandbox.faults.add(
        Fault(
            fault.kind,
            host=API,
            path=path,
            status=fault.status,
            body=fault.body,
            content_type=fault.content_type,
            retry_after=fault.retry_after,
        )
    )


def marks_in(week: Answer[Day]) -> list[Mark]:
    lessons = [lesson for day in week.items for lesson in day.lessons]
    return [mark for lesson in lessons for mark in known(lesson.marks) or ()]


def homework_in(week: Answer[Day]) -> list[Homework]:
    lessons = [lesson for day in week.items for lesson in day.lessons]
    return [task for lesson in lessons for task in known(lesson.homework) or ()]


@pytest.mark.parametrize(
    ("fault", "reason"), SIDE_FAULTS, ids=lambda value: str(getattr(value, "kind", value))
)
@pytest.mark.parametrize("path", quick_first(["/v2/work-types/*", "/v2/schools/*"]))
async def test_without_the_kinds_of_work_marks_have_no_weight(
    path: str, fault: Fault, reason: Reason, town: Town
) -> None:
    """The week stands, its marks say why they have no weight, and the answer says so too."""
    diary, child = await opened(town)
    whole = await diary.days(child, MONDAY, SUNDAY)
    broken(town, fault, path)
    week = await diary.days(child, MONDAY, SUNDAY)
    gap = Unavailable(reason=reason)
    assert week.partial == (Missing(what="lessons.marks.weight", reason=reason),)
    assert marks_in(week)
    assert [mark.weight for mark in marks_in(week) if mark.weight != gap] == []
    assert [mark.model_copy(update={"weight": gap, "counts": True}) for mark in marks_in(whole)] == [
        mark.model_copy(update={"counts": True}) for mark in marks_in(week)
    ]
    assert homework_in(week) == homework_in(whole)


@pytest.mark.parametrize(
    ("fault", "reason"), SIDE_FAULTS, ids=lambda value: str(getattr(value, "kind", value))
)
async def test_without_the_call_for_homework_files_are_a_gap(
    fault: Fault, reason: Reason, town: Town
) -> None:
    """Homework stands in the days; only what its files are called is missing."""
    diary, child = await opened(town)
    since, until = date(2026, 10, 5), date(2026, 10, 25)
    whole = await diary.days(child, since, until)
    broken(town, fault, "/v2/persons/*/homeworks")
    week = await diary.days(child, since, until)
    gap = Unavailable(reason=reason)
    assert week.partial == (Missing(what="lessons.homework.attachments", reason=reason),)
    with_files = [task.id for task in homework_in(whole) if task.attachments]
    assert with_files
    assert [task.id for task in homework_in(week) if task.attachments == gap] == with_files
    assert [task.text for task in homework_in(week)] == [task.text for task in homework_in(whole)]


@pytest.mark.parametrize(("fault", "error"), BASE_FAULTS, ids=_kind)
async def test_without_the_schedule_there_is_no_week(
    fault: Fault, error: type[DiaryError], town: Town
) -> None:
    """One error of the tree, not a group of them, and nothing is shown as if it were empty."""
    diary, child = await opened(town)
    broken(town, fault, "/v2/persons/*/schedules")
    with pytest.raises(error) as caught:
        await diary.days(child, MONDAY, SUNDAY)
    if fault.retry_after:
        assert caught.value.retry_after is not None
        assert caught.value.retry_after.total_seconds() == int(fault.retry_after)


async def test_without_names_of_subjects_the_week_stands(town: Town) -> None:
    """A subject nobody names keeps its id, and the answer says what is missing."""
    diary, child = await opened(town)
    since, until = date(2026, 9, 1), date(2026, 11, 25)
    broken(town, Fault(FaultKind.STATUS, status=500), "/v2/edu-groups/*/subjects")
    nameless: list[Subject] = []
    for number in range(since.toordinal(), until.toordinal()):
        day = date.fromordinal(number)
        if not subject_is_missing(day, 1):
            continue
        answer = await diary.days(child, day, day)
        taught = [lesson.actual.subject for lesson in answer.items[0].lessons if lesson.actual]
        unnamed = [subject for subject in taught if subject.name == "—"]
        missing = (Missing(what="lessons.actual.subject", reason=Reason.UPSTREAM_ERROR),)
        assert answer.partial == (missing if unnamed else ())
        nameless.extend(unnamed)
    assert nameless
    assert [subject for subject in nameless if subject.id is None] == []


async def test_lessons_the_diary_does_not_bring_are_told(town: Town) -> None:
    """A mark whose lesson is not there cannot be dated: the answer says that something is missing."""
    diary, child = await opened(town)
    whole = await diary.marks(child, MONDAY, SUNDAY)
    broken(
        town,
        Fault(FaultKind.STATUS, status=200, body="[]", content_type="application/json"),
        "/v2/lessons/many",
    )
    answer = await diary.marks(child, MONDAY, SUNDAY)
    assert whole.items
    assert whole.partial == ()
    assert (answer.items, answer.partial) == ((), (Missing(what="lesson", reason=Reason.UPSTREAM_ERROR),))


async def test_marks_without_the_kinds_of_work_stand(town: Town) -> None:
    """The list of marks says what it lacks: weights, and the names of control forms."""
    diary, child = await opened(town)
    broken(town, NOT_OURS, "/v2/work-types/*")
    answer = await diary.marks(child, MONDAY, SUNDAY)
    gap = Unavailable(reason=Reason.NOT_PERMITTED)
    assert answer.items
    assert [mark.id for mark in answer.items if (mark.weight, mark.form) != (gap, gap)] == []
    assert [missing.what for missing in answer.partial] == ["weight", "form"]


async def test_a_forbidden_part_of_the_school_is_a_gap(town: Town) -> None:
    """Name and zone stand; what this account may not see says so."""
    diary, child = await opened(town)
    broken(town, NOT_OURS, "/v2/schools/*/parameters")
    answer = await diary.school(child)
    assert answer.partial == (Missing(what="parameters", reason=Reason.NOT_PERMITTED),)
    assert answer.items[0].principal == Unavailable(reason=Reason.NOT_PERMITTED)
    assert answer.items[0].teachers


async def test_teachers_stand_without_the_staff_of_the_school(town: Town) -> None:
    """Whether a parent may see it is not known: the gap is what the teachers teach."""
    diary, child = await opened(town)
    broken(town, NOT_OURS, "/v2/schools/*/teachers")
    answer = await diary.school(child)
    assert answer.partial == (Missing(what="teachers.subjects", reason=Reason.NOT_PERMITTED),)
    teachers = known(answer.items[0].teachers)
    assert teachers
    gap = Unavailable(reason=Reason.NOT_PERMITTED)
    assert [teacher.name.last for teacher in teachers if teacher.subjects != gap] == []


REFUSALS: list[tuple[int, str, type[DiaryError]]] = [
    (401, "invalidToken", LoginRequired),
    (200, "invalidToken", LoginRequired),
    (401, "authorizationInvalidToken", LoginRequired),
    (401, "tokenRequired", LoginRequired),
    (400, "authorizationTokenRequired", LoginRequired),
    (401, "authorizationFailed", LoginRequired),
    (403, "outOfScope", NotPermitted),
    (403, "authorizationOutOfScope", NotPermitted),
    (400, "notOwner", NotPermitted),
    (403, "ownerForbidden", NotPermitted),
    (400, "authorizationSystemForbidden", NotPermitted),
    (400, "invalidRequest", RegionChanged),
    (400, "parameterInvalid", RegionChanged),
    (404, "apiResourceUnavailable", NotFound),
    (405, "apiMethodNotSupported", RegionChanged),
    (400, "apiRequestLimit", RegionBusy),
    (400, "apiServerError", RegionDown),
    (400, "apiUnknownError", RegionDown),
    (401, "somethingNew", LoginRequired),
    (403, "somethingNew", NotPermitted),
    (418, "somethingNew", RegionChanged),
]


@pytest.mark.parametrize(("status", "kind", "error"), REFUSALS)
async def test_an_error_object_means_what_its_type_says(
    status: int, kind: str, error: type[DiaryError]
) -> None:
    """The type decides, in its short and its long name; an unknown one leaves it to the status."""

    def refuse(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, json={"type": kind, "description": "secret words"})

    async with a_channel(PROVIDER.instance("novgorod"), refuse) as channel:
        with pytest.raises(error) as caught:
            await Client(channel, "t" * 32).schedules(SEAT, MONDAY, SUNDAY)
    assert "secret" not in f"{caught.value} {caught.value.detail} {caught.value.field}"


async def test_a_week_is_read_again_when_the_trouble_is_over(town: Town) -> None:
    """Passing trouble of one call is not even seen: a GET is tried again."""
    diary, child = await opened(town)
    town.sandbox.faults.add(Fault(FaultKind.STATUS, host=API, path="/v2/persons/*/schedules", count=1))
    assert (await diary.days(child, MONDAY, SUNDAY)).partial == ()
    town.sandbox.faults.add(Fault(FaultKind.STATUS, host=API, status=503, count=50))
    with pytest.raises(TryLater):
        await diary.days(child, MONDAY, SUNDAY)
    town.sandbox.faults.clear()
    assert (await diary.days(child, MONDAY, SUNDAY)).partial == ()
