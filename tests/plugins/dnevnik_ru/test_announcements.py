"""What the school announces, against the sandbox: what it costs, what it survives, and whom it is told to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary_core.errors import (
    ChildUnknown,
    DiaryError,
    NotPermitted,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
)
from diary_sandbox.faults import Fault, FaultKind

from .town import Town

pytestmark = pytest.mark.anyio

SINCE, UNTIL = date(2026, 9, 1), date(2026, 12, 31)
PATH = "/mobile/*/notifications"
JSON = "application/json"


async def test_news_cost_one_call(town: Town) -> None:
    """The phones' API tells all there is at once; the span is cut out of it."""
    diary = await town.diary()
    child = (await diary.enrolments()).items[0].id
    town.forget_calls()
    whole = (await diary.announcements(child, SINCE, UNTIL)).items
    assert sum(town.calls().values()) == 1
    day = whole[-1].published_at
    assert day is not None
    part = (await diary.announcements(child, day.date(), day.date())).items
    assert part == tuple(
        news for news in whole if news.published_at and news.published_at.date() == day.date()
    )


async def test_a_strangers_news_are_unknown(town: Town) -> None:
    """No call is made for a child that is not one's own."""
    diary = await town.diary()
    town.forget_calls()
    with pytest.raises(ChildUnknown):
        await diary.announcements("1.2.3", SINCE, UNTIL)
    assert [path for path in town.calls() if "notifications" in path] == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (
            Fault(FaultKind.STATUS, status=200, body='{"type":"Error","description":"?"}', content_type=JSON),
            RegionDown,
        ),
        (Fault(FaultKind.STATUS, status=200, body='{"type":"Success"}', content_type=JSON), RegionChanged),
        (
            Fault(
                FaultKind.STATUS,
                status=403,
                body='{"type":"systemForbidden","description":"?"}',
                content_type=JSON,
            ),
            NotPermitted,
        ),
        (Fault(FaultKind.STATUS, status=550), RegionMaintenance),
        (Fault(FaultKind.HTML), RegionMaintenance),
        (Fault(FaultKind.TRUNCATED_JSON), RegionChanged),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{value.kind}{value.status}",
)
async def test_a_bad_day_has_a_name(town: Town, fault: Fault, error: type[DiaryError]) -> None:
    """The phones' API refuses with a good status too; 550 is its word for maintenance."""
    diary = await town.diary()
    child = (await diary.enrolments()).items[0].id
    town.sandbox.faults.add(
        Fault(fault.kind, path=PATH, status=fault.status, body=fault.body, content_type=fault.content_type)
    )
    with pytest.raises(error):
        await diary.announcements(child, SINCE, UNTIL)


async def test_what_is_announced_now_is_there_at_once(town: Town) -> None:
    """For the class it is for, and nobody else."""
    diary = await town.diary()
    one, other = (await diary.enrolments()).items
    world, today = town.sandbox.world, town.sandbox.clock.now().date()
    persona = next(persona for persona in world.personas() if persona.key == "dnevnik_mother")
    child = world.children_of(persona.parent_id)[0]
    world.announce(child.school_id, "Сменная обувь", "Нужна с понедельника.", class_id=child.class_id)
    told = [
        {news.title for news in (await diary.announcements(place.id, today, today + timedelta(days=1))).items}
        for place in (one, other)
    ]
    assert sorted("Сменная обувь" in titles for titles in told) == [False, True]
