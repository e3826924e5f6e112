"""What surrounds lessons equals the world, for both systems, a whole year and field by field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.oracle import school_life, school_life_limits
from tests.oracle.compare import Comparison
from tests.oracle.systems import DNEVNIK, MESH, System, opened, twin
from tests.oracle.test_world import FIRST, LAST, MONDAYS, SEEDS, SUMMER, YEAR, someone

from diary_core.abilities import (
    ReadsAnnouncements,
    ReadsEvents,
    ReadsRemarks,
    ReadsSchool,
    ReadsStudyPlan,
    SignsWeeks,
    able,
)
from diary_core.model import Announcement, Remark, School
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import Child, World

pytestmark = pytest.mark.anyio

AUTUMN = datetime(YEAR, 11, 16, 12, tzinfo=ZoneInfo("Europe/Moscow"))
"""A day with lessons before and after it."""


@dataclass(frozen=True)
class Lens:
    """A system, and the truth as it can show it."""

    system: System
    news: Callable[[World, int, Child], Sequence[Announcement]]
    remarks: Callable[[World, int, date, date], Sequence[Remark]]
    weeks_at_once: int
    """For how many weeks remarks may be asked at once and all come."""
    gaps: Collection[str]
    """Of remarks."""
    school: Callable[[World, int], School]
    school_gaps: Collection[str]


LENSES = {
    "mesh": Lens(
        MESH,
        school_life_limits.mesh_news,
        school_life.remarks,
        3,
        {
            "author.position: not_loaded",
            "author.subjects: not_loaded",
            "entered_at: unavailable (unsupported)",
        },
        school_life.school,
        {
            "class_teachers.position: unavailable (unsupported)",
            "class_teachers.subjects: not_loaded",
            "hours: unavailable (unsupported)",
            "teachers.position: unavailable (unsupported)",
        },
    ),
    "dnevnik": Lens(
        DNEVNIK,
        school_life_limits.dnevnik_news,
        school_life_limits.dnevnik_remarks,
        len(MONDAYS),
        {"author: unavailable (unsupported)"},
        school_life_limits.dnevnik_school,
        (),
    ),
}


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_the_news_of_a_year_equal_the_world(lens: Lens, seed: int) -> None:
    """Everything the school and the class announced, with its words and its author."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            seen = await able(diary, ReadsAnnouncements).announcements(
                place.id, world.year.since, world.year.until
            )
            true = lens.news(world, parent_id, child)
            comparison.each(seen.items, true, f"child {child.id} news")
            assert seen.partial == ()
            assert true
    assert comparison.differences[:20] == []


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_events_of_a_year_equal_the_world(seed: int) -> None:
    """Meetings with their agenda, and what the school and the city ask to: МЭШ alone has them."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, MESH, seed)
        async with opened(MESH, sandbox, parent_id, child) as (diary, place):
            span = (world.year.since, world.year.until)
            seen = await able(diary, ReadsEvents).events(place.id, *span)
            true = school_life.events(world, child.id, *span)
            comparison.each(seen.items, true, f"child {child.id} events")
            assert seen.partial == ()
            assert {event.kind for event in true} > {"meeting"}
    assert comparison.differences[:20] == []
    assert comparison.gaps == set()


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_the_remarks_of_a_year_equal_the_world(lens: Lens, seed: int) -> None:
    """What teachers wrote of a child, on which lesson and, where it is told, by whom or when."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            for monday in MONDAYS[:: lens.weeks_at_once]:
                until = min(monday + timedelta(weeks=lens.weeks_at_once, days=-1), LAST)
                seen = await able(diary, ReadsRemarks).remarks(place.id, monday, until)
                true = lens.remarks(world, child.id, monday, until)
                comparison.each(seen.items, true, f"child {child.id} remarks from {monday}")
                assert seen.partial == ()
            assert lens.remarks(world, child.id, FIRST, LAST)
    assert comparison.differences[:20] == []
    assert comparison.gaps == set(lens.gaps)


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_signatures_of_a_year_equal_the_world(seed: int) -> None:
    """Every week of the year, signed or not; one more is signed, and the world knows: МЭШ alone has them."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, MESH, seed)
        async with opened(MESH, sandbox, parent_id, child) as (diary, place):
            weeks = able(diary, SignsWeeks)
            seen = await weeks.signatures(place.id, FIRST, LAST)
            comparison.each(seen.items, school_life.signatures(world, child.id, FIRST, LAST), "weeks")
            unsigned = next(one.week for one in seen.items if not one.signed)
            assert (
                await weeks.sign_week(place.id, unsigned)
                in (await weeks.signatures(place.id, FIRST, LAST)).items
            )
        (signed,) = (one for one in world.signatures(child.id) if one.week == unsigned)
        assert signed.parent_id == parent_id
    assert comparison.differences[:20] == []
    assert comparison.gaps == set()


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_study_plan_equals_the_world(seed: int) -> None:
    """Subjects with their hours, the profile of the senior years, and modules: МЭШ alone has them."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = someone(sandbox.world, MESH, seed)
        async with opened(MESH, sandbox, parent_id, child) as (diary, place):
            seen = await able(diary, ReadsStudyPlan).study_plan(place.id)
            comparison.each(seen.items, [school_life.study_plan(sandbox.world, child.id)], "plan")
            assert seen.partial == ()
    assert comparison.differences[:20] == []
    assert comparison.gaps == set()


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_the_school_equals_the_world(lens: Lens, seed: int) -> None:
    """Its contacts and houses, the class teacher, who teaches what, and the groups the child learns in."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=AUTUMN) as sandbox:
        parent_id, child = someone(sandbox.world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            seen = await able(diary, ReadsSchool).school(place.id)
            comparison.each(seen.items, [lens.school(sandbox.world, child.id)], "school")
            assert seen.partial == ()
    assert comparison.differences == []
    assert comparison.gaps == set(lens.school_gaps)


async def test_the_twin_hears_the_same_news() -> None:
    """What МЭШ tells of the twin's school, Дневник.ру tells too, in the same words and at the same time."""
    async with running_sandbox(seed=3, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = twin(sandbox)
        span = (sandbox.world.year.since, sandbox.world.year.until)
        school = sandbox.world.school(child.school_id).short_name
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            one = await able(mesh, ReadsAnnouncements).announcements(here.id, *span)
            other = await able(dnevnik, ReadsAnnouncements).announcements(there.id, *span)
    told = {(news.title, news.text, news.published_at) for news in one.items if news.author == school}
    also = {(news.title, news.text, news.published_at) for news in other.items}
    assert len(told) > 5
    assert told - also == set()
