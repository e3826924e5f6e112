"""Results, averages and debts: world → wire → HTTP → plugin → model equals the world, in both systems."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.oracle import results_truth
from tests.oracle.compare import Comparison
from tests.oracle.results_truth import LENSES, ResultsLens
from tests.oracle.systems import DNEVNIK, MESH, opened, twin
from tests.oracle.test_world import FIRST, LAST, QUICK_SEEDS, SUMMER, YEAR, someone

from diary_core.abilities import ReadsAverages, ReadsMarks, ReadsResults, ReadsTerms, able
from diary_core.model import known
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import PastYear

pytestmark = pytest.mark.anyio

MOSCOW = ZoneInfo("Europe/Moscow")
AFTER_EXAMS = datetime(YEAR + 1, 7, 20, 12, tzinfo=MOSCOW)
"""When the marks of the certificate are entered too."""
NOVEMBER = datetime(YEAR, 11, 25, 12, tzinfo=MOSCOW)


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", QUICK_SEEDS)
async def test_results_of_every_year_equal_the_world(lens: ResultsLens, seed: int) -> None:
    """The present year and the former ones, each asked for by its own id."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=AFTER_EXAMS) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            by_year: dict[int, PastYear | None] = {
                past.year.start: past for past in world.past_years(child.id)
            }
            by_year[YEAR] = None
            seen: set[int] = set()
            for year in (await able(diary, ReadsResults).academic_years(place.id)).items:
                answer = await able(diary, ReadsResults).results(place.id, year.id)
                start = year.since.year
                true = lens.results(world, child.id, by_year[start]) if start in by_year else []
                comparison.each(answer.items, true, year.title)
                assert answer.partial == ()
                assert year.current == (start == YEAR)
                seen.add(start)
            assert seen >= set(by_year)
    assert comparison.differences[:20] == []
    assert comparison.gaps <= lens.gaps


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", QUICK_SEEDS)
async def test_averages_as_shown_equal_the_world(lens: ResultsLens, seed: int) -> None:
    """The diary's own figures of every term, in the middle of the year and after it."""
    comparison = Comparison()
    async with running_sandbox(seed=seed, year=YEAR, now=NOVEMBER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        for moment in (NOVEMBER, SUMMER):
            sandbox.clock.set(moment)
            async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
                for term in (await able(diary, ReadsTerms).terms(place.id)).items:
                    answer = await able(diary, ReadsAverages).averages(place.id, term.id)
                    true = lens.averages(world, child.id, term)
                    comparison.each(answer.items, true, f"{moment:%B} {term.title}")
                    assert answer.partial == ()
    assert comparison.differences[:20] == []
    assert comparison.gaps == set()


@pytest.mark.parametrize("seed", QUICK_SEEDS)
async def test_debts_equal_the_world(seed: int) -> None:
    """On every first of the month what is owed in МЭШ is what nobody has mended; the other has none."""
    async with running_sandbox(seed=seed, year=YEAR, now=NOVEMBER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, MESH, seed)
        told: list[list[tuple[str, str]]] = []
        true: list[list[tuple[str, str]]] = []
        for month in (11, 12, 13, 15, 17):
            sandbox.clock.set(datetime(YEAR + month // 13, (month - 1) % 12 + 1, 1, 12, tzinfo=MOSCOW))
            async with opened(MESH, sandbox, parent_id, child) as (diary, place):
                marks = (await able(diary, ReadsMarks).marks(place.id, FIRST, LAST)).items
            told.append(results_truth.told_to_be_owed(marks, world, child.id))
            true.append(results_truth.owed(world, child.id, world.year))
        pupil_id = someone(world, DNEVNIK, seed)
        async with opened(DNEVNIK, sandbox, *pupil_id) as (diary, place):
            marks = (await able(diary, ReadsMarks).marks(place.id, FIRST, LAST)).items
        assert [mark.id for mark in marks if mark.status == "pending"] == []
    assert told == true


async def test_the_twin_has_one_set_of_results_and_averages() -> None:
    """The same child read through both systems has the same results and the same averages."""
    async with running_sandbox(seed=3, year=YEAR, now=AFTER_EXAMS) as sandbox:
        parent_id, child = twin(sandbox)
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            one = (await able(mesh, ReadsResults).results(here.id)).items
            other = (await able(dnevnik, ReadsResults).results(there.id)).items
            shared = {"term", "year"}
            assert sorted((r.subject.name, r.kind, r.display) for r in one if r.kind in shared) == sorted(
                (r.subject.name, r.kind, r.display) for r in other if r.kind in shared
            )
            in_mesh = {
                term.since: term
                for term in (await able(mesh, ReadsTerms).terms(here.id)).items
                if term.kind != "year"
            }
            compared = 0
            for term in (await able(dnevnik, ReadsTerms).terms(there.id)).items:
                same = in_mesh[term.since]
                figures = (await able(mesh, ReadsAverages).averages(here.id, same.id)).items
                also = (await able(dnevnik, ReadsAverages).averages(there.id, term.id)).items
                assert {a.subject.name: a.value for a in figures if a.value is not None} == {
                    a.subject.name: a.value for a in also
                }
                compared += len(also)
            assert compared > 20
            assert [r.id for r in other if r.kind == "term" and known(r.term_id) is None] == []
