"""News, meetings and events against the sandbox: what they cost, what they survive, what stands in."""

from __future__ import annotations

from datetime import date, timedelta

import httpx2
import pytest
from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.errors import ChildUnknown, NotPermitted, RegionDown
from diary_core.model import Missing, Reason, Unavailable
from diary_core.testing import MemoryStore, fixed_clock, open_diary
from diary_mrko.diary import MrkoDiary
from diary_mrko.provider import MrkoProvider
from diary_sandbox.faults import FaultKind
from diary_sandbox.world import AnnouncementKind, Child, Gathering, GatheringSort

from .bodies import MONDAY, SCHOOLS_OWN, SUNDAY
from .test_parse_family import CHILD
from .town import Town

pytestmark = pytest.mark.anyio

SINCE, UNTIL = date(2026, 9, 1), date(2026, 12, 31)
NEWS_PAGE, NEWS_ITEM = "/api/news/v2/news/users/v2", "/api/news/v2/news/[0-9]*"
CALENDAR, ORGANIZER = "/api/eventcalendar/*", "/api/ej/organizer/*"


async def opened(town: Town) -> tuple[MrkoDiary, str, Child]:
    """Return a fresh diary, its first child's enrolment, and that child in the town."""
    diary, enrolment = await town.first_child()
    child = town.sandbox.world.child_by_uuid(enrolment.child.id)
    assert child is not None
    town.sandbox.state.requests.clear()
    return diary, enrolment.id, child


async def test_news_cost_a_page_and_a_call_for_each(town: Town) -> None:
    """Older pages are not turned, and the words of older news are not asked for."""
    diary, enrolment_id, _ = await opened(town)
    answer = await diary.announcements(enrolment_id, date(2026, 11, 1), UNTIL)
    asked = town.asked("school.mos.ru")
    assert asked[f"GET {NEWS_PAGE}"] == 1
    news = {path: times for path, times in asked.items() if path.startswith("GET /api/news/")}
    assert sum(news.values()) - 1 == len(answer.items) > 0


async def test_a_news_item_without_its_words_is_still_news(town: Town) -> None:
    """The title and the time are there, the words say why they are not, and the answer says so once."""
    diary, enrolment_id, _ = await opened(town)
    town.fail(FaultKind.STATUS, NEWS_ITEM, status=403)
    answer = await diary.announcements(enrolment_id, SINCE, UNTIL)
    assert answer.items
    assert [one.id for one in answer.items if one.text != Unavailable(reason=Reason.NOT_PERMITTED)] == []
    assert answer.partial == (Missing(what="text", reason=Reason.NOT_PERMITTED),)


async def test_without_the_list_there_are_no_news(town: Town) -> None:
    """It is told by its own name."""
    diary, enrolment_id, _ = await opened(town)
    town.fail(FaultKind.STATUS, NEWS_PAGE, status=499)
    with pytest.raises(RegionDown):
        await diary.announcements(enrolment_id, SINCE, UNTIL)


async def test_a_strangers_news_and_events_are_unknown(town: Town) -> None:
    """Though news are of the adult, the child must be one of theirs."""
    diary, _ = await town.first_child()
    _, stranger = await town.first_child("many")
    for read in (diary.announcements, diary.events):
        with pytest.raises(ChildUnknown):
            await read(stranger.id, SINCE, UNTIL)


async def test_events_cost_one_call(town: Town) -> None:
    """The calendar tells all of them; the school's own list is not asked."""
    diary, enrolment_id, _ = await opened(town)
    await diary.events(enrolment_id, SINCE, UNTIL)
    assert dict(town.asked("school.mos.ru")) == {"GET /api/eventcalendar/v1/api/events": 1}


async def test_the_schools_own_list_stands_in(town: Town) -> None:
    """When the calendar cannot tell the school's events: days without hours, and the gap is named."""
    diary, enrolment_id, _ = await opened(town)
    whole = await diary.events(enrolment_id, SINCE, UNTIL)
    town.fail(FaultKind.PARTIAL, source="ORGANIZER")
    answer = await diary.events(enrolment_id, SINCE, UNTIL)
    assert answer.partial == (Missing(what="source:ORGANIZER", reason=Reason.UPSTREAM_ERROR),)
    of_school = {(event.title, event.date) for event in whole.items if event.id.startswith("ORGANIZER")}
    standing_in = [event for event in answer.items if event.starts_at is None and "-" in event.id]
    assert of_school
    assert of_school <= {(event.title, event.date) for event in standing_in}
    assert {e.id for e in answer.items} > {e.id for e in whole.items if not e.id.startswith("ORGANIZER")}


