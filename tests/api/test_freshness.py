"""Answers are fresh for a shorter time while lessons are held, by the school's own clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from diary_api.school.freshness import fresh_for
from diary_api.school.readings import Kind
from diary_api.settings import Freshness, SchoolHours, Settings
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown

NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")


@pytest.mark.parametrize(
    ("local", "seconds"),
    [
        ("2026-09-16T07:59:59", 600),
        ("2026-09-16T08:00:00", 300),
        ("2026-09-16T17:59:59", 300),
        ("2026-09-16T18:00:00", 600),
        ("2026-09-19T12:00:00", 300),
        ("2026-09-20T12:00:00", 600),
        ("2026-07-15T12:00:00", 600),
    ],
)
def test_school_hours(local: str, seconds: int) -> None:
    """Monday to Saturday from eight to six, never on Sundays or in summer."""
    moment = datetime.fromisoformat(local).replace(tzinfo=NOVOSIBIRSK)
    assert fresh_for(Settings(), Kind.MARKS, moment) == timedelta(seconds=seconds)


def test_what_an_operator_sets_holds() -> None:
    """Of two times the shorter one; what is not listed for school hours is as usual; no hours, no change."""
    noon = datetime(2026, 9, 16, 12, tzinfo=NOVOSIBIRSK)
    often = Settings(freshness=Freshness(days=7), school_hours=SchoolHours(marks=60))
    told = [fresh_for(often, kind, noon).total_seconds() for kind in (Kind.DAYS, Kind.MARKS, Kind.TERMS)]
    assert told == [7, 60, 86_400]
    never = Settings(school_hours=SchoolHours(begin=time(0), end=time(0)))
    assert fresh_for(never, Kind.MARKS, noon) == timedelta(seconds=600)


def test_only_kinds_are_listed() -> None:
    """Every time of the school hours is of something that can be read, and none is longer than usual."""
    hours, usual = SchoolHours(), Freshness()
    kinds = set(SchoolHours.model_fields) - {"begin", "end"}
    assert sorted(kinds - set(Kind)) == []
    assert [kind for kind in kinds if hours.of(kind, timedelta()) > usual.of(kind)] == []


@pytest.mark.anyio
async def test_the_clock_is_the_schools(tiny: RunningGateway, town: TinyTown) -> None:
    """At seven in the evening in Novosibirsk, noon in UTC, a week is fresh for ten minutes."""
    tiny.clock.now = tiny.clock.now.fromisoformat("2026-09-16T12:00:00+00:00")
    family = await tiny.family()
    await family.read("week")
    tiny.clock.move(timedelta(seconds=599))
    await family.read("week")
    assert town.calls["days"] == 1
    tiny.clock.move(timedelta(seconds=1))
    await family.read("week")
    assert town.calls["days"] == 2
