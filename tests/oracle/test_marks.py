"""Marks in depth, debts, results and the place in the class equal the world, in both systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.oracle import classmates, closing, truth
from tests.oracle.compare import Comparison
from tests.oracle.systems import MESH, opened
from tests.oracle.test_world import FIRST, LAST, MONDAYS, SEEDS, SUMMER, YEAR, someone

from diary_core.abilities import (
    Diary,
    ReadsClassStanding,
    ReadsDays,
    ReadsMarkDetails,
    ReadsMarks,
    ReadsResults,
    ReadsTerms,
    able,
)
from diary_core.debts import debts
from diary_core.model import Mark, known
from diary_sandbox.serve import Sandbox, running_sandbox
from diary_sandbox.world import DNEVNIK_HOST, Child

pytestmark = pytest.mark.anyio

WEEKS = MONDAYS[3::18]
"""Weeks whose every mark is asked for in depth."""
WINTER = datetime(YEAR, 12, 21, 12, tzinfo=ZoneInfo("Europe/Moscow"))
"""When some points are open, some are owed and some have been mended."""


@pytest.mark.parametrize("lens", closing.LENSES.values(), ids=closing.LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_marks_and_results_equal_the_world(lens: closing.ClosingLens, seed: int) -> None:
    """Marks one by one, debts in summer and in winter, results of this and every former year, the class."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = someone(sandbox.world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            await _compare_depth(comparison, lens, sandbox, child, diary, place.id)
            await _compare_results(comparison, lens, sandbox, child, diary, place.id)
            await _compare_debts(comparison, lens, sandbox, child, diary, place.id)
            await _compare_class(comparison, sandbox, child, diary, place.id)
            sandbox.clock.set(WINTER)
            await _compare_debts(comparison, lens, sandbox, child, diary, place.id)
        world = sandbox.world
        marked = world.class_group(child.class_id).parallel > 1  # the first year has no marks
        owing = lens.system is MESH and DNEVNIK_HOST not in world.school(child.school_id).hosts
    assert comparison.differences[:20] == []
    gaps = lens.gaps | closing.GAPS_OF_THE_OWED if owing else lens.gaps
    assert comparison.gaps == (gaps if marked else set())


async def _compare_depth(
    comparison: Comparison,
    lens: closing.ClosingLens,
    sandbox: Sandbox,
    child: Child,
    diary: Diary,
    enrolment_id: str,
) -> None:
    """Compare every mark of some weeks, and every one with a history, asked for one by one."""
    true = lens.marks(truth.marks(sandbox.world, child.id, FIRST, LAST))
    wanted = {_key(mark) for mark in true if _in_depth(mark, lens)}
    listed = (await able(diary, ReadsMarks).marks(enrolment_id, FIRST, LAST)).items
    found: list[Mark] = []
    for mark in listed:
        if _key(mark) in wanted:
            found += (await able(diary, ReadsMarkDetails).mark(enrolment_id, mark.id)).items
    comparison.each(found, [mark for mark in true if _key(mark) in wanted], f"child {child.id} in depth")
    lessons = {mark.id: mark.lesson_id for mark in found}
    for monday in WEEKS:
        week = await able(diary, ReadsDays).days(enrolment_id, monday, monday + timedelta(days=6))
        for lesson in (lesson for day in week.items for lesson in day.lessons):
            strayed = [mark.id for mark in known(lesson.marks) or () if lessons[mark.id] != lesson.id]
            comparison.differences += [f"mark {mark_id} is of another lesson" for mark_id in strayed]


def _in_depth(mark: Mark, lens: closing.ClosingLens) -> bool:
    weeks = any(monday <= mark.date < monday + timedelta(weeks=1) for monday in WEEKS)
    return weeks or (lens.tells_history and bool(known(mark.history)))


def _key(mark: Mark) -> tuple[date, str, str, object]:
    return mark.date, mark.subject.name, mark.display, mark.entered_at


async def _compare_results(
    comparison: Comparison,
    lens: closing.ClosingLens,
    sandbox: Sandbox,
    child: Child,
    diary: Diary,
    enrolment_id: str,
) -> None:
    """Compare every year the diary lists; one the town keeps results of must be among them."""
    ends = closing.years(sandbox.world, child)
    results = able(diary, ReadsResults)
    listed = (await results.academic_years(enrolment_id)).items
    missing = set(ends) - {year.since.year for year in listed}
    comparison.differences += [f"the year {start} is not listed" for start in missing]
    titles = {term.id: term.title for term in (await able(diary, ReadsTerms).terms(enrolment_id)).items}
    for year in listed:
        end = ends.get(year.since.year)
        seen = await results.results(enrolment_id, year.id)
        true = lens.results(sandbox.world, child, end) if end else []
        comparison.each(seen.items, true, f"child {child.id} results of {year.title}")
        closed = [
            (one.title, titles.get(known(one.term_id) or ""))
            for one in seen.items
            if one.kind == "term" and year.current
        ]
        comparison.differences += [f"{one!r} closes {other!r}" for one, other in closed if one != other]
        assert seen.partial == ()


async def _compare_debts(
    comparison: Comparison,
    lens: closing.ClosingLens,
    sandbox: Sandbox,
    child: Child,
    diary: Diary,
    enrolment_id: str,
) -> None:
    """Compare what is owed with expired points, and what may be mended with open ones; mended are neither."""
    now = sandbox.clock.now()
    listed = (await able(diary, ReadsMarks).marks(enrolment_id, FIRST, LAST)).items
    true = lens.marks(truth.marks(sandbox.world, child.id, FIRST, LAST))
    owed = debts(listed, now.date())
    comparison.each(owed, closing.debts(true, sandbox.world, child), f"child {child.id} debts {now:%d.%m}")
    ids = {debt.mark.id for debt in owed}
    may_mend = sorted(mark.due_on for mark in listed if mark.due_on and mark.id not in ids)
    _same(comparison, may_mend, closing.open_points(sandbox.world, child), f"open points {now:%d.%m}")


async def _compare_class(
    comparison: Comparison, sandbox: Sandbox, child: Child, diary: Diary, enrolment_id: str
) -> None:
    """Compare the child's place in the class, its size and its mean; МЭШ alone has them."""
    if isinstance(diary, ReadsClassStanding):
        seen = await diary.class_standing(enrolment_id)
        true = classmates.standings(sandbox.world, child, SUMMER.date())
        comparison.each(seen.items, true, f"child {child.id} in the class")
        assert seen.partial == ()


def _same(comparison: Comparison, seen: Sequence[object], true: Sequence[object], where: str) -> None:
    if list(seen) != list(true):
        comparison.differences.append(f"{where}: {seen!r} seen, {true!r} true")