async def test_without_both_lists_the_gap_is_named(town: Town) -> None:
    """The events of the city are there all the same."""
    diary, enrolment_id, child = await opened(town)
    day = town.now().date() + timedelta(days=1)
    gathering = Gathering(GatheringSort.CONFERENCE, day, None, None, "Дворец творчества", "Город")
    town.sandbox.world.announce(
        child.school_id, "Чтения", "Доклады.", kind=AnnouncementKind.CITY_EVENT, gathering=gathering
    )
    town.fail(FaultKind.PARTIAL, source="ORGANIZER")
    town.fail(FaultKind.STATUS, ORGANIZER, status=500)
    answer = await diary.events(enrolment_id, SINCE, UNTIL)
    assert answer.partial == (Missing(what="source:ORGANIZER", reason=Reason.UPSTREAM_ERROR),)
    assert "Чтения" in {event.title for event in answer.items}


async def test_a_child_outside_the_register_has_the_schools_events() -> None:
    """The calendar is kept by the register: what it alone knows is said to be missing."""
    bodies = {
        "/api/family/mobile/v1/profile": {"children": [{**CHILD, "contingent_guid": ""}]},
        "/api/ej/organizer/family/v1/events": [SCHOOLS_OWN],
    }
    transport = httpx2.MockTransport(lambda asked: httpx2.Response(200, json=bodies[asked.url.path]))
    provider = MrkoProvider()
    secrets = Credentials(secrets={"access": SecretStr("x")}, facts={"profile_id": "1", "role": "parent"})
    async with httpx2.AsyncClient(transport=transport) as http:
        diary = open_diary(
            provider, provider.instance("moscow"), "token", MemoryStore(secrets), http=http, now=fixed_clock()
        )
        assert isinstance(diary, MrkoDiary)
        answer = await diary.events(str(CHILD["id"]), MONDAY, SUNDAY)
    assert [(event.kind, event.title) for event in answer.items] == [("meeting", SCHOOLS_OWN["title"])]
    assert {gap.what for gap in answer.partial} == {
        "source:EVENTS",
        "source:AFISHA",
        "source:OLYMPIAD",
        "source:PROF",
    }
    assert {gap.reason for gap in answer.partial} == {Reason.NOT_PERMITTED}


async def test_a_refused_calendar_is_refused(town: Town) -> None:
    """A 403 of one's own child stays one."""
    diary, enrolment_id, _ = await opened(town)
    town.fail(FaultKind.STATUS, CALENDAR, status=403)
    with pytest.raises(NotPermitted):
        await diary.events(enrolment_id, SINCE, UNTIL)


async def test_what_is_announced_now_is_there_at_once(town: Town) -> None:
    """News and a meeting, by an edit of the town."""
    diary, enrolment_id, child = await opened(town)
    world, today = town.sandbox.world, town.now().date()
    world.announce(child.school_id, "Сменная обувь", "Нужна с понедельника.")
    tomorrow = today + timedelta(days=1)
    world.announce(
        child.school_id,
        "Семинар «Безопасный интернет»",
        "Для родителей.",
        class_id=child.class_id,
        kind=AnnouncementKind.SCHOOL_EVENT,
        gathering=Gathering(GatheringSort.SEMINAR, tomorrow, None, None, "Актовый зал", "Совет школы"),
    )
    news = (await diary.announcements(enrolment_id, today, today)).items
    events = (await diary.events(enrolment_id, tomorrow, tomorrow)).items
    assert ("Сменная обувь", "Нужна с понедельника.") in {(one.title, one.text) for one in news}
    assert ("seminar", "Актовый зал", "Совет школы", None) in {
        (one.kind, one.place, one.organiser, one.starts_at) for one in events
    }
