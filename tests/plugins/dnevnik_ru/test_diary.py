"""Reading the diary of a running town: what it costs, what is told, and to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import httpx2
import pytest
from typing_extensions import override

from diary_core.errors import ChildUnknown
from diary_core.http import open_client
from diary_core.model import NOT_LOADED, Day, Homework, Mark, Reason, Teacher, known
from diary_core.provider import Channel
from diary_core.testing import MemoryStore
from diary_dnevnik_ru.connection import ENROLMENTS
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_sandbox.dnevnik.render.days import subject_is_missing

from .town import OPTIONS, PROVIDER, QUICK, Town, a_town

pytestmark = pytest.mark.anyio
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
EASTERN = {"login": "lesnaya", "password": "sandbox-dnevnik"}
"""Another family; its first child goes to school in Khabarovsk krai."""
SEPTEMBER, NOVEMBER = date(2026, 9, 1), date(2026, 11, 25)


async def children(diary: DnevnikRuDiary) -> list[str]:
    return [enrolment.id for enrolment in (await diary.enrolments()).items]


class Gate(httpx2.AsyncBaseTransport):
    """Lets calls through only when so many stand at it together."""

    def __init__(self, together: int) -> None:
        self._inner = httpx2.AsyncHTTPTransport()
        self._barrier = asyncio.Barrier(together)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        async with asyncio.timeout(5):
            await self._barrier.wait()
        return await self._inner.handle_async_request(request)

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()


async def test_a_week_costs_one_round_trip(town: Town) -> None:
    """Four calls go at once, none waits for another: a gate that opens to four together lets them pass."""
    credentials = (await town.sign_in()).credentials
    child = credentials.facts[ENROLMENTS].split()[0]
    town.forget_calls()
    hosts = town.channel.instance.hosts.values()
    async with open_client(hosts, limits=QUICK, name="gate", base=Gate(4)) as http:
        channel = Channel(town.channel.instance, http, town.channel.now, OPTIONS)
        week = await Town(town.sandbox, channel).open(MemoryStore(credentials)).days(child, MONDAY, SUNDAY)
    assert len(week.items) == 7
    assert town.calls() == {
        "persons/{}/groups/{}/schedules": 1,
        "persons/{}/school/{}/homeworks": 1,
        "work-types/{}": 1,
        "schools/{}": 1,
    }


async def test_a_long_span_is_cut_into_pieces(town: Town) -> None:
    """Nobody asks for more than four weeks at once, and no day is lost or doubled between the pieces."""
    diary = await town.diary()
    child = (await children(diary))[0]
    town.forget_calls()
    whole = await diary.days(child, SEPTEMBER, NOVEMBER)
    assert town.calls()["persons/{}/groups/{}/schedules"] == 4
    assert [day.date for day in whole.items] == [
        SEPTEMBER + timedelta(days=number) for number in range((NOVEMBER - SEPTEMBER).days + 1)
    ]
    for since in (date(2026, 9, 28), date(2026, 9, 29)):
        (alone,) = (await diary.days(child, since, since)).items
        assert alone in whole.items


async def test_a_span_that_ends_before_it_begins_asks_for_no_days(town: Town) -> None:
    """Nothing is in it, and no schedule is asked for."""
    diary = await town.diary()
    child = (await children(diary))[0]
    town.forget_calls()
    assert (await diary.days(child, SUNDAY, MONDAY)).items == ()
    assert "persons/{}/groups/{}/schedules" not in town.calls()


async def test_week_and_lists_tell_the_same(town: Town) -> None:
    """The marks and the homework of the days are those of their own calls; who gave a mark the days tell."""
    diary = await town.diary()
    for child in await children(diary):
        days = (await diary.days(child, SEPTEMBER, NOVEMBER)).items
        lessons = [lesson for day in days for lesson in day.lessons]
        on_days = [mark for lesson in lessons for mark in known(lesson.marks) or ()]
        marks = (await diary.marks(child, SEPTEMBER, NOVEMBER)).items
        assert on_days
        assert [mark.id for mark in on_days if not isinstance(mark.teacher, Teacher)] == []
        listed = [mark.model_copy(update={"teacher": NOT_LOADED}) for mark in on_days]
        assert _by_id(listed) == _by_id(marks)
        due = [task for lesson in lessons for task in known(lesson.homework) or ()]
        homework = (await diary.homework(child, SEPTEMBER, NOVEMBER)).items
        assert due
        assert _by_id(due) == _by_id(homework)


def _by_id(items: Sequence[Mark] | Sequence[Homework]) -> dict[str, object]:
    return {item.id: item for item in items}


async def test_every_subject_has_its_name(town: Town) -> None:
    """Where the tables of a day forget a subject, the class's own list is asked, and nothing else twice."""
    diary = await town.diary()
    child = (await children(diary))[0]
    found: list[Day] = []
    for number in range(SEPTEMBER.toordinal(), NOVEMBER.toordinal()):
        day = date.fromordinal(number)
        if subject_is_missing(day, 1):
            found.extend((await diary.days(child, day, day)).items)
    halves = [lesson.actual for day in found for lesson in day.lessons]
    assert halves
    assert [half for half in halves if half is None or half.subject.name == "—"] == []
    assert 1 <= town.calls()["edu-groups/{}/subjects"] < len(found)


