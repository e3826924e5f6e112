"""The news service and the events of the calendar are those of the world, and of nobody else's school."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.world import AnnouncementKind

from .conftest import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from diary_sandbox.state import SandboxState

    from .conftest import Family, Town

pytestmark = pytest.mark.anyio

LIST, ITEM = "/api/news/v2/news/users/v2", "/api/news/v2/news/"
EVENTS, ORGANIZER = "/api/eventcalendar/v1/api/events", "/api/ej/organizer/family/v1/events"
YEAR = {"begin_date": "2026-09-01", "end_date": "2027-08-31"}


@pytest.fixture
async def summer(new_state: Callable[..., SandboxState]) -> AsyncIterator[Town]:
    """Run a town in which everything of the year has been announced."""
    async with running(new_state(datetime(2027, 6, 1, 12, 0, tzinfo=MOSCOW))) as town:
        yield town


async def _family(town: Town) -> Family:
    return await town.family("moscow@example.test")


async def test_news_are_those_of_both_schools(summer: Town) -> None:
    """Both children's, each once, the newest first, and no event among them."""
    family = await _family(summer)
    world = summer.state.world
    truth = {
        one.id: one.title
        for child in family.children
        for one in world.announcements(child.class_id, world.year.since, world.year.until)
        if one.kind is AnnouncementKind.NEWS
    }
    body = await family.read(LIST, per_page=100)
    assert {one["id"]: one["name"] for one in body["data"]} == truth
    assert body["pagination"] == {"total": len(truth), "page": 1, "page_size": 100, "page_count": 1}
    published = [one["published_at"] for one in body["data"]]
    assert published == sorted(published, reverse=True)
    assert "content" not in body["data"][0]


async def test_pages_follow_one_another(summer: Town) -> None:
    """Together they are the whole list; a page beyond the last is empty."""
    family = await _family(summer)
    whole = (await family.read(LIST, per_page=100))["data"]
    pages: list[Any] = []
    for page in range(1, -(-len(whole) // 7) + 1):
        pages += (await family.read(LIST, per_page=7, page=page))["data"]
    assert pages == whole
    assert (await family.read(LIST, per_page=7, page=99))["data"] == []


@pytest.mark.parametrize("params", [{"page": 0}, {"per_page": 0}, {"per_page": 101}, {"page": "x"}])
async def test_pages_are_counted(town: Town, params: dict[str, str | int]) -> None:
    """From one, a hundred news at most."""
    family = await _family(town)
    assert (await family.get(LIST, None, **params)).status_code == 400


async def test_one_of_the_news_is_told_in_blocks(summer: Town) -> None:
    """With the words of the world, here and there marked up."""
    family = await _family(summer)
    world = summer.state.world
    listed = (await family.read(LIST, per_page=100))["data"]
    truth = {
        one.id: one.text
        for child in family.children
        for one in world.announcements(child.class_id, world.year.since, world.year.until)
    }
    told = [await family.read(f"{ITEM}{one['id']}") for one in listed[:8]]
    words = {
        body["id"]: " ".join(
            line for block in body["content"] if block["type"] == "TEXT" for line in block["value"]
        )
        for body in told
    }
    assert {number: text.removeprefix("<p>").removesuffix("</p>") for number, text in words.items()} == {
        number: truth[number] for number in words
    }
    assert any(text.startswith("<p>") for text in words.values())


async def test_other_schools_news_are_not_found(summer: Town) -> None:
    """Neither in the list nor by their number; a word about the role is asked for, as by the calendar."""
    family, stranger = await _family(summer), await summer.family("both@example.test")
    own = {one["id"] for one in (await family.read(LIST, per_page=100))["data"]}
    foreign = {one["id"] for one in (await stranger.read(LIST, per_page=100))["data"]} - own
    assert foreign
    assert (await family.get(f"{ITEM}{min(foreign)}")).status_code == 404
    assert (await family.get(LIST, {"X-Mes-Role": "", "Client-Type": ""})).status_code == 401


async def test_events_are_those_of_the_class(summer: Town) -> None:
    """Every gathering stands in the calendar under a source of its own, with its days."""
    family = await _family(summer)
    world = summer.state.world
    for child in family.children:
        body = await family.read(EVENTS, person_ids=child.person.uuid, **YEAR)
        shown = [event for event in body["response"] if event["source"] not in ("PLAN", "EC", "AE")]
        truth = [
            one
            for one in world.announcements(child.class_id, world.year.since, world.year.until)
            if one.gathering
        ]
        assert sorted((e["title"], e["author_name"]) for e in shown) == sorted(
            (one.title, one.gathering.organiser) for one in truth if one.gathering
        )
        assert {event["source"] for event in shown} <= {"ORGANIZER", "EVENTS", "AFISHA", "OLYMPIAD"}
        assert {event["is_all_day"] for event in shown} <= {True, False}


async def test_an_event_of_several_days_reaches_into_each(summer: Town) -> None:
    """It is found by any of its days, in the calendar and in the school's own list."""
    family = await _family(summer)
    world = summer.state.world
    child, gathering, title = next(
        (child, one.gathering, one.title)
        for child in family.children
        for one in world.announcements(child.class_id, world.year.since, world.year.until)
        if one.gathering and one.gathering.until and one.kind is AnnouncementKind.SCHOOL_EVENT
    )
    assert gathering.until
    for on in (gathering.on, gathering.until):
        span = {"begin_date": on.isoformat(), "end_date": on.isoformat()}
        body = await family.read(EVENTS, person_ids=child.person.uuid, **span)
        assert title in {event["title"] for event in body["response"]}
        dotted = {"begin_date": f"{on:%d.%m.%Y}", "end_date": f"{on:%d.%m.%Y}"}
        listed = await family.read(ORGANIZER, school_id=child.school_id, **dotted)
        assert (title, gathering.until.isoformat()) in {(one["title"], one["date_end"]) for one in listed}
    after = gathering.until + timedelta(days=1)
    span = {"begin_date": after.isoformat(), "end_date": after.isoformat()}
    body = await family.read(EVENTS, person_ids=child.person.uuid, **span)
    assert title not in {event["title"] for event in body["response"]}
