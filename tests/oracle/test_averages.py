"""Averages computed from what a diary shows are those of the town, in every term and subject."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.oracle.systems import DNEVNIK, MESH, opened, twin
from tests.oracle.test_world import FIRST, LAST, LENSES, QUICK_SEEDS, SUMMER, YEAR, Lens, someone

from diary_core.abilities import Diary, ReadsMarks, ReadsTerms, able
from diary_core.averages import averages_of
from diary_core.model import NOT_LOADED, Average, Term
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import Child, World

pytestmark = pytest.mark.anyio

_NOISE = Fraction(1, 10**20)
"""The world's own averages are cut after 28 digits."""


async def _of_the_year(diary: Diary, enrolment_id: str) -> dict[Term, tuple[Average, ...]]:
    """Return the averages of every term, from one list of the year's marks."""
    terms = (await able(diary, ReadsTerms).terms(enrolment_id)).items
    marks = (await able(diary, ReadsMarks).marks(enrolment_id, FIRST, LAST)).items
    return {term: averages_of(marks, term, shown=NOT_LOADED) for term in terms}


def _differences(world: World, child: Child, term: Term, seen: Sequence[Average]) -> list[str]:
    by_name = {one.subject.name: one for one in seen}
    found: list[str] = []
    for subject in world.subjects(child.class_id):
        truth = world.average(child.id, subject.id, term.since, term.until)
        one = by_name.pop(subject.name, None)
        if (truth is None) != (one is None or one.value is None):
            found.append(f"{term.title} {subject.name}: {one and one.value} seen, {truth} true")
        elif truth is not None and one is not None:
            exact = Fraction(one.total) / Fraction(one.weight)
            if abs(exact - Fraction(truth)) > _NOISE:
                found.append(f"{term.title} {subject.name}: {exact} seen, {truth} true")
    return [*found, *(f"{term.title}: {name} is not taught" for name in by_name)]


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", QUICK_SEEDS)
async def test_averages_of_every_term_equal_the_world(lens: Lens, seed: int) -> None:
    """Through the wire of either system, weighed and plain schools alike, whole years and their parts."""
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = someone(sandbox.world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            years = await _of_the_year(diary, place.id)
        differences = [
            difference
            for term, seen in years.items()
            for difference in _differences(sandbox.world, child, term, seen)
        ]
    assert differences == []
    marked = any(one.inputs for seen in years.values() for one in seen)
    assert marked == (sandbox.world.class_group(child.class_id).parallel > 1)  # the first year has no marks


async def test_the_twin_has_one_average() -> None:
    """The same child read through both systems has the same averages, by the same rule."""
    async with running_sandbox(seed=3, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = twin(sandbox)
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            one, other = await _of_the_year(mesh, here.id), await _of_the_year(dnevnik, there.id)
    told, also = _told(one), _told(other)
    assert {place: figure for place, figure in told.items() if place[0] in _spans(other)} == also
    assert len(also) > 20


_Figure = tuple[Decimal | None, Decimal, str | None]


def _told(years: dict[Term, tuple[Average, ...]]) -> dict[tuple[str, str], _Figure]:
    return {
        (f"{term.since}…{term.until}", one.subject.name): (one.value, one.weight, one.rule)
        for term, seen in years.items()
        for one in seen
        if one.inputs
    }


def _spans(years: dict[Term, tuple[Average, ...]]) -> set[str]:
    return {f"{term.since}…{term.until}" for term in years}