async def test_a_childs_diary_is_opened_by_its_own_parent_only(town: Town) -> None:
    """Another family's enrolment, though a true one, is unknown, and no diary call is made for it."""
    others = await town.diary((await town.sign_in(**EASTERN)).credentials)
    diary = await town.diary()
    foreign, own = await children(others), await children(diary)
    forged = [f"{own[0].split('.')[0]}.{foreign[0].split('.', 1)[1]}", "1.2.3", "", "../../users/me"]
    town.forget_calls()
    for child in [*foreign, *forged]:
        for read in (diary.days, diary.marks, diary.homework):
            with pytest.raises(ChildUnknown):
                await read(child, MONDAY, SUNDAY)
        for ask in (diary.mark, diary.results, diary.averages):
            with pytest.raises(ChildUnknown):
                await ask(child, "1")
        with pytest.raises(ChildUnknown):
            await diary.academic_years(child)
        for tell in (diary.terms, diary.school):
            with pytest.raises(ChildUnknown):
                await tell(child)
    assert set(town.calls()) == {"users/me/context"}


async def test_a_child_enrolled_since_the_sign_in_is_found(town: Town) -> None:
    """Ids the sign-in did not remember are looked up once, then known."""
    credentials = (await town.sign_in()).credentials
    child = credentials.facts[ENROLMENTS].split()[0]
    diary = await town.diary(credentials.model_copy(update={"facts": {}}))
    town.forget_calls()
    for _ in range(3):
        assert (await diary.terms(child)).items
    assert town.calls()["users/me/context"] == 1


async def test_a_region_far_east_has_its_own_clock() -> None:
    """Times are told in the zone of the region, moments keep their instant."""
    async with a_town("khabarovsk") as town:
        diary = await town.diary(
            (await town.sign_in(login="lesnaya", password="sandbox-dnevnik")).credentials
        )
        found = [await diary.marks(child, SEPTEMBER, NOVEMBER) for child in await children(diary)]
        moments = [known(mark.entered_at) for answer in found for mark in answer.items]
        days = (await diary.days((await children(diary))[0], MONDAY, SUNDAY)).items
    assert moments
    assert {str(moment.tzinfo) for moment in moments if moment} == {"Asia/Vladivostok"}
    assert {day.zone for day in days} == {"Asia/Vladivostok"}


async def test_terms_and_school_are_told(town: Town) -> None:
    """Quarters of the year, and the school with its people and places."""
    diary = await town.diary()
    child = (await children(diary))[0]
    assert [term.kind for term in (await diary.terms(child)).items] == ["quarter"] * 4
    answer = await diary.school(child)
    (school,) = answer.items
    assert answer.partial == ()
    assert None not in (school.principal, school.phone, school.email, school.website)
    parts = ("hours", "district", "addresses", "class_teachers", "teachers", "study_groups")
    assert [name for name in parts if not getattr(school, name)] == []


async def test_gaps_of_the_system_are_told_in_the_answer(town: Town) -> None:
    """What the system does not have stands in the answer as unsupported, once for each field."""
    diary = await town.diary()
    child = (await children(diary))[0]
    week = await diary.days(child, MONDAY, SUNDAY)
    unsupported = {gap.what for gap in week.unavailable if gap.reason is Reason.UNSUPPORTED}
    assert unsupported == {
        "lessons.change",
        "lessons.homework.done",
        "lessons.homework.edited_at",
        "lessons.homework.minutes",
        "lessons.homework.required",
        "lessons.marks.comment",
        "lessons.marks.edited_at",
        "lessons.marks.history",
        "lessons.planned",
        "lessons.remote",
    }
    assert [gap for gap in week.unavailable if gap.reason is not Reason.UNSUPPORTED] == []


def test_the_diary_can_do_what_it_says() -> None:
    """The class the provider names is the one that reads here."""
    assert PROVIDER.diary is DnevnikRuDiary
